package io.ugatit.tensor;

import io.ugatit.job.JobFailedException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.concurrency.AffinityManager.Location;
import org.nd4j.linalg.api.memory.pointers.PagedPointer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The memory of a FLOAT array whose elements lie one after the other in 'c' order, seen through byte buffers and never copied. Views are
 * fine: the buffer of a view starts at the whole array's address, so its offset is added here. Allocates a few small objects a slice;
 * not thread-safe.
 */
public final class FloatMemory {
    private static final int CHUNK = 1 << 18;
    /** What a byte buffer reaches. */
    public static final long MOST_BYTES = Integer.MAX_VALUE;

    private final String what;
    private final INDArray array;
    private final long length;

    /**
     * @param what what messages call the array
     * @throws IllegalArgumentException if the array is not of type FLOAT or its elements do not lie one after the other in 'c' order
     */
    public FloatMemory(String what, INDArray array) {
        if (array.dataType() != DataType.FLOAT) {
            throw new IllegalArgumentException(what + ": the array must be of type FLOAT, but is " + array.dataType());
        }
        this.what = what;
        this.array = array;
        this.length = array.isEmpty() ? 0 : array.length();
        if (length > 1 && !isContiguous(array)) {
            throw new IllegalArgumentException(what + ": the array's elements must lie one after the other in 'c' order");
        }
        if (length > 0) {
            Nd4j.getAffinityManager().ensureLocation(array, Location.HOST);
        }
    }

    private static boolean isContiguous(INDArray array) {
        long expected = 1;
        for (int i = array.rank() - 1; i >= 0; i--) {
            if (array.size(i) != 1 && array.stride(i) != expected) {
                return false;
            }
            expected *= array.size(i);
        }
        return true;
    }

    /** @return the number of floats */
    public long length() {
        return length;
    }

    /**
     * @param from the first float, from 0
     * @param count how many, such that their bytes fit an int
     * @return their memory in native order, which is little-endian on every platform that ND4J has natives for
     */
    public ByteBuffer slice(long from, int count) {
        return pointer(from, count).asBytePointer().asByteBuffer();
    }

    /**
     * @return all of it, in native order
     * @throws JobFailedException if its bytes do not fit an int; one line that says what helps
     */
    public ByteBuffer bytes() {
        if (length * Float.BYTES > MOST_BYTES) {
            throw new JobFailedException(what + ": " + length * Float.BYTES + " bytes are more than the " + MOST_BYTES
                    + " that these kernels reach at once: give --kernels nd4j, or make size, batch or channels smaller");
        }
        return slice(0, (int) length);
    }

    /** @return where the first float is */
    public Pointer address() {
        return pointer(0, length);
    }

    private PagedPointer pointer(long from, long count) {
        DataBuffer data = array.data();
        // moves the address itself: JavaCPP's buffers start there whatever a pointer's position, and reach 2 GiB at most
        return new PagedPointer(data.pointer(), count * Float.BYTES, (data.offset() + from) * Float.BYTES);
    }

    /** @return whether no element is infinite or not a number */
    public boolean isFinite() {
        for (long from = 0; from < length; from += CHUNK) {
            FloatBuffer floats = slice(from, (int) Math.min(CHUNK, length - from)).order(ByteOrder.nativeOrder()).asFloatBuffer();
            while (floats.hasRemaining()) {
                if (!Float.isFinite(floats.get())) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Must be called after writing through slices: a GPU's copy of the array is stale then. */
    public void written() {
        if (length > 0) {
            Nd4j.getAffinityManager().tagLocation(array, Location.HOST);
        }
    }
}
