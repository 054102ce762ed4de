package io.ugatit.tensor.host;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.LongStream;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Reuses off-heap arrays by length: a fresh 16 MB array costs 7 ms of page faults, and its memory would only come back with Java's garbage
 * collection. What a training step takes it gives back, so after the first steps nothing more is allocated. Thread-safe: a step's two
 * directions share one pool.
 */
public final class ArrayPool implements AutoCloseable {
    /** Bytes of the widest vector and of a cache line. oneDNN's streaming stores fault on less. */
    private static final int ALIGNMENT = 64;

    private final DataType type;
    /** As they were given back, by the length of their memory. One of the shape that is asked for next is used as it is. */
    private final Map<Long, ArrayDeque<INDArray>> free = new HashMap<>();
    private long allocatedBytes;
    private long takenBytes;

    /** @param type the type of every array, FLOAT in production */
    public ArrayPool(DataType type) {
        this.type = type;
    }

    /** The type of every array. */
    public DataType type() {
        return type;
    }

    /** An array of this shape, c-ordered and contiguous, with undefined content. */
    public INDArray take(long... shape) {
        long length = LongStream.of(shape).reduce(1, Math::multiplyExact);
        INDArray free = pop(length);
        return free != null && isFirstView(free) && free.ordering() == 'c' && Arrays.equals(free.shape(), shape) ? free
                : view(free == null ? Nd4j.createBuffer(type, length, false) : memory(free), 0, shape);
    }

    /** A vector that begins at a cache line, with undefined content. It is a view with an offset: ND4J cannot take parts of it. */
    public INDArray takeAligned(long length) {
        long withRoom = length + ALIGNMENT / type.width();
        INDArray free = pop(withRoom);
        if (free != null && isFirstView(free) && free.rank() == 1 && free.length() == length) {
            return free;
        }
        DataBuffer buffer = free == null ? Nd4j.createBuffer(type, withRoom, false) : memory(free);
        return view(buffer, Math.floorMod(-buffer.pointer().address(), ALIGNMENT) / type.width(), length);
    }

    private static INDArray view(DataBuffer buffer, long offset, long... shape) {
        return Nd4j.create(buffer, shape, Nd4j.getStrides(shape, 'c'), offset, 'c');
    }

    /** Memory as it was allocated: that of a view cannot be closed, and views of views would make a chain. */
    private static DataBuffer memory(INDArray array) {
        DataBuffer original = array.data().originalDataBuffer();
        return original == null ? array.data() : original;
    }

    /**
     * Whether an array's buffer is memory as it was allocated, or a view of that and of no other view. One that was taken, reshaped and given
     * back is not: taken again as it is, it would be one view deeper each time, and ND4J looks through all of them at every access.
     */
    private static boolean isFirstView(INDArray array) {
        DataBuffer original = array.data().originalDataBuffer();
        return original == null || array.data().underlyingDataBuffer() == original;
    }

    /** A free array, or null if its memory is still to be allocated. */
    private synchronized INDArray pop(long length) {
        takenBytes += length * type.width();
        ArrayDeque<INDArray> candidates = free.get(length);
        if (candidates != null && !candidates.isEmpty()) {
            return candidates.pop();
        }
        allocatedBytes += length * type.width();
        return null;
    }

    /** Gives back arrays from this pool, whole, in any shape of theirs; nulls are skipped. The caller must not use them afterwards. */
    public synchronized void release(INDArray... arrays) {
        for (INDArray array : arrays) {
            if (array != null) {
                long length = memory(array).length();
                takenBytes -= length * type.width();
                free.computeIfAbsent(length, unused -> new ArrayDeque<>()).push(array);
            }
        }
    }

    /** Bytes allocated so far and not freed, whether in use or waiting to be. */
    public synchronized long allocatedBytes() {
        return allocatedBytes;
    }

    /** Bytes of the arrays in use: taken and not given back. */
    public synchronized long takenBytes() {
        return takenBytes;
    }

    /** Frees the arrays that are not in use. */
    @Override
    public synchronized void close() {
        free.forEach((length, arrays) -> {
            allocatedBytes -= arrays.size() * length * type.width();
            arrays.forEach(array -> memory(array).close());
        });
        free.clear();
    }
}
