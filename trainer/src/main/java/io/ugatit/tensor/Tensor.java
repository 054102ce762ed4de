package io.ugatit.tensor;

/**
 * Floating point numbers in the memory where {@link Kernels} compute, row by row and one after the other, seen in a shape. Only the kernels
 * that made it, or others of their kind on the same device, can use it.
 */
public interface Tensor {
    /** The sizes of the dimensions; the caller must not change it. */
    long[] shape();

    /** The size of one dimension, counted from 0. */
    default long size(int dimension) {
        return shape()[dimension];
    }

    /** The number of elements. */
    long length();

    /**
     * The same memory in another shape.
     *
     * @throws IllegalArgumentException if the shape has another number of elements
     */
    Tensor reshape(long... shape);

    /**
     * The elements {@code from} to {@code to}, the latter excluded, as a vector in the same memory.
     *
     * @throws IllegalArgumentException unless {@code 0 <= from < to <= length()}
     */
    Tensor slice(long from, long to);
}
