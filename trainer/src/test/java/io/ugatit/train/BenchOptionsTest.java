package io.ugatit.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.Options;
import org.junit.jupiter.api.Test;

class BenchOptionsTest {
    @Test
    void kernelsForCpusThatDoNotReachAreRefused() {
        assertThatThrownBy(() -> Options.parse(BenchOptions.class, "--size", "1024", "--batch", "4", "--kernels", "cpu"))
                .isInstanceOf(InvalidRequestException.class).hasMessage("--kernels is cpu, which reaches 2147483647 bytes of a feature map, but"
                        + " the largest takes 2155880448: give --kernels nd4j, or make size, batch or channels smaller");
        assertThat(Options.parse(BenchOptions.class, "--size", "1024", "--batch", "3", "--kernels", "cpu").batch()).isEqualTo(3);
        assertThat(Options.parse(BenchOptions.class, "--size", "1024", "--batch", "4").batch()).isEqualTo(4);
    }
}
