package io.ugatit.tensor.cuda.driver;

/** A piece of a GPU's memory. Java cannot read it: streams copy. */
public final class DeviceMemory extends Owned {
    private final long bytes;
    /** Of a pool's memory: it is in use, so that it cannot be given back twice. */
    boolean taken;

    DeviceMemory(CudaContext context, long address, long bytes) {
        super(context, "memory", address);
        this.bytes = bytes;
    }

    /**
     * Of its first byte, a multiple of 256.
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

    @Override
    int destroy(long handle) {
        return Libcuda.cuMemFree_v2(handle);
    }
}
