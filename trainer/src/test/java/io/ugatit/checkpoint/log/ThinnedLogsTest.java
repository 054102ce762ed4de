package io.ugatit.checkpoint.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.ugatit.checkpoint.RunDirectory;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Logs of which more is added than they may hold: what is written can be read again. */
class ThinnedLogsTest {
    private static final int MOST_BYTES = 2000;
    @TempDir
    private Path folder;

    private RunDirectory run() {
        return new RunDirectory(new Configuration(), new org.apache.hadoop.fs.Path(folder.toUri()));
    }

    @Test
    void ofTooManyEvaluationsTheBestAndTheNewestStay() {
        EvaluationLog log = new EvaluationLog(run(), MOST_BYTES);
        for (long step = 1; step <= 100; step++) {
            double kid = step == 7 ? 0.001 : 0.01 + step / 1000.0;
            log.add(new EvaluationRow(step, "random-conv", "0".repeat(64), kid, kid, 0.001, 0.001));
        }
        List<Long> steps = log.rows().stream().map(EvaluationRow::step).toList();
        assertThat(steps).hasSizeBetween(5, 15).startsWith(7L).endsWith(98L, 99L, 100L);
        assertThat(folder.resolve("metrics/evaluations.jsonl").toFile().length()).isLessThanOrEqualTo(MOST_BYTES);
    }

    @Test
    void ofTooManyStartsTheFirstAndTheNewestStay() {
        StartLog log = new StartLog(run(), MOST_BYTES);
        for (long step = 1; step <= 30; step++) {
            log.add(start(step, 10));
        }
        List<Long> steps = log.starts().stream().map(TrainingStart::step).toList();
        assertThat(steps).hasSizeBetween(3, 15).startsWith(1L).endsWith(29L, 30L);
        log.add(start(31, 100));
        assertThat(log.starts()).as("that leaves room for no other").extracting(TrainingStart::step).containsExactly(31L);
        log.add(start(32, 1000));
        assertThat(log.starts()).as("that is too long itself").isEmpty();
    }

    private static TrainingStart start(long step, int hosts) {
        return new TrainingStart(step, "2026-11-30T00:00:00Z", "0.2.0", "17", "3.5.6", "yarn", Collections.nCopies(hosts, "executor-host"),
                List.of("cpu"), List.of("CPU"));
    }
}
