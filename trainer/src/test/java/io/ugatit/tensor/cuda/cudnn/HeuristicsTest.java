package io.ugatit.tensor.cuda.cudnn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.job.Host;
import io.ugatit.job.JobFailedException;
import io.ugatit.tensor.cuda.StandInCudnn;
import io.ugatit.tensor.cuda.StandInDriver;
import io.ugatit.tensor.cuda.cudnn.Convolution.Pass;
import io.ugatit.tensor.cuda.driver.CudaContext;
import io.ugatit.tensor.cuda.driver.CudaStream;
import io.ugatit.tensor.cuda.driver.OutOfDeviceMemoryException;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which of the stand-in's engines is taken; the workspace tells which it is. */
class HeuristicsTest {
    @BeforeEach
    void use() {
        StandInCudnn.use();
    }

    @AfterEach
    void switchOff() {
        StandInCudnn.reset();
        StandInDriver.use();
        StandInDriver.leave();
    }

    @ParameterizedTest(name = "{0} to {1}")
    @CsvSource({"UGATIT_CUDNN_PLAN, 1001", "UGATIT_CUDNN_PLAN, 4003", "UGATIT_CUDNN_PLAN, 5003",
        "UGATIT_CUDNN_GRAPH, 4003"})
    void whatFailsIsNotTakenForAnEngineThatIsNotThere(String variable, String status) {
        long handles = StandInCudnn.count("ugatitCudnnHandles");
        long descriptors = StandInCudnn.count("ugatitCudnnDescriptors");
        StandInCudnn.set(variable, status);
        assertThatThrownBy(() -> workspace(Pass.FORWARD, Factors.FP32)).isExactlyInstanceOf(JobFailedException.class)
                .hasMessageStartingWith("GPU 0 (CPU in the place of a GPU) on " + Host.name() + " refuses ")
                .hasMessageContaining("cuDNN 9.5.3 refuses ").hasMessageContaining("status " + status)
                .hasMessageEndingWith("): -Dugatit.cudnn.library=none does without cuDNN");
        assertThat(StandInCudnn.count("ugatitCudnnDescriptors")).as("descriptors").isEqualTo(descriptors);
        assertThat(StandInCudnn.count("ugatitCudnnHandles")).as("handles").isEqualTo(handles);
    }

    @Test
    void aPlanWithoutMemoryIsNotTakenForAnEngineThatIsNotThere() {
        StandInCudnn.set(StandInCudnn.PLAN, "4004");
        assertThatThrownBy(() -> workspace(Pass.FORWARD, Factors.FP32)).isInstanceOf(OutOfDeviceMemoryException.class)
                .hasMessageContaining(" has not enough memory for ").hasMessageContaining("cuDNN 9.5.3 refuses a plan (")
                .hasMessageContaining("status 4004");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1002", "1008", "2000", "3000", "3007", "3014", "4000", "4001"})
    void whatIsRefusedEveryTimeLeavesNoEngine(String status) {
        StandInCudnn.set(StandInCudnn.PLAN, status);
        assertThat(workspace(Pass.FORWARD, Factors.FP32)).isEmpty();
        StandInCudnn.reset();
        StandInCudnn.set(StandInCudnn.GRAPH, status);
        assertThat(workspace(Pass.FORWARD, Factors.FP32)).isEmpty();
    }

    private static Optional<Long> workspace(Pass pass, Factors factors) {
        try (CudaContext context = CudaContext.open(0); CudaStream stream = context.newStream();
                CudnnStream cudnn = CudnnStream.open(stream)) {
            Convolution convolution = new Convolution(pass, factors, 2, 8, 12, 3, 2, 10, 11);
            Optional<Plan> plan = cudnn.plan(convolution);
            assertThat(cudnn.plan(convolution)).isSameAs(plan);
            return plan.map(Plan::workspaceBytes);
        }
    }

    @ParameterizedTest
    @EnumSource(Pass.class)
    void singlePrecisionTakesTheFirstThatIsDeterministicAndWithoutTensorCores(Pass pass) {
        assertThat(workspace(pass, Factors.FP32)).contains(1000L);
    }

    @ParameterizedTest
    @EnumSource(Pass.class)
    void theOthersTakeTheFirstThatIsDeterministicAndConvertsNothingToHalves(Pass pass) {
        assertThat(workspace(pass, Factors.TF32)).contains(512L);
        assertThat(workspace(pass, Factors.BF16)).contains(512L);
    }

    @ParameterizedTest(name = "proposed {0}, then {1}")
    @CsvSource({"0, 06, 0", "'', 6, 0", "2, 5, 1000", "3, 5, 1000", "4, 06, 0", "1, 15, 1000"})
    void whatAlwaysWorksIsTakenIfNothingElseWillDo(String proposed, String fallback, long workspace) {
        StandInCudnn.set(StandInCudnn.PROPOSES, proposed);
        StandInCudnn.set(StandInCudnn.FALLS_BACK, fallback);
        assertThat(workspace(Pass.FORWARD, Factors.FP32)).contains(workspace);
    }

    @ParameterizedTest(name = "proposed {0}, then {1}")
    @CsvSource({"0, 0", "7, 7", "'', ''", "2, 3", "01234, 4", "1, 1"})
    void nothingIsTakenThatWillNotDo(String proposed, String fallback) {
        StandInCudnn.set(StandInCudnn.PROPOSES, proposed);
        StandInCudnn.set(StandInCudnn.FALLS_BACK, fallback);
        assertThat(workspace(Pass.FORWARD, Factors.FP32)).isEmpty();
    }
}
