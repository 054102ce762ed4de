package io.ugatit.nn;

import static org.assertj.core.api.Assertions.assertThat;

import io.ugatit.tensor.Compute;
import io.ugatit.tensor.FeatureMaps;
import io.ugatit.tensor.choice.KernelChoice;
import io.ugatit.tensor.host.HostTensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.DoubleSupplier;
import java.util.stream.LongStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Holds gradients against central differences in double precision, coordinate by coordinate; of large variables a random selection. A
 * layer's output is made one number by random weights. Where two step widths disagree, a ReLU or a maximum has a kink between them, and the
 * coordinate is left out.
 */
final class GradientCheck {
    private static final double STEP = 2e-5;
    private static final double TOLERANCE = 2e-7;
    private static final double MOST_KINKS = 0.1;
    private static final int MOST_COORDINATES = 32;
    private final Compute compute = KernelChoice.fastest(DataType.DOUBLE);
    private final Map<String, Variable> variables = new LinkedHashMap<>();
    private final Random random;

    GradientCheck(long seed) {
        this.random = new Random(seed);
    }

    Compute compute() {
        return compute;
    }

    /** An array with normally distributed values. */
    INDArray random(long... shape) {
        return Nd4j.createFromArray(randomValues((int) Nd4j.zeros(DataType.BYTE, shape).length())).reshape(shape);
    }

    double[] randomValues(int length) {
        double[] values = new double[length];
        for (int i = 0; i < length; i++) {
            values[i] = random.nextGaussian();
        }
        return values;
    }

    /** A parameter or an input with random values, whose gradient will be checked. The gradient starts at one and must be added to. */
    Variable variable(String name, long... shape) {
        return variable(name, random(shape));
    }

    /** As {@link #variable(String, long...)}, with these values. */
    Variable variable(String name, INDArray value) {
        Variable parameter = new Variable(value, Nd4j.ones(DataType.DOUBLE, value.shape()));
        variables.put(name, parameter);
        return parameter;
    }

    /** Maps from the pool with these values (N,C,H,W) and their reflection as border. */
    FeatureMaps maps(INDArray values, int padding) {
        FeatureMaps maps = take(values, padding);
        compute.kernels().copy(HostTensor.maps(values, 0), maps);
        return maps;
    }

    /** Maps from the pool with these values (N,C,H,W) as a gradient: the border means nothing and spoils what it is added to. */
    FeatureMaps gradient(INDArray values, int padding) {
        FeatureMaps maps = take(values, padding);
        HostTensor.array(maps).assign(Double.NaN);
        interior(maps).assign(values);
        return maps;
    }

    private FeatureMaps take(INDArray values, int padding) {
        return compute.take((int) values.size(0), (int) values.size(1), (int) values.size(2), (int) values.size(3), padding);
    }

    private static INDArray interior(FeatureMaps maps) {
        int padding = maps.padding();
        return HostTensor.array(maps).get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.interval(padding, padding + maps.height()),
                NDArrayIndex.interval(padding, padding + maps.width()));
    }

    /** The interior of maps (N,C,H,W), copied; gives the maps back. */
    INDArray values(FeatureMaps maps) {
        INDArray values = interior(maps).dup('c');
        compute.release(maps);
        return values;
    }

    /** The sum of the interior of {@code out} with random weights; gives {@code out} back. */
    double weigh(FeatureMaps out, INDArray weights) {
        return values(out).mul(weights).sumNumber().doubleValue();
    }

    static double weigh(double[] values, double[] weights) {
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
            sum += values[i] * weights[i];
        }
        return sum;
    }

    /**
     * Checks every coordinate of every variable.
     *
     * @param backward adds to the variables' gradients
     * @param loss computes the number that they are the gradients of
     */
    void verify(Runnable backward, DoubleSupplier loss) {
        backward.run();
        variables.values().forEach(variable -> variable.gradient().subi(1));
        assertThat(compute.pool().takenBytes()).as("bytes a backward pass has not given back").isZero();
        variables.forEach((name, variable) -> verify(name, variable, loss));
        assertThat(compute.pool().takenBytes()).as("bytes a forward pass has not given back").isZero();
    }

    private void verify(String name, Variable variable, DoubleSupplier loss) {
        INDArray values = variable.value().reshape(variable.value().length());
        INDArray gradients = variable.gradient().reshape(variable.value().length());
        double scale = Math.max(1e-3, gradients.norm2Number().doubleValue() / Math.sqrt(gradients.length()));
        int kinks = 0;
        long[] coordinates = LongStream.range(0, values.length()).toArray();
        if (coordinates.length > MOST_COORDINATES) {
            coordinates = random.longs(0, values.length()).distinct().limit(MOST_COORDINATES).toArray();
        }
        for (long i : coordinates) {
            double wide = slope(values, i, STEP, loss);
            double narrow = slope(values, i, STEP / 2, loss);
            if (Math.abs(wide - narrow) > 1e-5 * (scale + Math.abs(narrow))) {
                kinks++;
                continue;
            }
            // Richardson's extrapolation: the step's error of second order cancels
            double slope = (4 * narrow - wide) / 3;
            assertThat(Math.abs(gradients.getDouble(i) - slope) / (scale + Math.abs(slope)))
                    .as("%s[%d]: gradient %s, slope %s", name, i, gradients.getDouble(i), slope).isLessThan(TOLERANCE);
        }
        assertThat(kinks).as(name + ": coordinates at a kink, of " + coordinates.length)
                .isLessThanOrEqualTo((int) (MOST_KINKS * coordinates.length));
    }

    private static double slope(INDArray values, long i, double step, DoubleSupplier loss) {
        double value = values.getDouble(i);
        values.putScalar(i, value + step);
        double above = loss.getAsDouble();
        values.putScalar(i, value - step);
        double below = loss.getAsDouble();
        values.putScalar(i, value);
        return (above - below) / (2 * step);
    }
}
