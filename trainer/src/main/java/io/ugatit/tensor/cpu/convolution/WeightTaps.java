package io.ugatit.tensor.cpu.convolution;

import io.ugatit.device.Threads;
import io.ugatit.tensor.FloatMemory;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Weights (O,C,k,k) as k*k matrices (C,O), so that a vector holds what many outputs multiply one input with. Channels are rounded up to
 * whole vectors, with zeros. Used by one thread at a time.
 */
final class WeightTaps {
    private final stream stream;
    private final GrowingMemory scratch = new GrowingMemory();
    private final Map<Shape, Reorders> compiled = new HashMap<>();

    WeightTaps(stream stream) {
        this.stream = stream;
    }

    /** Rows and columns of a matrix in whole vectors; C and O, or O and C if transposed. */
    private record Shape(int outputs, int inputs, int kernel, int rows, int columns, boolean transposed) {

        static Shape of(INDArray weights, int rows, int columns, boolean transposed) {
            return new Shape((int) weights.size(0), (int) weights.size(1), (int) weights.size(2), rows, columns, transposed);
        }

        boolean hasSurplus() {
            return outputs * inputs != rows * columns;
        }

        int floats() {
            return Math.multiplyExact(kernel * kernel, Math.multiplyExact(rows, columns));
        }
    }

    private record Reorders(memory plain, memory taps, reorder read, reorder add) { }

    /**
     * The matrices of weights, one after the other, in memory that the next call overwrites.
     *
     * @param rows C in whole vectors
     * @param columns O in whole vectors
     * @param transposed whether rows are outputs and columns are inputs instead
     */
    ByteBuffer read(INDArray weights, int rows, int columns, boolean transposed) {
        Shape shape = Shape.of(weights, rows, columns, transposed);
        ByteBuffer matrices = scratch.buffer(shape.floats());
        if (shape.hasSurplus()) {
            Pointer.memset(scratch.floats(0), 0, (long) shape.floats() * Float.BYTES);
        }
        Reorders reorders = bind(shape, weights);
        // over before another thread has woken
        Threads.with(1, () -> reorders.read().execute(stream, reorders.plain(), reorders.taps()));
        return matrices;
    }

    /** Memory for a gradient's matrices, which {@link #addTo} adds to what they are the gradient of. */
    ByteBuffer gradient(INDArray dWeights, int rows, int columns) {
        return scratch.buffer(Shape.of(dWeights, rows, columns, false).floats());
    }

    /** Adds what the memory of {@link #gradient} holds. */
    void addTo(INDArray dWeights, int rows, int columns) {
        Reorders reorders = bind(Shape.of(dWeights, rows, columns, false), dWeights);
        Threads.with(1, () -> reorders.add().execute(stream, reorders.taps(), reorders.plain()));
    }

    private Reorders bind(Shape shape, INDArray weights) {
        Reorders reorders = compiled.computeIfAbsent(shape, WeightTaps::compile);
        reorders.plain().set_data_handle(new FloatMemory("weights", weights).address());
        reorders.taps().set_data_handle(scratch.floats(shape.floats()));
        return reorders;
    }

    private static Reorders compile(Shape shape) {
        long matrix = (long) shape.rows() * shape.columns();
        long ofOutput = shape.transposed() ? shape.columns() : 1;
        long ofInput = shape.transposed() ? 1 : shape.columns();
        memory plain = OneDnn.unbound(OneDnn.describe(OneDnn.PLAIN, shape.outputs(), shape.inputs(), shape.kernel(), shape.kernel()));
        memory taps = OneDnn.unbound(OneDnn.describeStrided(new long[] {ofOutput, ofInput, shape.kernel() * matrix, matrix},
                shape.outputs(), shape.inputs(), shape.kernel(), shape.kernel()));
        return new Reorders(plain, taps, new reorder(plain, taps), new reorder(taps, plain, OneDnn.adding()));
    }

    /** Frees the memory. */
    void close() {
        scratch.close();
    }
}
