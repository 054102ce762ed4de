package io.ugatit.tensor.cuda.cudnn;

import static org.assertj.core.api.Assertions.assertThat;

import io.ugatit.tensor.cuda.StandInCudnn;
import io.ugatit.tensor.cuda.StandInDriver;
import io.ugatit.tensor.cuda.cudnn.Convolution.Pass;
import io.ugatit.tensor.cuda.driver.CudaContext;
import io.ugatit.tensor.cuda.driver.CudaStream;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Which of the stand-in's engines is taken; the workspace tells which it is. */
class HeuristicsTest {
    @BeforeEach
    void use() {
        StandInCudnn.use();
    }

    @AfterEach
    void switchOff() {
        StandInCudnn.set(StandInCudnn.PROPOSES, null);
        StandInCudnn.set(StandInCudnn.FALLS_BACK, null);
        StandInDriver.use();
        StandInDriver.leave();
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
