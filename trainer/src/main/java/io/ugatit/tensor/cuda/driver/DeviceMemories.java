package io.ugatit.tensor.cuda.driver;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArraySet;

/**
 * All memory of pools that give theirs to each other. What work that failed on the way has never given back goes with the last of them.
 * Thread-safe.
 */
public final class DeviceMemories {
    private final Set<DevicePool> pools = new CopyOnWriteArraySet<>();
    private final Set<DeviceMemory> allocated = ConcurrentHashMap.newKeySet();

    void join(DevicePool pool) {
        pools.add(pool);
    }

    /**
     * New memory, for which all pools give up what is unused if need be. The caller must not hold a pool's lock.
     *
     * @throws OutOfDeviceMemoryException if even then there is not as much
     */
    DeviceMemory allocate(CudaContext context, long bytes) {
        DeviceMemory memory;
        try {
            memory = context.allocate(bytes);
        } catch (OutOfDeviceMemoryException e) {
            pools.forEach(DevicePool::trim);
            memory = context.allocate(bytes);
        }
        allocated.add(memory);
        return memory;
    }

    void free(DeviceMemory memory) {
        allocated.remove(memory);
        memory.close();
    }

    /** After the last pool has left, no memory is there any more. */
    void leave(DevicePool pool) {
        if (pools.remove(pool) && pools.isEmpty()) {
            allocated.forEach(this::free);
        }
    }
}
