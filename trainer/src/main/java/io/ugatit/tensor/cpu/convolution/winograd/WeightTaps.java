package io.ugatit.tensor.cpu.convolution.winograd;

import io.ugatit.tensor.FloatMemory;
import io.ugatit.tensor.cpu.convolution.GrowingMemory;
import io.ugatit.tensor.cpu.convolution.OneDnn;
import io.ugatit.tensor.cpu.pass.InParallel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Weights (O,C,k,k) as k*k matrices (C,O), so that a vector holds what many outputs multiply one input with. Channels are rounded up to
 * whole vectors, with zeros. Used by one thread at a time.
 */
public final class WeightTaps {
    /** Inputs of a part. */
    private static final int INPUTS = 64;
    private final stream stream;
    private final GrowingMemory scratch = new GrowingMemory();
    private final Map<Shape, List<Part>> compiled = new HashMap<>();

    /** @param stream of the thread that uses it */
    public WeightTaps(stream stream) {
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

        Planes in(GrowingMemory memory) {
            return Planes.in(memory, kernel * kernel, rows, columns);
        }
    }

    /**
     * Some of the inputs, which are copied by one thread.
     *
     * @param plainOffset floats from the first weight to the part's first
     * @param tapsOffset the same in the matrices
     */
    private record Part(memory plain, long plainOffset, memory taps, long tapsOffset, reorder read, reorder add) { }

    /**
     * The matrices of weights, one after the other, in memory that the next call overwrites.
     *
     * @param rows C in whole vectors
     * @param columns O in whole vectors
     * @param transposed whether rows are outputs and columns are inputs instead
     */
    Planes read(INDArray weights, int rows, int columns, boolean transposed) {
        Shape shape = Shape.of(weights, rows, columns, transposed);
        Planes matrices = shape.in(scratch);
        if (shape.hasSurplus()) {
            Pointer.memset(matrices.floats(), 0, (long) matrices.matrices() * matrices.stride() * Float.BYTES);
        }
        forEachPart(shape, weights, matrices, part -> part.read().execute(stream, part.plain(), part.taps()));
        return matrices;
    }

    /** Memory for a gradient's matrices, which {@link #addTo} adds to what they are the gradient of. */
    Planes gradient(INDArray dWeights, int rows, int columns) {
        return Shape.of(dWeights, rows, columns, false).in(scratch);
    }

    /** Adds what the memory of {@link #gradient} holds. */
    void addTo(INDArray dWeights, Planes gradient) {
        Shape shape = Shape.of(dWeights, gradient.rows(), gradient.columns(), false);
        forEachPart(shape, dWeights, gradient, part -> part.add().execute(stream, part.taps(), part.plain()));
    }

    private void forEachPart(Shape shape, INDArray weights, Planes matrices, Consumer<Part> action) {
        List<Part> parts = compiled.computeIfAbsent(shape, WeightTaps::compile);
        FloatPointer plain = new FloatPointer(new FloatMemory("weights", weights).address());
        InParallel.forEach(parts.size(), weights.length(), number -> {
            Part part = parts.get(number);
            part.plain().set_data_handle(plain.getPointer(part.plainOffset()));
            part.taps().set_data_handle(matrices.floats().getPointer(part.tapsOffset()));
            action.accept(part);
        });
    }

    private static List<Part> compile(Shape shape) {
        int area = shape.kernel() * shape.kernel();
        long matrix = Planes.stride(shape.rows(), shape.columns());
        long ofOutput = shape.transposed() ? shape.columns() : 1;
        long ofInput = shape.transposed() ? 1 : shape.columns();
        long[] plainStrides = {(long) shape.inputs() * area, area, shape.kernel(), 1};
        long[] tapsStrides = {ofOutput, ofInput, shape.kernel() * matrix, matrix};
        List<Part> parts = new ArrayList<>();
        for (int first = 0; first < shape.inputs(); first += INPUTS) {
            long[] dimensions = {shape.outputs(), Math.min(INPUTS, shape.inputs() - first), shape.kernel(), shape.kernel()};
            memory plain = OneDnn.unbound(OneDnn.describeStrided(plainStrides, dimensions));
            memory taps = OneDnn.unbound(OneDnn.describeStrided(tapsStrides, dimensions));
            parts.add(new Part(plain, (long) first * area, taps, first * ofInput, new reorder(plain, taps),
                    new reorder(taps, plain, OneDnn.adding())));
        }
        return List.copyOf(parts);
    }

    /** Frees the memory. */
    public void close() {
        scratch.close();
    }
}
