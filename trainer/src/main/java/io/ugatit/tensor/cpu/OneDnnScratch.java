package io.ugatit.tensor.cpu;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/** Memory that the convolutions of one thread share: each uses it from start to end of a call. Grows to what the largest of them needs. */
final class OneDnnScratch {
    /** oneDNN's streaming stores fault on less. */
    private static final int ALIGNMENT = 64;
    private BytePointer weights = new BytePointer(0);
    private BytePointer scratchpad = new BytePointer(0);

    /** Memory for weights as a primitive wants them. */
    Pointer weights(long bytes) {
        weights = atLeast(weights, bytes);
        return aligned(weights);
    }

    /** Memory for a primitive's own use. */
    Pointer scratchpad(long bytes) {
        scratchpad = atLeast(scratchpad, bytes);
        return aligned(scratchpad);
    }

    private static BytePointer atLeast(BytePointer memory, long bytes) {
        if (memory.capacity() >= bytes + ALIGNMENT) {
            return memory;
        }
        memory.close();
        return new BytePointer(bytes + ALIGNMENT);
    }

    private static Pointer aligned(BytePointer memory) {
        return memory.getPointer(Math.floorMod(-memory.address(), ALIGNMENT));
    }
}
