package io.ugatit.checkpoint.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.job.InvalidRequestException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsLogTest {
    @TempDir
    private Path run;
    private MetricsLog log;

    @BeforeEach
    void open() {
        log = reopened();
    }

    @Test
    void aRunWithoutMetricsHasNoRows() {
        assertThat(rows()).isEmpty();
        log.publish(10);
        log.dropAfter(0);
        assertThat(run.resolve("metrics")).doesNotExist();
    }

    @Test
    void rowsAreReadInTheOrderOfStepAndWorkerWhateverOrderTheyCameIn() throws IOException {
        log.append(List.of(row(2, 1), row(1, 1)));
        log.append(List.of(row(2, 0), row(1, 0)));
        log.publish(2);
        log.append(List.of(row(3, 1), row(3, 0), row(4, 0)));
        log.publish(3);

        assertThat(rows()).containsExactly("1/0", "1/1", "2/0", "2/1", "3/0", "3/1");
        assertThat(names()).containsExactly("steps-00000001-00000002.jsonl", "steps-00000003-00000003.jsonl");
        assertThat(Files.readAllLines(run.resolve("metrics/steps-00000003-00000003.jsonl")))
                .containsExactly("{\"step\":3,\"worker\":0,\"g_total\":1.5}", "{\"step\":3,\"worker\":1,\"g_total\":1.5}");

        log.publish(4);
        assertThat(rows()).endsWith("3/1", "4/0");
    }

    @Test
    void aRunResumedInTheMiddleOfAFileEndsInTheSameRows() throws IOException {
        publishSteps(log, 1, 10);
        publishSteps(log, 11, 20);
        publishSteps(log, 21, 30);

        MetricsLog resumed = reopened();
        resumed.append(List.of(row(15, 0)));
        resumed.dropAfter(14);

        assertThat(names()).containsExactly("steps-00000001-00000010.jsonl", "steps-00000011-00000014.jsonl");
        resumed.publish(20);
        assertThat(rows()).hasSize(14).endsWith("13/0", "14/0");
        publishSteps(resumed, 15, 20);
        publishSteps(resumed, 21, 30);
        assertThat(rows()).hasSize(30).startsWith("1/0").endsWith("29/0", "30/0").doesNotHaveDuplicates();
    }

    @Test
    void soManyRowsAreNotHeldUntilTheNextCheckpoint() throws IOException {
        for (int step = 1; step <= 50_001; step++) {
            log.append(List.of(row(step, 0), row(step, 1)));
            assertThat(log.isFull()).isEqualTo(step == 50_000);
            if (log.isFull()) {
                log.publish(step);
            }
        }

        assertThat(names()).containsExactly("steps-00000001-00050000.jsonl");
        log.dropAfter(0); // no checkpoint came
        assertThat(names()).isEmpty();
    }

    @Test
    void publishingTheSameStepsAgainReplacesThem() throws IOException {
        publishSteps(log, 1, 5);
        publishSteps(reopened(), 1, 5);

        assertThat(rows()).containsExactly("1/0", "2/0", "3/0", "4/0", "5/0");
    }

    @Test
    void rowsAreReadOnceIfDroppingWasKilledBetweenItsTwoSteps() throws IOException {
        publishSteps(log, 1, 4);
        Files.copy(run.resolve("metrics/steps-00000001-00000004.jsonl"), run.resolve("metrics/steps-00000001-00000002.jsonl"));
        log.dropAfter(2);
        publishSteps(log, 1, 4);

        assertThat(rows()).containsExactly("1/0", "2/0", "3/0", "4/0");
        log.dropAfter(2);
        assertThat(names()).containsExactly("steps-00000001-00000002.jsonl");
        assertThat(rows()).containsExactly("1/0", "2/0");
    }

    @Test
    void aLineThatIsNoRowIsNamed() throws IOException {
        publishSteps(log, 1, 2);
        Path file = run.resolve("metrics/steps-00000001-00000002.jsonl");
        String good = "{\"step\":1,\"worker\":0}\n";

        Files.writeString(file, good + "{\"step\":");
        assertBroken(file, ":2: ends without a line feed, the file was cut");
        Files.writeString(file, good + "{\"step\":\n");
        assertBroken(file, ":2: is not valid JSON");
        Files.writeString(file, good + "\n");
        assertBroken(file, ":2: is not a row of metrics: it needs a whole step and worker");
        Files.writeString(file, good + good + "{\"step\":1.5,\"worker\":0}\n");
        assertBroken(file, ":3: is not a row of metrics: it needs a whole step and worker");
        Files.writeString(file, good + "x".repeat(70_000) + "\n");
        assertBroken(file, ":2: is longer than 65536 bytes");
    }

    @Test
    void aRowWithoutStepOrWorkerIsRefused() {
        ObjectNode row = JsonNodeFactory.instance.objectNode().put("step", 1);

        assertThatThrownBy(() -> log.append(List.of(row))).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a row needs a whole step and worker: {\"step\":1}");
    }

    private void assertBroken(Path file, String message) {
        assertThatThrownBy(this::rows).isInstanceOf(InvalidRequestException.class).hasMessage("file:" + file + message);
    }

    private MetricsLog reopened() {
        return new MetricsLog(new RunDirectory(new Configuration(), new org.apache.hadoop.fs.Path(run.toUri())));
    }

    private static void publishSteps(MetricsLog log, int first, int last) {
        for (int step = first; step <= last; step++) {
            log.append(List.of(row(step, 0)));
        }
        log.publish(last);
    }

    private static ObjectNode row(long step, int worker) {
        return JsonNodeFactory.instance.objectNode().put("step", step).put("worker", worker).put("g_total", 1.5);
    }

    private List<String> rows() {
        List<String> rows = new ArrayList<>();
        reopened().forEach(row -> rows.add(row.get("step") + "/" + row.get("worker")));
        return rows;
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(run.resolve("metrics"))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
