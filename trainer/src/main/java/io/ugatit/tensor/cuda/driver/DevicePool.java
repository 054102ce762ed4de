package io.ugatit.tensor.cuda.driver;

import io.ugatit.job.JobFailedException;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/**
 * Reuses a GPU's memory by size for the work of one stream: what is given back while kernels still use it is taken by kernels that come
 * after those. Memory that another stream has used must be given back only after this one awaits that. Thread-safe.
 */
public final class DevicePool implements AutoCloseable {
    /** What lengths are rounded up to, so that those that differ by a few bytes share memory. */
    private static final long STEP = 256;

    private final CudaStream stream;
    private final DeviceMemories memories;
    private final Map<Long, ArrayDeque<DeviceMemory>> free = new HashMap<>();
    private long allocatedBytes;
    private long takenBytes;
    private boolean closed;
    private boolean keepsAll;

    /**
     * @param stream whose work uses the memory
     * @param memories of all pools that memory from this one may be given back to
     */
    public DevicePool(CudaStream stream, DeviceMemories memories) {
        this.stream = stream;
        this.memories = memories;
        memories.join(this);
    }

    /**
     * Memory with undefined content, to be given back by {@link #release} and not to be closed.
     *
     * @param bytes from 0; what is returned has a multiple of 256, at least 256
     * @throws IllegalArgumentException if it is negative
     * @throws IllegalStateException after {@link #close}
     * @throws OutOfDeviceMemoryException if there is not as much even after all that is unused is freed
     * @throws JobFailedException if the driver refuses
     */
    public DeviceMemory take(long bytes) {
        long length = roundUp(bytes);
        DeviceMemory memory = unused(length);
        if (memory == null) { // without the lock: other pools may be asked for what they do not use, and they for this one's
            memory = memories.allocate(stream.context(), length);
            count(length, 0);
        }
        memory.taken = true;
        count(0, length);
        return memory;
    }

    /** Null if there is none. */
    private synchronized DeviceMemory unused(long length) {
        if (closed) {
            throw new IllegalStateException("the pool of " + stream.context().device() + " is closed");
        }
        ArrayDeque<DeviceMemory> candidates = free.get(length);
        return candidates == null ? null : candidates.poll();
    }

    private synchronized void count(long allocated, long taken) {
        allocatedBytes += allocated;
        takenBytes += taken;
    }

    /** @throws IllegalArgumentException if it is negative */
    static long roundUp(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("memory has no " + bytes + " bytes");
        }
        return Math.max(STEP, Math.multiplyExact(Math.floorDiv(Math.addExact(bytes, STEP - 1), STEP), STEP));
    }

    /**
     * Gives back memory from this pool or another with the same {@link DeviceMemories}; nulls are skipped. The caller must not use it
     * afterwards. After {@link #close} it is freed.
     *
     * @throws IllegalStateException if some of it is given back already
     */
    public synchronized void release(DeviceMemory... memories) {
        for (DeviceMemory memory : memories) {
            if (memory != null) {
                if (!memory.taken) {
                    throw new IllegalStateException(memory.bytes() + " bytes are given back that are not taken");
                }
                memory.taken = false;
                takenBytes -= memory.bytes();
                free.computeIfAbsent(memory.bytes(), unused -> new ArrayDeque<>()).push(memory);
            }
        }
        if (closed) {
            trim();
        }
    }

    /** From now on nothing is freed before {@link #close}, not even where memory is short: recorded work will use it again. */
    public synchronized void keepAll() {
        keepsAll = true;
    }

    /**
     * Frees what is not in use, unless all is kept. The driver waits for the work that still uses it.
     *
     * @throws JobFailedException if the driver refuses
     */
    public synchronized void trim() {
        if (keepsAll && !closed) {
            return;
        }
        for (ArrayDeque<DeviceMemory> unused : free.values()) {
            while (!unused.isEmpty()) {
                DeviceMemory memory = unused.pop();
                allocatedBytes -= memory.bytes();
                memories.free(memory);
            }
        }
        free.clear();
    }

    /** Bytes allocated so far and not freed, whether in use or waiting to be. */
    public synchronized long allocatedBytes() {
        return allocatedBytes;
    }

    /** Bytes in use: taken and not given back. */
    public synchronized long takenBytes() {
        return takenBytes;
    }

    /** Frees what is not in use, and the last pool also what was never given back; a second time does nothing. */
    @Override
    public synchronized void close() {
        closed = true;
        trim();
        memories.leave(this);
    }
}
