package io.ugatit.tensor.cuda;

import io.ugatit.tensor.FeatureMaps;
import io.ugatit.tensor.Parameter;
import io.ugatit.tensor.Tensor;
import io.ugatit.tensor.cuda.driver.DeviceMemory;
import java.util.stream.LongStream;

/**
 * Floats in a GPU's memory.
 *
 * @param memory of which this is a part
 * @param address of the first
 * @param shape whose product is the number of elements
 */
record CudaTensor(DeviceMemory memory, long address, long[] shape) implements Tensor {

    /** Where a tensor of a GPU begins; 0 for null. */
    static long address(Tensor tensor) {
        return tensor == null ? 0 : ((CudaTensor) tensor).address;
    }

    /** Where maps begin. */
    static long address(FeatureMaps maps) {
        return maps == null ? 0 : address(maps.data());
    }

    /** Where a parameter begins; 0 for null. */
    static long value(Parameter parameter) {
        return parameter == null ? 0 : address(parameter.value());
    }

    /** Where a parameter's gradient begins; 0 for null. */
    static long gradient(Parameter parameter) {
        return parameter == null ? 0 : address(parameter.gradient());
    }

    @Override
    public long length() {
        return LongStream.of(shape).reduce(1, Math::multiplyExact);
    }

    @Override
    public Tensor reshape(long... other) {
        CudaTensor reshaped = new CudaTensor(memory, address, other.clone());
        if (reshaped.length() != length()) {
            throw new IllegalArgumentException(length() + " elements have no shape of " + reshaped.length());
        }
        return reshaped;
    }

    @Override
    public Tensor slice(long from, long to) {
        if (from < 0 || from >= to || to > length()) {
            throw new IllegalArgumentException("elements " + from + " to " + to + " are not among " + length());
        }
        return new CudaTensor(memory, address + from * Float.BYTES, new long[] {to - from});
    }
}
