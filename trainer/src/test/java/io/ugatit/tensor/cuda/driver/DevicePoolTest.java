package io.ugatit.tensor.cuda.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.ugatit.tensor.cuda.StandInDriver;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DevicePoolTest {
    private CudaContext context;
    private CudaStream stream;
    private DeviceMemories memories;
    private DevicePool pool;

    @AfterAll
    static void computeOnTheCpuAgain() {
        StandInDriver.leave();
    }

    @BeforeAll
    static void findTheStandIn() {
        StandInDriver.use();
    }

    @BeforeEach
    void open() {
        context = CudaContext.open(0);
        stream = context.newStream();
        memories = new DeviceMemories();
        pool = new DevicePool(stream, memories);
    }

    @AfterEach
    void close() {
        pool.close();
        stream.close();
        context.close();
    }

    @Test
    void memoryOfTheSameSizeIsReused() {
        DeviceMemory first = pool.take(1000);
        DeviceMemory second = pool.take(1000);
        assertThat(first.address()).isNotEqualTo(second.address());
        assertThat(first.bytes()).isEqualTo(1024);
        assertThat(pool.takenBytes()).isEqualTo(2048);
        pool.release(first, null);
        assertThat(pool.takenBytes()).isEqualTo(1024);
        assertThat(pool.allocatedBytes()).isEqualTo(2048);
        assertThat(pool.take(1025)).isNotSameAs(first);
        assertThat(pool.take(1024)).isSameAs(first);
        assertThat(pool.allocatedBytes()).isEqualTo(2048 + 1280);
    }

    @Test
    void closingFreesWhatIsNotInUseAndTheRestAsItComesBackOrWithTheLastPool() {
        long free = context.freeBytes();
        DevicePool other = new DevicePool(stream, memories);
        DeviceMemory unused = pool.take(0);
        DeviceMemory used = pool.take(300);
        other.take(600); // by something that has failed since
        assertThat(context.freeBytes()).isEqualTo(free - 256 - 512 - 768);
        pool.release(unused);
        pool.close();
        pool.close();
        assertThat(pool.allocatedBytes()).isEqualTo(512);
        assertThat(context.freeBytes()).isEqualTo(free - 512 - 768);
        pool.release(used);
        assertThat(pool.allocatedBytes()).isZero();
        assertThat(pool.takenBytes()).isZero();
        assertThat(context.freeBytes()).isEqualTo(free - 768);
        other.close();
        assertThat(context.freeBytes()).isEqualTo(free);
        assertThatIllegalStateException().isThrownBy(() -> pool.take(1)).withMessage("the pool of " + context.device() + " is closed");
    }

    @Test
    void memoryCannotBeGivenBackTwice() {
        DeviceMemory memory = pool.take(1);
        pool.release(memory);
        assertThatIllegalStateException().isThrownBy(() -> pool.release(memory)).withMessage("256 bytes are given back that are not taken");
        assertThatIllegalArgumentException().isThrownBy(() -> pool.take(-1)).withMessage("memory has no -1 bytes");
    }

    @Test
    void anArenaGivesTheSameAddressesAgain() {
        Arena arena = new Arena(pool, 1024);
        long[] sizes = {8, 700, 0, 5000, 256, 900, 100};
        long[] addresses = LongStream.of(sizes).map(arena::take).toArray();
        assertThat(addresses).doesNotHaveDuplicates();
        assertThat(LongStream.of(addresses).allMatch(address -> address % 256 == 0)).isTrue();
        assertThat(addresses[1]).isEqualTo(addresses[0] + 256);
        assertThat(arena.takenBytes()).isEqualTo(256 + 768 + 256 + 5120 + 256 + 1024 + 256);
        assertThat(arena.allocatedBytes()).isEqualTo(pool.takenBytes());
        long allocated = arena.allocatedBytes();
        arena.reset();
        assertThat(arena.takenBytes()).isZero();
        arena.take(3000);
        arena.reset();
        assertThat(LongStream.of(sizes).map(arena::take)).containsExactly(LongStream.of(addresses).boxed().toArray(Long[]::new));
        assertThat(arena.allocatedBytes()).isEqualTo(allocated);
        arena.close();
        assertThat(pool.takenBytes()).isZero();
        assertThatIllegalArgumentException().isThrownBy(() -> new Arena(pool, 255)).withMessage("a chunk has at least 256 bytes, not 255");
    }
}
