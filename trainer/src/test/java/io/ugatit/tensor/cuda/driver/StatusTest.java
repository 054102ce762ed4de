package io.ugatit.tensor.cuda.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.ugatit.tensor.cuda.StandInDriver;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatusTest {
    @AfterAll
    static void computeOnTheCpuAgain() {
        StandInDriver.leave();
    }

    @BeforeAll
    static void findTheStandIn() {
        StandInDriver.use();
        CudaDriver.require();
    }

    @ParameterizedTest
    @ValueSource(ints = {46, 100, 214, 700, 719, 999})
    void theProcessEndsWithTheGpu(int status) {
        assertThat(Status.failure("GPU 0 (NVIDIA A10) on here", "the launch of add", status)).isInstanceOf(DeviceLostException.class)
                .hasMessageStartingWith("GPU 0 (NVIDIA A10) on here has failed at the launch of add or before it (")
                .hasMessageContaining("status " + status)
                .hasMessageContaining("this process cannot use it any more and must be started again");
    }

    @Test
    void otherFailuresAreRefusals() {
        assertThat(Status.failure("GPU 0 (NVIDIA A10) on here", "the launch of add", 12_345)).isNotInstanceOf(DeviceLostException.class)
                .hasMessage("GPU 0 (NVIDIA A10) on here refuses the launch of add (status 12345)");
    }
}
