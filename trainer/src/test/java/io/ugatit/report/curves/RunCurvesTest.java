package io.ugatit.report.curves;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.ugatit.checkpoint.CheckpointStore;
import io.ugatit.checkpoint.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class RunCurvesTest {
    @TempDir
    Path folder;

    @Test
    void runsAreComparedByTheMeansOfBothDomains() throws IOException {
        Map<String, RunDirectory> runs = new LinkedHashMap<>();
        runs.put("first", metrics("one", 3));
        runs.put("second", metrics("two", 5));

        // (1 + 3) / 2 and (1 + 5) / 2
        assertThat(LossCurves.compare(runs).html()).contains("Cycle; first from 2 to 2, least 2; second from 3 to 3, least 3. Identity")
                .contains("Learning rate; first from 1e-4").doesNotContain("domain");
        assertThat(LossCurves.of(runs.get("second")).html()).contains("Cycle; domain A from 1 to 1, least 1; domain B from 5 to 5, least 5");
        assertThatThrownBy(() -> LossCurves.compare(Map.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void rhoOfARunThatWroteDownNoRoundsIsTheMeanOverALayersChannelsAtEveryCheckpoint() throws IOException {
        RunDirectory run = run("rho");
        CheckpointStore store = new CheckpointStore(run);
        for (int step = 10; step <= 30; step += 10) {
            store.publish(step, Map.of(
                    "genA2B.UpBlock1_1.norm1.rho", rho(0.9 - step / 100.0, 0.9), "genA2B.UpBlock1_1.norm2.rho", rho(0.9, 0.9),
                    "genA2B.UpBlock2.3.rho", rho(step / 100.0), "genA2B.UpBlock2.8.rho", rho(0.5), "genB2A.UpBlock1_1.norm1.rho", rho(0.25),
                    "genA2B.UpBlock2.3.gamma", rho(7)), Map.of(), JsonNodeFactory.instance.objectNode());
        }
        Files.write(folder.resolve("rho/checkpoints/step-00000020/parameters.safetensors"), new byte[3]);

        String html = RhoCurves.of(run).html();

        assertThat(html).contains("AdaLIN, A to B; block 1.1 from 0.85 to 0.75, least 0.75; block 1.2 from 0.9 to 0.9, least 0.9.")
                .contains("LIN, A to B; layer 1 from 0.1 to 0.3, least 0.1; layer 2 from 0.5 to 0.5, least 0.5.")
                .contains("AdaLIN, B to A; block 1.1 from 0.25 to 0.25, least 0.25\"");
        assertThat(store.all()).as("the damaged one is left out").extracting(checkpoint -> checkpoint.step()).containsExactly(10L, 30L);
    }

    @Test
    void aRunWithoutCheckpointsHasNoRho() {
        assertThat(RhoCurves.of(run("new")).html()).contains("no values yet");
    }

    @Test
    void aLossThatIsTooLargeToBeOneIsLeftOutAsIfItWereNotFinite() throws IOException {
        RunDirectory run = metrics("large", "1e308");

        assertThat(LossCurves.of(run).html()).contains("Cycle; domain A from 1 to 1, least 1. Identity");
        assertThat(MetricsReader.read(run, 10).notFinite()).isEqualTo(1);
    }

    @Test
    void ofManyRoundsTheMemoryChartShowsTheHighestPeaksAndTheSpeedsMeans() throws IOException {
        Files.createDirectories(folder.resolve("long/rounds"));
        StringBuilder rows = new StringBuilder();
        for (int step = 0; step < 8; step++) {
            rows.append("{\"step\":").append(step).append(",\"time\":\"2026-11-30T00:00:00Z\",\"seconds\":2,\"averaging_seconds\":1,")
                    .append("\"images_per_second\":").append(step).append(step == 3 ? ",\"peak_bytes\":9e9" : step == 4 ? ""
                            : ",\"peak_bytes\":1e9").append(",\"rho\":{}}\n");
        }
        Files.writeString(folder.resolve("long/rounds/rounds-00000000-00000007.jsonl"), rows);
        Rounds rounds = RoundsReader.read(run("long"), 2);
        assertThat(rounds.peakBytes().values()).containsExactly(9e9, 1e9);
        assertThat(rounds.imagesPerSecond().values()).containsExactly(1.5, 5.5);
    }

    private RunDirectory metrics(String name, int cycleB) throws IOException {
        return metrics(name, Integer.toString(cycleB));
    }

    private RunDirectory metrics(String name, String cycleB) throws IOException {
        Files.createDirectories(folder.resolve(name + "/metrics"));
        Files.writeString(folder.resolve(name + "/metrics/steps-00000001-00000001.jsonl"),
                "{\"step\":1,\"worker\":0,\"lr\":1e-4,\"g_cycle_a\":1,\"g_cycle_b\":" + cycleB + ",\"g_identity_a\":1,\"g_identity_b\":1}\n");
        return run(name);
    }

    private RunDirectory run(String name) {
        return new RunDirectory(new Configuration(), new org.apache.hadoop.fs.Path(folder.resolve(name).toUri()));
    }

    private static INDArray rho(double... values) {
        return Nd4j.createFromArray(values).castTo(DataType.FLOAT).reshape(1, values.length, 1, 1);
    }
}
