package io.ugatit.tensor.cuda.driver;

import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * Memory of the host that stays where it is (pinned), so that a GPU copies to and from it while Java goes on. Java must not touch it before
 * such a copy has ended, nor at all after it is closed.
 */
public final class HostMemory extends Owned {
    private final long bytes;

    HostMemory(CudaContext context, long address, long bytes) {
        super(context, "pinned memory", address);
        this.bytes = bytes;
    }

    /**
     * Of its first byte.
     *
     * @throws IllegalStateException after it is closed
     */
    public long address() {
        return handle();
    }

    /** Its length. */
    public long bytes() {
        return bytes;
    }

    /**
     * A part of it.
     *
     * @param from the first byte, from 0
     * @param count how many
     * @return their memory in native order
     * @throws IndexOutOfBoundsException if it does not have these bytes
     * @throws IllegalStateException after it is closed
     */
    public ByteBuffer slice(long from, int count) {
        Objects.checkFromIndexSize(from, count, bytes);
        return new Pointer(handle()).getByteBuffer(from, count).order(ByteOrder.nativeOrder());
    }

    @Override
    int destroy(long handle) {
        return Libcuda.cuMemFreeHost(handle);
    }
}
