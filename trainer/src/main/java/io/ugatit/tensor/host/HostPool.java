package io.ugatit.tensor.host;

import io.ugatit.tensor.BufferPool;
import io.ugatit.tensor.Tensor;
import org.nd4j.linalg.api.buffer.DataType;

/** {@link ArrayPool}'s arrays as tensors. */
public final class HostPool implements BufferPool {
    private final ArrayPool arrays;

    /** @param type the type of every tensor, FLOAT in production */
    public HostPool(DataType type) {
        this.arrays = new ArrayPool(type);
    }

    /** The same pool, of arrays. */
    public ArrayPool arrays() {
        return arrays;
    }

    @Override
    public DataType type() {
        return arrays.type();
    }

    @Override
    public Tensor take(long... shape) {
        return new HostTensor(arrays.take(shape));
    }

    @Override
    public Tensor takeAligned(long length) {
        return new HostTensor(arrays.takeAligned(length));
    }

    @Override
    public void release(Tensor... tensors) {
        for (Tensor tensor : tensors) {
            if (tensor != null) {
                arrays.release(HostTensor.array(tensor));
            }
        }
    }

    @Override
    public long allocatedBytes() {
        return arrays.allocatedBytes();
    }

    @Override
    public long takenBytes() {
        return arrays.takenBytes();
    }

    @Override
    public void close() {
        arrays.close();
    }
}
