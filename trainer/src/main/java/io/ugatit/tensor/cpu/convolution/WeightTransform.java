package io.ugatit.tensor.cpu.convolution;

import io.ugatit.tensor.cpu.convolution.MinimalFilter.Vectors;
import io.ugatit.tensor.cpu.pass.InParallel;
import io.ugatit.tensor.cpu.pass.VectorRows;
import java.nio.ByteBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Weights (O,C,r,r) to the matrices that tiles are multiplied with, and the gradient of those back. Used by one thread at a time. */
final class WeightTransform {
    private static final int BYTES = VectorRows.LANES * Float.BYTES;
    /** Vectors that are transformed at a time: their intermediate values stay in a first-level cache. */
    private static final int PART = 128 / VectorRows.LANES;
    private final MinimalFilter filter;
    private final WeightTaps taps;

    WeightTransform(MinimalFilter filter, WeightTaps taps) {
        this.filter = filter;
        this.taps = taps;
    }

    private interface Part {
        /** @param at where the part begins in every matrix, in bytes */
        void on(int at, int vectors, ByteBuffer work);
    }

    /**
     * {@code G g G'}.
     *
     * @param transposed whether the matrices are (O,C) and not (C,O)
     * @param transformed C and O in whole vectors
     */
    void transform(INDArray weights, boolean transposed, Planes transformed) {
        ByteBuffer source = taps.read(weights, transformed.rows(), transformed.columns(), transposed);
        int floats = transformed.rows() * transformed.columns();
        int tap = floats * Float.BYTES;
        int next = transformed.stride() * Float.BYTES;
        int r = filter.taps();
        int size = filter.size();
        forEachPart(floats, (at, vectors, work) -> {
            int line = vectors * BYTES;
            for (int j = 0; j < r; j++) {
                filter.weights(new Vectors(source, at + j * tap, BYTES, r * tap), vectors, new Vectors(work, j * line, BYTES, r * line));
            }
            for (int i = 0; i < size; i++) {
                filter.weights(new Vectors(work, i * r * line, BYTES, line), vectors,
                        new Vectors(transformed.bytes(), at + i * size * next, BYTES, next));
            }
        });
    }

    /** {@code G' q G}, added to the weights' gradient. @param gradient matrices (C,O), C and O in whole vectors */
    void addGradient(Planes gradient, INDArray dWeights) {
        ByteBuffer target = taps.gradient(dWeights, gradient.rows(), gradient.columns());
        int floats = gradient.rows() * gradient.columns();
        int tap = floats * Float.BYTES;
        int next = gradient.stride() * Float.BYTES;
        int r = filter.taps();
        int size = filter.size();
        forEachPart(floats, (at, vectors, work) -> {
            int line = vectors * BYTES;
            for (int i = 0; i < size; i++) {
                filter.weightGradient(new Vectors(gradient.bytes(), at + i * size * next, BYTES, next), vectors,
                        new Vectors(work, i * r * line, BYTES, line));
            }
            for (int j = 0; j < r; j++) {
                filter.weightGradient(new Vectors(work, j * line, BYTES, r * line), vectors,
                        new Vectors(target, at + j * tap, BYTES, r * tap));
            }
        });
        taps.addTo(dWeights, gradient.rows(), gradient.columns());
    }

    private static void forEachPart(int floats, Part part) {
        int vectors = floats / VectorRows.LANES;
        InParallel.forEach((vectors + PART - 1) / PART, floats, number -> {
            int first = number * PART;
            part.on(first * BYTES, Math.min(PART, vectors - first), WorkMemory.ofThread());
        });
    }

    /** Frees the memory. */
    void close() {
        taps.close();
    }
}
