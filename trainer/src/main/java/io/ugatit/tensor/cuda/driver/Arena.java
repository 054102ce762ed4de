package io.ugatit.tensor.cuda.driver;

import java.util.ArrayList;
import java.util.List;

/**
 * Memory of a GPU for many small values that all end together: taking one costs an addition. After {@link #reset} the same requests get the
 * same addresses again, as a captured graph needs. Not thread-safe.
 */
public final class Arena implements AutoCloseable {
    private final DevicePool pool;
    private final long chunkBytes;
    private final List<DeviceMemory> chunks = new ArrayList<>();
    /** The one that is being filled, and how far. */
    private int current;
    private long filled;
    private long takenBytes;

    /**
     * @param pool where it takes its memory, by chunks
     * @param chunkBytes of a chunk, at least 256; a larger value gets a chunk of its own size
     * @throws IllegalArgumentException if it is less
     */
    public Arena(DevicePool pool, long chunkBytes) {
        if (chunkBytes < 256) {
            throw new IllegalArgumentException("a chunk has at least 256 bytes, not " + chunkBytes);
        }
        this.pool = pool;
        this.chunkBytes = chunkBytes;
    }

    /**
     * Memory with undefined content until {@link #reset}.
     *
     * @param bytes from 0; they are rounded up to 256
     * @return the address, a multiple of 256
     * @throws IllegalArgumentException if it is negative
     * @throws OutOfDeviceMemoryException if a further chunk is needed and there is none
     */
    public long take(long bytes) {
        long length = DevicePool.roundUp(bytes);
        while (current < chunks.size() && filled + length > chunks.get(current).bytes()) {
            current++;
            filled = 0;
        }
        if (current == chunks.size()) {
            chunks.add(pool.take(Math.max(chunkBytes, length)));
        }
        long address = chunks.get(current).address() + filled;
        filled += length;
        takenBytes += length;
        return address;
    }

    /** Makes all of it free again; the chunks stay. Work that uses it and was queued before in the pool's stream is not disturbed. */
    public void reset() {
        current = 0;
        filled = 0;
        takenBytes = 0;
    }

    /** Bytes taken since the last {@link #reset}, as rounded up. */
    public long takenBytes() {
        return takenBytes;
    }

    /** Bytes of its chunks. */
    public long allocatedBytes() {
        return chunks.stream().mapToLong(DeviceMemory::bytes).sum();
    }

    /** Gives the chunks back to the pool; a second time does nothing. It can be used again, with other addresses. */
    @Override
    public void close() {
        reset();
        pool.release(chunks.toArray(DeviceMemory[]::new));
        chunks.clear();
    }
}
