package io.ugatit.safetensors;

import java.util.Arrays;
import java.util.Objects;

/**
 * What a file says of one tensor.
 *
 * @param name the tensor's key, unique in its file
 * @param dtype the element type
 * @param shape the dimensions, each at least 0; no dimensions for a scalar
 */
public record TensorInfo(String name, DType dtype, long[] shape) {
    /** Takes a copy of the shape. */
    public TensorInfo {
        shape = shape.clone();
    }

    /** @return a copy of the dimensions */
    @Override
    public long[] shape() {
        return shape.clone();
    }

    /**
     * The size of the tensor's elements in bytes, at least 0.
     *
     * @throws ArithmeticException if it overflows 64 bits
     */
    public long bytes() {
        long bytes = dtype.bytes();
        for (long dimension : shape) {
            bytes = Math.multiplyExact(bytes, dimension);
        }
        return bytes;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TensorInfo that && name.equals(that.name) && dtype == that.dtype && Arrays.equals(shape, that.shape);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, dtype, Arrays.hashCode(shape));
    }

    @Override
    public String toString() {
        return name + " " + dtype + Arrays.toString(shape);
    }
}
