package io.ugatit.tensor;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Reuses off-heap arrays by shape: a fresh 16 MB array costs 7 ms of page faults, and its memory would only come back with Java's garbage
 * collection. What a training step takes it gives back, so after the first step nothing more is allocated. Used by one thread at a time.
 */
public final class BufferPool implements AutoCloseable {
    private final DataType type;
    private final Map<List<Long>, ArrayDeque<INDArray>> free = new HashMap<>();
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

    /** An array of this shape with undefined content. */
    public INDArray take(long... shape) {
        long bytes = LongStream.of(shape).reduce(type.width(), Math::multiplyExact);
        takenBytes += bytes;
        ArrayDeque<INDArray> candidates = free.get(key(shape));
        if (candidates != null && !candidates.isEmpty()) {
            return candidates.pop();
        }
        allocatedBytes += bytes;
        return Nd4j.createUninitialized(type, shape, 'c');
    }

    /** Gives back arrays that came from {@link #take}; nulls are skipped. The caller must not use them afterwards. */
    public void release(INDArray... arrays) {
        for (INDArray array : arrays) {
            if (array != null) {
                takenBytes -= array.length() * type.width();
                free.computeIfAbsent(key(array.shape()), unused -> new ArrayDeque<>()).push(array);
            }
        }
    }

    /** Bytes allocated so far and not freed, whether in use or waiting to be. */
    public long allocatedBytes() {
        return allocatedBytes;
    }

    /** Bytes of the arrays in use: taken and not given back. */
    public long takenBytes() {
        return takenBytes;
    }

    /** Frees the arrays that are not in use. */
    @Override
    public void close() {
        for (ArrayDeque<INDArray> arrays : free.values()) {
            for (INDArray array : arrays) {
                allocatedBytes -= array.length() * type.width();
                array.close();
            }
        }
        free.clear();
    }

    private static List<Long> key(long[] shape) {
        return LongStream.of(shape).boxed().toList();
    }
}
