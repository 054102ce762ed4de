package io.ugatit.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.checkpoint.CheckpointStore;
import io.ugatit.checkpoint.log.EvaluationLog;
import io.ugatit.checkpoint.log.EvaluationRow;
import io.ugatit.evaluate.TinyImages;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.Options;
import io.ugatit.prep.PrepJob;
import io.ugatit.prep.PrepOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A training that ends when its hours have passed. */
@Tag("slow")
class HoursTest {
    @TempDir
    private static Path folder;
    private static SparkSession spark;
    private static String data;

    @BeforeAll
    static void prepare() throws IOException {
        spark = SmallTraining.session("local[1]");
        TinyImages.write(folder.resolve("images"), 4, 1);
        data = folder.resolve("dataset").toString();
        new PrepJob(spark, Options.parse(PrepOptions.class, "--input", folder.resolve("images").toString(), "--output", data, "--size", "16"),
                new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)).run();
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    /** Rounds of 2 steps. */
    private static TrainResult train(Path run, String... more) {
        return SmallTraining.train(spark, SmallTraining.options(data, run, Stream.concat(Stream.of("--steps", "6", "--averaging-frequency", "2"),
                Stream.of(more)).toArray(String[]::new)));
    }

    private static List<Long> checkpoints(Path run) {
        return new CheckpointStore(SmallTraining.directory(run)).steps();
    }

    /** Lets every round have taken so long. */
    private static void roundsTook(Path run, int seconds) throws IOException {
        try (Stream<Path> files = Files.list(run.resolve("rounds"))) {
            for (Path file : files.filter(path -> path.toString().endsWith(".jsonl")).toList()) {
                Files.writeString(file, Files.readString(file).replaceAll("\"elapsed_seconds\":[0-9.E-]+", "\"elapsed_seconds\":" + seconds));
            }
        }
    }

    @Test
    void theRoundInWhichTheyHavePassedIsTheLastAndItsCheckpointIsPublishedAndJudged() {
        Path run = folder.resolve("short");
        TrainResult result = train(run, "--hours", "1e-9", "--evaluate-every", "50");
        assertThat(result.steps()).isEqualTo(2);
        assertThat(result.stoppedEarly()).isTrue();
        assertThat(result.timeIsUp()).isTrue();
        assertThat(checkpoints(run)).containsExactly(2L);
        assertThat(new EvaluationLog(SmallTraining.directory(run)).rows()).extracting(EvaluationRow::step).containsExactly(2L);

        TrainResult again = train(run, "--hours", "1e-9", "--evaluate-every", "50");
        assertThat(again.stepsNow()).isZero();
        assertThat(again.timeIsUp()).isTrue();
    }

    @Test
    void whatIsWaitedForBetweenRoundsCounts() {
        TrainOptions options = SmallTraining.options(data, folder.resolve("waits"), "--steps", "8", "--averaging-frequency", "2", "--hours", "0.001");
        TrainResult result = new TrainJob(spark, options, new SmallTraining.Silent() {
            @Override
            public void round(long step, double dLoss, double gLoss) {
                long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(3600);
                while (System.nanoTime() - until < 0) {
                    Thread.onSpinWait();
                }
            }
        }).run();
        assertThat(result.timeIsUp()).isTrue();
        assertThat(result.steps()).isBetween(2L, 4L);
    }

    @Test
    void theyCountOverAllStartsAndMoreOfThemLetTheRunGoOnToTheSameBits() throws Exception {
        Path whole = folder.resolve("whole");
        TrainResult undisturbed = train(whole, "--hours", "1000");
        assertThat(undisturbed.steps()).isEqualTo(6);
        assertThat(undisturbed.stoppedEarly()).isFalse();

        Path run = folder.resolve("often");
        train(run, "--hours", "1e-9");
        roundsTook(run, 3600);
        assertThat(train(run, "--hours", "1").stepsNow()).isZero();
        assertThat(train(run, "--hours", "1.0000001").steps()).as("a round more").isEqualTo(4);
        TrainResult last = train(run);
        assertThat(last.steps()).isEqualTo(6);
        assertThat(last.timeIsUp()).isFalse();
        String newest = "checkpoints/step-00000006/parameters.safetensors";
        assertThat(SmallTraining.bits(run).get(newest)).isEqualTo(SmallTraining.bits(whole).get(newest)).isNotNull();
    }

    @Test
    void hoursThatAreNoneAreRefused() {
        for (String hours : List.of("-1", "1e9", "100001")) {
            assertThatThrownBy(() -> SmallTraining.options(data, folder.resolve("none"), "--hours", hours))
                    .isInstanceOf(InvalidRequestException.class).hasMessageStartingWith("--hours is ")
                    .hasMessageEndingWith(": must be from 0, for no limit, to 100000");
        }
    }
}
