package io.ugatit.tensor.cuda;

import io.ugatit.tensor.BufferPool;
import io.ugatit.tensor.Tensor;
import io.ugatit.tensor.cuda.driver.DeviceMemory;
import io.ugatit.tensor.cuda.driver.DevicePool;
import java.util.stream.LongStream;
import org.nd4j.linalg.api.buffer.DataType;

/** Tensors in the memory of one stream. */
final class CudaPool implements BufferPool {
    private final DevicePool memory;

    CudaPool(DevicePool memory) {
        this.memory = memory;
    }

    @Override
    public DataType type() {
        return DataType.FLOAT;
    }

    @Override
    public Tensor take(long... shape) {
        DeviceMemory taken = memory.take(Float.BYTES * LongStream.of(shape).reduce(1, Math::multiplyExact));
        return new CudaTensor(taken, taken.address(), shape.clone());
    }

    @Override
    public Tensor takeAligned(long length) {
        return take(length);
    }

    @Override
    public void release(Tensor... tensors) {
        for (Tensor tensor : tensors) {
            if (tensor != null) {
                memory.release(((CudaTensor) tensor).memory());
            }
        }
    }

    @Override
    public long allocatedBytes() {
        return memory.allocatedBytes();
    }

    @Override
    public long takenBytes() {
        return memory.takenBytes();
    }

    @Override
    public void close() {
        memory.trim();
    }
}
