package io.ugatit.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.device.KeptThreads;
import io.ugatit.job.Options;
import io.ugatit.tensor.cuda.StandInDriver;
import io.ugatit.tensor.cuda.driver.OutOfDeviceMemoryException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(KeptThreads.class)
class BenchJobTest {
    /** The networks fit in it, but not what they compute. */
    private static final long LITTLE = 12_000_000;

    @BeforeEach
    void use() {
        StandInDriver.use();
    }

    @AfterEach
    void leave() {
        StandInDriver.limit(null);
        StandInDriver.leave();
    }

    @Test
    void nothingIsLeftOnAGpuThatHasTooLittleMemory() {
        BenchOptions options = Options.parse(BenchOptions.class, "--kernels", "cuda", "--size", "64", "--ch", "4", "--res-blocks", "1",
                "--global-layers", "3", "--local-layers", "3", "--batch", "16");
        long allocated = StandInDriver.count("ugatitAllocated");
        StandInDriver.limit(LITTLE);
        assertThatThrownBy(() -> new BenchJob(options).run()).isInstanceOf(OutOfDeviceMemoryException.class);
        assertThat(StandInDriver.count("ugatitAllocated")).isEqualTo(allocated);
    }
}
