package io.ugatit.tensor.cuda.cudnn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.job.Host;
import io.ugatit.job.JobFailedException;
import io.ugatit.tensor.cuda.StandInCudnn;
import io.ugatit.tensor.cuda.StandInDriver;
import io.ugatit.tensor.cuda.driver.CudaContext;
import io.ugatit.tensor.cuda.driver.CudaStream;
import io.ugatit.tensor.cuda.driver.OutOfDeviceMemoryException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which failures of its start mean that cuDNN is not for this machine, and which that something has gone wrong. */
class CudnnStreamTest {
    private long handles;

    @BeforeEach
    void use() {
        StandInCudnn.use();
        handles = StandInCudnn.count("ugatitCudnnHandles");
    }

    @AfterEach
    void switchOff() {
        assertThat(StandInCudnn.count("ugatitCudnnHandles")).as("handles").isEqualTo(handles);
        StandInCudnn.reset();
        StandInDriver.use();
        StandInDriver.leave();
    }

    private static void open() {
        try (CudaContext context = CudaContext.open(0); CudaStream stream = context.newStream()) {
            CudnnStream.open(stream).close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1002", "1008", "3005", "3006", "3007", "3009"})
    void oneThatDoesNotFitIsUnavailable(String status) {
        StandInCudnn.set(StandInCudnn.CREATE, status);
        assertThatThrownBy(CudnnStreamTest::open).isInstanceOf(CudnnUnavailableException.class)
                .hasMessageStartingWith("cuDNN 9.5.3 does not start on GPU 0 (CPU in the place of a GPU) on " + Host.name() + " (CUDNN_")
                .hasMessageContaining("status " + status).hasMessageEndingWith("): it must fit the GPU and its driver");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1001", "1005", "2000", "4000", "4003", "5003"})
    void aStartThatFailsFailsTheJob(String status) {
        StandInCudnn.set(StandInCudnn.CREATE, status);
        assertThatThrownBy(CudnnStreamTest::open).isExactlyInstanceOf(JobFailedException.class)
                .hasMessageStartingWith("GPU 0 (CPU in the place of a GPU) on " + Host.name() + " refuses the start of cuDNN 9.5.3 (CUDNN_")
                .hasMessageContaining("status " + status).hasMessageEndingWith("): -Dugatit.cudnn.library=none does without cuDNN");
    }

    @Test
    void aStartWithoutMemorySaysWhatIsFree() {
        StandInCudnn.set(StandInCudnn.CREATE, "4004");
        assertThatThrownBy(CudnnStreamTest::open).isExactlyInstanceOf(OutOfDeviceMemoryException.class)
                .hasMessageStartingWith("GPU 0 (CPU in the place of a GPU) on " + Host.name()
                        + " has not enough memory for the start of cuDNN 9.5.3, CUDNN_STATUS_INTERNAL_ERROR, status 4004: ")
                .hasMessageContaining(" bytes are free): end what else runs there");
    }

    @Test
    void nothingIsLeftIfAStreamIsRefused() {
        StandInCudnn.set(StandInCudnn.SET_STREAM, "5003");
        assertThatThrownBy(CudnnStreamTest::open).isExactlyInstanceOf(JobFailedException.class)
                .hasMessageContaining(" refuses a stream of cuDNN 9.5.3 (").hasMessageContaining("status 5003");
    }
}
