package io.ugatit.checkpoint;

import java.util.Arrays;
import java.util.Objects;

/**
 * What a safetensors header says of one tensor, checked: {@code end - begin} is the product of the shape times the type's size.
 *
 * @param name the tensor's key, unique in its file
 * @param dtype the element type
 * @param shape the dimensions, each at least 0; no dimensions for a scalar
 * @param begin the first byte, counted from the end of the header
 * @param end the byte after the last one, counted from the end of the header
 */
public record TensorInfo(String name, DType dtype, long[] shape, long begin, long end) {
    /** Takes a copy of the shape. */
    public TensorInfo {
        shape = shape.clone();
    }

    /** @return a copy of the dimensions */
    @Override
    public long[] shape() {
        return shape.clone();
    }

    /** @return the number of elements, at least 0 */
    public long elements() {
        return (end - begin) / dtype.bytes();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TensorInfo that && name.equals(that.name) && dtype == that.dtype && Arrays.equals(shape, that.shape)
                && begin == that.begin && end == that.end;
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, dtype, Arrays.hashCode(shape), begin, end);
    }

    @Override
    public String toString() {
        return name + " " + dtype + Arrays.toString(shape) + " at " + begin + ".." + end;
    }
}
