package io.ugatit.tensor.cuda.driver;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** A little memory outside Java's heap, in native order, that libraries read or write; it goes with the last reference to it. */
public final class NativeMemory {
    /** The whole of it, zero at first. */
    public final ByteBuffer bytes;
    /** Of its first byte, a multiple of 16. */
    public final long address;

    /** @param length in bytes, from 0 */
    public NativeMemory(int length) {
        bytes = ByteBuffer.allocateDirect(length + 32).alignedSlice(16).slice(0, length).order(ByteOrder.nativeOrder());
        address = address(bytes);
    }

    /** Bytes and the zero after them. */
    public static NativeMemory terminated(byte[] content) {
        NativeMemory memory = new NativeMemory(content.length + 1);
        memory.bytes.put(0, content);
        return memory;
    }

    /** Text as C has it. */
    static NativeMemory text(String text) {
        return terminated(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Where a direct buffer's position is.
     *
     * @throws IllegalArgumentException if the buffer is not direct
     */
    static long address(ByteBuffer direct) {
        if (!direct.isDirect()) {
            throw new IllegalArgumentException("the driver needs a direct buffer, not one on Java's heap");
        }
        return Pointer.nativeValue(Native.getDirectBufferPointer(direct)) + direct.position();
    }

    /** What it says up to the first zero. */
    public String text() {
        int end = 0;
        while (end < bytes.capacity() && bytes.get(end) != 0) {
            end++;
        }
        byte[] content = new byte[end];
        bytes.get(0, content);
        return new String(content, StandardCharsets.UTF_8);
    }
}
