package io.ugatit.tensor.cpu.convolution.winograd;

import java.nio.ByteBuffer;

/** A little memory of each thread for what a transform holds between its two directions: it stays in a first-level cache. */
final class WorkMemory {
    private static final int BYTES = 1 << 14;
    private static final int ALIGNMENT = 64;
    private static final ThreadLocal<ByteBuffer> OF_THREAD =
            ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(BYTES + ALIGNMENT).alignedSlice(ALIGNMENT));

    private WorkMemory() { }

    /** The calling thread's. */
    static ByteBuffer ofThread() {
        return OF_THREAD.get();
    }
}
