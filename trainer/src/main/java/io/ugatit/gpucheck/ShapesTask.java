package io.ugatit.gpucheck;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ugatit.tensor.Compute;
import io.ugatit.tensor.FeatureMaps;
import io.ugatit.tensor.Kernels;
import io.ugatit.tensor.Tensor;
import io.ugatit.tensor.Values;
import io.ugatit.tensor.cuda.CudaKernels;
import io.ugatit.tensor.cuda.Precision;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleSupplier;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/** Measures each convolution of the networks, forward and both gradients, in every precision. */
final class ShapesTask implements Task {
    private static final int MEASUREMENTS = 5;
    private static final int MOST_CALLS = 10_000;

    @Override
    public void run(Assignment assignment) {
        List<ConvolutionShape> shapes = ConvolutionShape.of(assignment.extent().convolved());
        for (Precision precision : assignment.precisions()) {
            Compute compute = CudaKernels.compute(assignment.gpu(), precision);
            int done = 0;
            for (ConvolutionShape shape : shapes) {
                if (!assignment.hasTime()) {
                    break;
                }
                assignment.tell(measure(compute, shape, precision, assignment.extent().measuredSeconds()));
                done++;
            }
            assignment.tellLate("convolutions in " + precision, done, shapes.size());
            compute.close();
        }
    }

    private static Finding measure(Compute compute, ConvolutionShape shape, Precision precision, double seconds) {
        Kernels kernels = compute.kernels();
        FeatureMaps x = filled(compute, shape.inputs(), shape.size(), shape.padding());
        FeatureMaps dx = filled(compute, shape.inputs(), shape.size(), shape.padding());
        FeatureMaps y = filled(compute, shape.outputs(), shape.outputSize(), 0);
        long count = (long) shape.outputs() * shape.inputs() * shape.kernel() * shape.kernel();
        Tensor weights = compute.pool().take(count).reshape(shape.outputs(), shape.inputs(), shape.kernel(), shape.kernel());
        Tensor gradient = compute.pool().take(count).reshape(weights.shape());
        kernels.fill(weights, 0.01);
        kernels.fill(gradient, 0);
        Values mark = kernels.values(1);
        double forward = gigaflops(kernels, mark, shape, seconds, () -> kernels.convolve(x, weights, shape.stride(), y));
        double input = gigaflops(kernels, mark, shape, seconds, () -> kernels.convolveBackward(x, weights, y, shape.stride(), dx, null));
        double weight = gigaflops(kernels, mark, shape, seconds,
                () -> kernels.convolveBackward(x, weights, y, shape.stride(), null, gradient));
        compute.release(x, dx, y);
        compute.pool().release(weights, gradient);
        kernels.recycle();
        ObjectNode values = JsonNodeFactory.instance.objectNode().put("precision", precision.toString()).put("forward_gflops", forward)
                .put("input_gradient_gflops", input).put("weight_gradient_gflops", weight);
        return new Finding(shape + " in " + precision, String.format(Locale.ROOT, "GFLOP/s: forward %,.1f, input gradient %,.1f,"
                + " weight gradient %,.1f", forward, input, weight), forward > 0 && input > 0 && weight > 0, values);
    }

    private static FeatureMaps filled(Compute compute, int channels, int size, int padding) {
        FeatureMaps maps = compute.take(1, channels, size, size, padding);
        try (var numbers = Nd4j.linspace(DataType.FLOAT, -1, 2.0 / maps.data().length(), maps.data().length())) {
            compute.kernels().write(numbers, maps.data());
        }
        return maps;
    }

    /** The median of several measurements, each of as many calls as take the given time. */
    private static double gigaflops(Kernels kernels, Values mark, ConvolutionShape shape, double seconds, Runnable call) {
        DoubleSupplier once = () -> timed(kernels, mark, 1, call);
        once.getAsDouble();
        int calls = (int) Math.max(1, Math.min(MOST_CALLS, Math.ceil(seconds / once.getAsDouble())));
        double[] times = new double[MEASUREMENTS];
        for (int i = 0; i < times.length; i++) {
            times[i] = timed(kernels, mark, calls, call) / calls;
        }
        Arrays.sort(times);
        return shape.operations() / times[MEASUREMENTS / 2] / 1e9;
    }

    private static double timed(Kernels kernels, Values mark, int calls, Runnable call) {
        long began = System.nanoTime();
        for (int i = 0; i < calls; i++) {
            call.run();
        }
        kernels.read(mark); // waits for all that was asked for before
        return (System.nanoTime() - began) / 1e9;
    }
}
