package io.ugatit.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ugatit.device.KeptThreads;
import io.ugatit.job.Options;
import io.ugatit.tensor.cuda.StandInDriver;
import io.ugatit.tensor.cuda.driver.OutOfDeviceMemoryException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(KeptThreads.class)
class BenchJobTest {
    /** The networks fit in it, but not what they compute. */
    private static final long LITTLE = 12_000_000;

    @AfterEach
    void leaveTheGpu() {
        StandInDriver.limit(null);
        StandInDriver.leave();
    }

    private static JsonNode measured(String... more) throws Exception {
        List<String> words = new ArrayList<>(List.of("--size", "32", "--ch", "4", "--res-blocks", "1", "--global-layers", "3", "--local-layers", "3",
                "--light", "--threads", "1", "--steps", "2", "--kernels", "nd4j"));
        words.addAll(List.of(more));
        BenchOptions options = Options.parse(BenchOptions.class, words.toArray(String[]::new));
        return new ObjectMapper().readTree(new BenchJob(options, 0).run().toJson(options));
    }

    @Test
    void theLineSaysWhatWasAskedForAndWhatItTook() throws Exception {
        JsonNode line = measured();
        assertThat(line.toString()).startsWith("{\"size\":32,\"ch\":4,\"light\":true,\"batch\":1,\"threads\":1,\"step_s\":");
        assertThat(line.get("kernels").textValue()).isEqualTo("nd4j");
        assertThat(line.get("generator_forward_s").doubleValue()).isPositive().isLessThan(line.get("step_s").doubleValue());
        assertThat(line.get("peak_rss_mb").intValue()).isGreaterThan(50);
        assertThat(line.get("step_gflops").doubleValue()).isPositive();
        assertThat(line.has("peak_gflops")).as("known of CPUs with vectors only").isFalse();
    }

    /** A step has 2 batches through each of the networks, forward and back several times; a translation goes through one generator once. */
    @Test
    void operationsGrowWithTheBatch() throws Exception {
        JsonNode one = measured();
        JsonNode two = measured("--batch", "2");
        assertThat(operations(two, "step")).isCloseTo(2 * operations(one, "step"), within(0.02));
        assertThat(operations(two, "forward")).isCloseTo(2 * operations(one, "forward"), within(0.02));
        assertThat(operations(one, "step")).isGreaterThan(10 * operations(one, "forward"));
    }

    @Test
    void operationsAreComparedWithWhatTheThreadsCanDo() throws Exception {
        BenchResult result = new BenchResult(0.5, 0.125, 1000, "cpu", 10_000_000_000L, 1_000_000_000L, OptionalDouble.of(80e9));
        JsonNode line = new ObjectMapper().readTree(result.toJson(Options.parse(BenchOptions.class)));
        assertThat(List.of(line.get("step_gflops"), line.get("forward_gflops"), line.get("peak_gflops"), line.get("step_of_peak"),
                line.get("forward_of_peak"))).extracting(JsonNode::doubleValue).containsExactly(20.0, 8.0, 80.0, 0.25, 0.1);
    }

    @Test
    void nothingIsLeftOnAGpuThatHasTooLittleMemory() {
        StandInDriver.use();
        BenchOptions options = Options.parse(BenchOptions.class, "--kernels", "cuda", "--size", "64", "--ch", "4", "--res-blocks", "1",
                "--global-layers", "3", "--local-layers", "3", "--batch", "16");
        long allocated = StandInDriver.count("ugatitAllocated");
        StandInDriver.limit(LITTLE);
        assertThatThrownBy(() -> new BenchJob(options).run()).isInstanceOf(OutOfDeviceMemoryException.class);
        assertThat(StandInDriver.count("ugatitAllocated")).isEqualTo(allocated);
    }

    private static double operations(JsonNode line, String what) {
        return line.get(what + "_gflops").doubleValue() * line.get(what.equals("step") ? "step_s" : "generator_forward_s").doubleValue();
    }

    private static Percentage within(double share) {
        return Percentage.withPercentage(100 * share);
    }
}
