package io.ugatit.gpucheck;

import io.ugatit.tensor.Compute;
import io.ugatit.tensor.choice.KernelChoice;
import java.util.List;
import java.util.function.Consumer;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * An operation of the kernels' contract on some shapes.
 *
 * @param name says which
 * @param convolves whether the precision of convolutions decides its error
 * @param work does it and puts its results forward
 */
record Operation(String name, boolean convolves, Consumer<Side> work) {

    Operation(String name, Consumer<Side> work) {
        this(name, false, work);
    }

    /**
     * The largest distance to what the portable kernels give in double precision, relative to the largest value of each result, or to 1 if
     * that is less; infinite if one side gives a number where the other does not.
     */
    double error(Compute compute) {
        Side actual = new Side(compute);
        Side expected = new Side(KernelChoice.portable(DataType.DOUBLE));
        try {
            work.accept(actual);
            work.accept(expected);
            return error(actual.results(), expected.results());
        } finally {
            actual.release();
            expected.release();
        }
    }

    private static double error(List<double[]> actual, List<double[]> expected) {
        double worst = actual.size() == expected.size() ? 0 : Double.POSITIVE_INFINITY;
        for (int i = 0; i < Math.min(actual.size(), expected.size()); i++) {
            worst = Math.max(worst, error(actual.get(i), expected.get(i)));
        }
        return worst;
    }

    private static double error(double[] actual, double[] expected) {
        double largest = 1;
        double distance = actual.length == expected.length ? 0 : Double.POSITIVE_INFINITY;
        for (int i = 0; i < Math.min(actual.length, expected.length); i++) {
            if (Double.isFinite(expected[i])) {
                largest = Math.max(largest, Math.abs(expected[i]));
            }
            if (Double.compare(actual[i], expected[i]) != 0) {
                double difference = Math.abs(actual[i] - expected[i]);
                distance = Double.isNaN(difference) ? Double.POSITIVE_INFINITY : Math.max(distance, difference);
            }
        }
        return distance / largest;
    }
}
