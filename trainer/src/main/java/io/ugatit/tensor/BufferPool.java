package io.ugatit.tensor;

import java.util.ArrayDeque;
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
public final class BufferPool implements AutoCloseable {
    /** Bytes of the widest vector and of a cache line. oneDNN's streaming stores fault on less. */
    private static final int ALIGNMENT = 64;

    private final DataType type;
    /** Memory as it was allocated: a reshaped array could not be closed, and reshaping it once more would only add to a chain of views. */
    private final Map<Long, ArrayDeque<DataBuffer>> free = new HashMap<>();
    private long allocatedBytes;
    private long takenBytes;

    /** @param type the type of every array, FLOAT in production */
    public BufferPool(DataType type) {
        this.type = type;
    }

    /** The type of every array. */
    public DataType type() {
        return type;
    }

    /** An array of this shape, c-ordered and contiguous, with undefined content. */
    public INDArray take(long... shape) {
        return view(buffer(LongStream.of(shape).reduce(1, Math::multiplyExact)), 0, shape);
    }

    /** A vector that begins at a cache line, with undefined content. It is a view with an offset: ND4J cannot take parts of it. */
    INDArray takeAligned(long length) {
        DataBuffer buffer = buffer(length + ALIGNMENT / type.width());
        return view(buffer, Math.floorMod(-buffer.pointer().address(), ALIGNMENT) / type.width(), length);
    }

    private static INDArray view(DataBuffer buffer, long offset, long... shape) {
        return Nd4j.create(buffer, shape, Nd4j.getStrides(shape, 'c'), offset, 'c');
    }

    private synchronized DataBuffer buffer(long length) {
        takenBytes += length * type.width();
        ArrayDeque<DataBuffer> candidates = free.get(length);
        if (candidates != null && !candidates.isEmpty()) {
            return candidates.pop();
        }
        allocatedBytes += length * type.width();
        return Nd4j.createBuffer(type, length, false);
    }

    /** Gives back arrays from this pool, in any shape of theirs; nulls are skipped. The caller must not use them afterwards. */
    public synchronized void release(INDArray... arrays) {
        for (INDArray array : arrays) {
            if (array != null) {
                DataBuffer original = array.data().originalDataBuffer();
                DataBuffer buffer = original == null ? array.data() : original;
                takenBytes -= buffer.length() * type.width();
                free.computeIfAbsent(buffer.length(), unused -> new ArrayDeque<>()).push(buffer);
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
        free.forEach((length, buffers) -> {
            allocatedBytes -= buffers.size() * length * type.width();
            buffers.forEach(DataBuffer::close);
        });
        free.clear();
    }
}
