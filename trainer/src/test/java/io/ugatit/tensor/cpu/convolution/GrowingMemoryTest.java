package io.ugatit.tensor.cpu.convolution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;

class GrowingMemoryTest {
    /** Much more than others may free meanwhile; none of it is touched. */
    private static final long BYTES = 1 << 29;
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
        assertThat(Pointer.totalBytes()).isGreaterThan(before + BYTES / 2);
        memory.close();
    }
}
