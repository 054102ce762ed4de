package io.ugatit.tensor.cpu.convolution;

import java.nio.ByteBuffer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.memory.pointers.PagedPointer;

/** Memory off the Java heap that is used anew by every call, and grows to what the largest of them needs. Its content is lost as it grows. */
public final class GrowingMemory {
    /** oneDNN's streaming stores fault on less. */
    private static final int ALIGNMENT = 64;
    private BytePointer memory = new BytePointer(0);
    private FloatPointer floats = new FloatPointer(0);
    private ByteBuffer bytes = ByteBuffer.allocateDirect(0);

    /** At least so many bytes, for natives. */
    public Pointer address(long count) {
        grow(count);
        return floats;
    }

    /** At least so many floats, for natives. */
    public FloatPointer floats(long count) {
        grow(count * Float.BYTES);
        return floats;
    }

    /** The same floats for Java; their bytes fit an int. */
    public ByteBuffer buffer(int count) {
        grow((long) count * Float.BYTES);
        return bytes;
    }

    private void grow(long count) {
        if (memory.capacity() >= count + ALIGNMENT) {
            return;
        }
        close();
        memory = new BytePointer(count + ALIGNMENT);
        BytePointer aligned = memory.getPointer(Math.floorMod(-memory.address(), ALIGNMENT));
        // without what frees it: every pointer made of one that frees costs a reference that the garbage collector follows
        floats = new FloatPointer(new PagedPointer(aligned.address()));
        bytes = aligned.capacity(Math.min(count, Integer.MAX_VALUE)).asByteBuffer();
    }

    /** Frees it. */
    public void close() {
        BytePointer freed = memory;
        // a pointer that is closed keeps its capacity: if there is no room to grow, the next call must not take it for memory
        memory = new BytePointer(0);
        floats = new FloatPointer(0);
        freed.close();
    }
}
