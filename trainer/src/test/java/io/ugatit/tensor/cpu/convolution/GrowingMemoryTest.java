package io.ugatit.tensor.cpu.convolution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;

class GrowingMemoryTest {
    private static final long BYTES = 1 << 26;
    private static final long MORE_THAN_THERE_IS = 1L << 60;

    @Test
    void memoryThatFoundNoRoomToGrowIsAllocatedAnew() {
        GrowingMemory memory = new GrowingMemory();
        memory.address(BYTES);
        assertThatThrownBy(() -> memory.address(MORE_THAN_THERE_IS)).isInstanceOf(OutOfMemoryError.class);
        assertThatItAllocates(memory);
    }

    @Test
    void memoryThatWasFreedIsAllocatedAnew() {
        GrowingMemory memory = new GrowingMemory();
        memory.address(BYTES);
        memory.close();
        assertThatItAllocates(memory);
    }

    private static void assertThatItAllocates(GrowingMemory memory) {
        long before = Pointer.totalBytes();
        memory.address(BYTES);
        // the garbage collector may free a little of others meanwhile
        assertThat(Pointer.totalBytes()).isGreaterThan(before + BYTES / 2);
        memory.close();
    }
}
