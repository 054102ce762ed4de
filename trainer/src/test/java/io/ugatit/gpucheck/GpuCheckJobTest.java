package io.ugatit.gpucheck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.tensor.cuda.StandInDriver;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The check on a CPU in a GPU's place, with the smallest networks. */
class GpuCheckJobTest {
    /** Without tensor cores there is one precision, and half of the work. */
    private static final Map<String, String> ONE_PRECISION = Map.of("UGATIT_CUDA_CAPABILITY", "75");

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    @AfterEach
    void leaveTheDriver() {
        StandInDriver.leave();
    }

    private GpuCheckResult check(String only, int minutes, Map<String, String> environment) {
        StandInDriver.use();
        return new GpuCheckJob(new GpuCheckOptions(0, minutes, only, Extent.TINY), new PrintStream(said, true, StandardCharsets.UTF_8),
                environment).run();
    }

    @Test
    @Tag("slow")
    void everyStagePasses() {
        GpuCheckResult result = check(null, 10, ONE_PRECISION);
        assertThat(result.stages()).allMatch(StageReport::passed, "passed").extracting(StageReport::stage).containsExactly(Stage.values());
        assertThat(result.passed()).isTrue();
        JsonNode json = result.toJson();
        assertThat(json.get("passed").booleanValue()).isTrue();
        assertThat(json.get("gpu").textValue()).isEqualTo("CPU in the place of a GPU");
        JsonNode contract = json.get("stages").get(1).get("findings");
        assertThat(contract).hasSize(1);
        assertThat(contract.get(0).get("error").doubleValue()).isBetween(1e-12, 1e-4);
        JsonNode resume = json.get("stages").get(4).get("findings").get(0);
        assertThat(resume.get("sha256").textValue()).hasSize(64).isEqualTo(resume.get("resumed_sha256").textValue());
        assertThat(resume.get("resumed_from").intValue()).isIn(6, 9); // a checkpoint more if the kill came late
        assertThat(json.get("stages").get(5).get("findings")).extracting(finding -> finding.get("graph").booleanValue())
                .containsExactly(true, false);
        assertThat(result.table()).contains("| resume | all of it | " + seconds(result, 4) + " | passed |");
        assertThat(said.toString(StandardCharsets.UTF_8)).contains("devices passed in").contains("times passed in");
    }

    private static String seconds(GpuCheckResult result, int stage) {
        return String.format(Locale.ROOT, "%.1f s", result.stages().get(stage).seconds());
    }

    @Test
    void aGpuThatIsLostFailsItsStageOnly() {
        GpuCheckResult result = check("devices,shapes", 10, Map.of("UGATIT_CUDA_CAPABILITY", "75", "UGATIT_CUDA_FAIL_AT", "20"));
        assertThat(result.passed()).isFalse();
        assertThat(result.failed()).isEqualTo("shapes");
        assertThat(result.stages().get(0).passed()).isTrue();
        assertThat(result.stages().get(1).problem()).contains("CUDA_ERROR_UNKNOWN").contains("this process cannot use it any more");
        assertThat(result.toJson().get("passed").booleanValue()).isFalse();
        assertThat(result.table()).last().asString().endsWith("| FAILED |");
    }

    @Test
    void withoutADriverTheRequestIsWrong() {
        StandInDriver.leave();
        assertThatThrownBy(() -> new GpuCheckJob(new GpuCheckOptions(0, 10, null, Extent.TINY), System.out).run())
                .isInstanceOf(InvalidRequestException.class).hasMessageStartingWith("--gpu is 0, but ").hasMessageNotContaining("\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "0; 10; stepps; --only is 'stepps': must be some of devices, contract, shapes, steps, resume, times, with commas between them",
        "0; 0; steps; --minutes is 0: must be from 1 to 600", "-1; 10; steps; --gpu is -1: must be from 0 to 1023"})
    void wrongOptionsAreNamedWithWhatWouldBeRight(int gpu, int minutes, String only, String message) {
        assertThatThrownBy(() -> new GpuCheckOptions(gpu, minutes, only, Extent.TINY)).isInstanceOf(InvalidRequestException.class)
                .hasMessage(message);
    }
}
