package io.ugatit.tensor.cpu.convolution.winograd;

import io.ugatit.tensor.cpu.convolution.winograd.MinimalFilter.Vectors;
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
     * {@code G g G'}, all of it.
     *
     * @param transposed whether the matrices are (O,C) and not (C,O)
     * @param transformed C and O in whole vectors
     */
    void transform(INDArray weights, boolean transposed, Planes transformed) {
        Planes source = read(weights, transposed, transformed.rows(), transformed.columns());
        int tap = source.stride() * Float.BYTES;
        int r = filter.taps();
        forEachPart(source, (at, vectors, work) -> {
            int line = vectors * BYTES;
            for (int j = 0; j < r; j++) {
                filter.weights(new Vectors(source.bytes(), at + j * tap, BYTES, r * tap), vectors,
                        new Vectors(work, j * line, BYTES, r * line));
            }
            for (int row = 0; row < filter.size(); row++) {
                alongRow(work, row * r * line, vectors, transformed, row * filter.size(), at);
            }
        });
    }

    /**
     * The taps that {@link #row} transforms, in memory that the next call overwrites.
     *
     * @param transposed whether the matrices are (O,C) and not (C,O)
     * @param rows C, or O, in whole vectors
     * @param columns O, or C, in whole vectors
     */
    Planes read(INDArray weights, boolean transposed, int rows, int columns) {
        return taps.read(weights, rows, columns, transposed);
    }

    /** One row of {@code G g G'}. @param transformed the matrices of that row alone */
    void row(Planes source, int row, Planes transformed) {
        int tap = source.stride() * Float.BYTES;
        int r = filter.taps();
        forEachPart(source, (at, vectors, work) -> {
            int line = vectors * BYTES;
            for (int j = 0; j < r; j++) {
                filter.weightsOfProduct(row, new Vectors(source.bytes(), at + j * tap, BYTES, r * tap), vectors,
                        new Vectors(work, j * line, BYTES, line));
            }
            alongRow(work, 0, vectors, transformed, 0, at);
        });
    }

    /** From a row of {@code G g}, r vectors beside each other, to its matrices. */
    private void alongRow(ByteBuffer work, int from, int vectors, Planes transformed, int first, int at) {
        filter.weights(new Vectors(work, from, BYTES, vectors * BYTES), vectors,
                new Vectors(transformed.bytes(), transformed.at(first, 0, 0) + at, BYTES, transformed.stride() * Float.BYTES));
    }

    /** {@code G' q G}, added to the weights' gradient. @param gradient matrices (C,O), C and O in whole vectors */
    void addGradient(Planes gradient, INDArray dWeights) {
        Planes target = taps.gradient(dWeights, gradient.rows(), gradient.columns());
        int tap = target.stride() * Float.BYTES;
        int next = gradient.stride() * Float.BYTES;
        int r = filter.taps();
        int size = filter.size();
        forEachPart(gradient, (at, vectors, work) -> {
            int line = vectors * BYTES;
            for (int i = 0; i < size; i++) {
                filter.weightGradient(new Vectors(gradient.bytes(), at + i * size * next, BYTES, next), vectors,
                        new Vectors(work, i * r * line, BYTES, line));
            }
            for (int j = 0; j < r; j++) {
                filter.weightGradient(new Vectors(work, j * line, BYTES, r * line), vectors,
                        new Vectors(target.bytes(), at + j * tap, BYTES, r * tap));
            }
        });
        taps.addTo(dWeights, target);
    }

    private static void forEachPart(Planes matrices, Part part) {
        int floats = matrices.rows() * matrices.columns();
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
