package io.ugatit.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.ugatit.checkpoint.CheckpointStore;
import io.ugatit.checkpoint.log.EvaluationLog;
import io.ugatit.checkpoint.log.EvaluationRow;
import io.ugatit.cluster.SmallTraining.Silent;
import io.ugatit.evaluate.TinyImages;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.Options;
import io.ugatit.model.UgatitGraph;
import io.ugatit.prep.PrepJob;
import io.ugatit.prep.PrepOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Evaluations beside a training: what they find is kept, BEST follows from it, and patience ends the training where it always ends it. */
@Tag("slow")
class EvaluateEveryTest {
    /** So small a rate that no translation changes: every evaluation finds the same. */
    private static final String[] STANDING_STILL = {"--steps", "20", "--lr", "1e-12", "--evaluate-every", "1"};
    private static final PrintStream NOWHERE = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    @TempDir
    private static Path folder;
    private static SparkSession spark;
    private static String data;
    private static Path uninterrupted;
    private static final Hearing HEARD = new Hearing();

    @BeforeAll
    static void trainWithoutInterruption() throws Exception {
        spark = SmallTraining.session("local[2]");
        data = dataset("dataset");
        uninterrupted = folder.resolve("uninterrupted");
        TrainResult result = new TrainJob(spark, options(uninterrupted), HEARD).run();
        assertThat(result.stoppedEarly()).isFalse();
        assertThat(result.best()).isEqualTo(lowest(uninterrupted));
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    private static String dataset(String name) throws Exception {
        TinyImages.write(folder.resolve("images"), 4, 1);
        Path target = folder.resolve(name);
        new PrepJob(spark, Options.parse(PrepOptions.class, "--input", folder.resolve("images").toString(), "--output", target.toString(),
                "--size", "16"), NOWHERE).run();
        return target.toString();
    }

    /** Rounds of one step, judged at 2, 4, 6 and at the end, 7; checkpoints at 3 and 6 too. */
    private static TrainOptions options(Path run, String... more) {
        String[] usual = {"--steps", "7", "--lr", "1e-2", "--evaluate-every", "2", "--checkpoint-every", "3", "--keep", "9"};
        return SmallTraining.options(data, run, Stream.concat(Stream.of("--workers", "2", "--averaging-frequency", "1"),
                Stream.of(more.length > 0 ? more : usual)).toArray(String[]::new));
    }

    private static List<EvaluationRow> rows(Path run) {
        return new EvaluationLog(SmallTraining.directory(run)).rows();
    }

    private static List<Long> steps(Path run) {
        return rows(run).stream().map(EvaluationRow::step).toList();
    }

    private static long lowest(Path run) {
        return rows(run).stream().min(Comparator.comparingDouble(EvaluationRow::kid)).orElseThrow().step();
    }

    private static class Hearing extends Silent {
        final List<String> heard = new ArrayList<>();

        @Override
        public void evaluated(long step, double kid, boolean best) {
            heard.add(step + " " + kid + (best ? " best" : ""));
        }
    }

    private static void stopAt(TrainOptions options, long checkpoint) {
        assertThatThrownBy(() -> new TrainJob(spark, options, new Silent() {
            @Override
            public void checkpoint(UgatitGraph graph, long stepsDone) {
                if (stepsDone == checkpoint) {
                    throw new IllegalStateException("stopped by the test");
                }
            }
        }).run()).hasMessage("stopped by the test");
    }

    @Test
    void everyFewRoundsAndAtTheEndACheckpointIsJudgedAndTheBestIsNamed() throws Exception {
        assertThat(steps(uninterrupted)).containsExactly(2L, 4L, 6L, 7L);
        assertThat(new CheckpointStore(SmallTraining.directory(uninterrupted)).steps()).containsExactly(2L, 3L, 4L, 6L, 7L);
        List<String> expected = new ArrayList<>();
        double lowest = Double.POSITIVE_INFINITY;
        for (EvaluationRow row : rows(uninterrupted)) {
            var judged = new ObjectMapper().readTree(uninterrupted.resolve(
                    String.format("evaluation/step-%08d-%s.json", row.step(), row.extractor())).toFile());
            assertThat(row.kidA2b()).isEqualTo(judged.at("/a2b/kid").doubleValue());
            assertThat(row.kidB2a()).isEqualTo(judged.at("/b2a/kid").doubleValue());
            expected.add(row.step() + " " + row.kid() + (row.kid() < lowest ? " best" : ""));
            lowest = Math.min(lowest, row.kid());
        }
        assertThat(HEARD.heard).isEqualTo(expected);
        assertThat(HEARD.warnings).isEmpty();
        assertThat(uninterrupted.resolve("BEST")).hasContent(String.format("step-%08d%n", lowest(uninterrupted)));
    }

    @Test
    void whatIsAddedToTheDataSetMeanwhileIsNotJudgedBy() throws Exception {
        Path grown = folder.resolve("grown");
        TinyImages.write(grown.resolve("images"), 4, 1);
        String[] prep = {"--input", grown.resolve("images").toString(), "--output", grown.resolve("dataset").toString(), "--size", "16"};
        Runnable prepare = () -> new PrepJob(spark, Options.parse(PrepOptions.class, prep), NOWHERE).run();
        prepare.run();
        Path run = folder.resolve("of the first version");
        TrainOptions options = SmallTraining.options(grown.resolve("dataset").toString(), run, "--workers", "2", "--averaging-frequency", "1",
                "--steps", "7", "--lr", "1e-2", "--evaluate-every", "2", "--checkpoint-every", "3", "--keep", "9");
        stopAt(options, 4);
        TinyImages.write(grown.resolve("images"), 6, 2);
        prepare.run();

        SmallTraining.train(spark, options);

        assertThat(rows(run)).isEqualTo(rows(uninterrupted));
    }

    @Test
    void evaluationsChangeNothingInTheTraining() throws Exception {
        Path run = folder.resolve("without");
        SmallTraining.train(spark, options(run, "--steps", "7", "--lr", "1e-2", "--keep", "9"));
        String last = "checkpoints/step-00000007/parameters.safetensors";
        assertThat(SmallTraining.bits(run).get(last)).isEqualTo(SmallTraining.bits(uninterrupted).get(last));
        assertThat(run.resolve("BEST")).doesNotExist();
    }

    @Test
    void stoppedBeforeACheckpointIsJudgedItIsJudgedWhenTheTrainingGoesOn() throws Exception {
        Path run = folder.resolve("stopped");
        stopAt(options(run), 4);
        assertThat(steps(run)).containsExactly(2L);
        stopAt(options(run), 7);
        assertThat(steps(run)).containsExactly(2L, 4L, 6L);
        Hearing hearing = new Hearing();
        assertThat(new TrainJob(spark, options(run), hearing).run().stepsNow()).isZero();
        assertThat(hearing.heard).singleElement().asString().startsWith("7 ");
        assertThat(rows(run)).isEqualTo(rows(uninterrupted));
        assertThat(run.resolve("BEST")).hasSameTextualContentAs(uninterrupted.resolve("BEST"));
        assertThat(SmallTraining.bits(run)).isEqualTo(SmallTraining.bits(uninterrupted));
    }

    @Test
    void killedBetweenTheRowAndBestTheFileIsMadeUpForAndRowsOfLostStepsGo() throws Exception {
        Path run = folder.resolve("between");
        SmallTraining.train(spark, options(run));
        Files.delete(run.resolve("BEST"));
        for (int step : new int[] {6, 7}) {
            Files.delete(run.resolve(String.format("checkpoints/step-%08d/manifest.json", step)));
        }
        Silent listener = new Silent() {
            @Override
            public void round(long stepsDone, double dLoss, double gLoss) {
                assertThat(steps(run)).containsExactly(2L, 4L);
                assertThat(new CheckpointStore(SmallTraining.directory(run)).best()).isPresent();
                throw new IllegalStateException("stopped by the test");
            }
        };
        assertThatThrownBy(() -> new TrainJob(spark, options(run), listener).run()).hasMessage("stopped by the test");
        SmallTraining.train(spark, options(run));
        assertThat(rows(run)).isEqualTo(rows(uninterrupted));
        assertThat(run.resolve("BEST")).hasSameTextualContentAs(uninterrupted.resolve("BEST"));
    }

    @Test
    void theAveragesAreJudgedIfThereAreAny() throws Exception {
        Path run = folder.resolve("ema");
        SmallTraining.train(spark, options(run, "--steps", "7", "--lr", "1e-2", "--evaluate-every", "4", "--keep", "1", "--ema", "0.9"));
        assertThat(steps(run)).containsExactly(4L, 7L);
        assertThat(rows(run).get(1).kid()).isNotEqualTo(rows(uninterrupted).get(3).kid());
        assertThat(run.resolve("checkpoints/step-00000007/ema.safetensors")).exists();
    }

    @Test
    void patienceEndsTheTrainingAtTheCheckpointAfterAndTheBestStays() throws Exception {
        Path run = folder.resolve("patience");
        String[] words = Stream.concat(Stream.of(STANDING_STILL), Stream.of("--patience", "2", "--keep", "1")).toArray(String[]::new);
        TrainResult result = SmallTraining.train(spark, options(run, words));
        assertThat(result.steps()).isEqualTo(4);
        assertThat(result.stoppedEarly()).isTrue();
        assertThat(result.best()).as("the first of equals").isEqualTo(1);
        assertThat(steps(run)).containsExactly(1L, 2L, 3L);
        assertThat(new CheckpointStore(SmallTraining.directory(run)).steps()).containsExactly(1L, 4L);

        TrainResult again = SmallTraining.train(spark, options(run, words));
        assertThat(again.stepsNow()).isZero();
        assertThat(again.stoppedEarly()).isTrue();

        Path stopped = folder.resolve("patience-stopped");
        stopAt(options(stopped, words), 3);
        assertThat(SmallTraining.train(spark, options(stopped, words)).steps()).isEqualTo(4);
        assertThat(rows(stopped)).isEqualTo(rows(run));
        assertThat(SmallTraining.bits(stopped)).isEqualTo(SmallTraining.bits(run));

        words[words.length - 3] = "4";
        assertThat(SmallTraining.train(spark, options(run, words)).steps()).as("with more patience it goes on").isEqualTo(6);
        assertThat(steps(run)).containsExactly(1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void anEvaluationThatFailsIsToldAndTheTrainingGoesOn() throws Exception {
        String copy = dataset("vanishing");
        Path run = folder.resolve("failing");
        Hearing listener = new Hearing() {
            @Override
            public void started(long stepsDone, long steps) {
                try (Stream<Path> files = Files.walk(Path.of(copy))) {
                    for (Path shard : files.filter(file -> file.toString().matches(".*test.*\\.parquet")).toList()) {
                        Files.delete(shard);
                    }
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            }
        };
        TrainOptions options = SmallTraining.options(copy, run, "--steps", "2", "--averaging-frequency", "1", "--evaluate-every", "2");
        assertThat(new TrainJob(spark, options, listener).run().steps()).isEqualTo(2);
        assertThat(listener.warnings).singleElement().asString().startsWith("the checkpoint of step 2 could not be evaluated: ")
                .contains("is gone although the manifest names it").endsWith("; the training goes on");
        assertThat(listener.heard).isEmpty();
        assertThat(run.resolve("BEST")).doesNotExist();
    }

    @Test
    void whatCannotBeJudgedIsRefusedBeforeAnythingIsWritten() throws Exception {
        String trainingOnly = SmallTraining.dataset(spark, folder, SmallTraining.SIZE, 1);
        Path run = folder.resolve("refused");
        assertThatThrownBy(() -> SmallTraining.train(spark, SmallTraining.options(trainingOnly, run, "--evaluate-every", "1")))
                .isInstanceOf(InvalidRequestException.class).hasMessage("--evaluate-every judges by test images: --data " + trainingOnly
                        + " has 0 of domain A, needs at least 2 in testA");
        assertThat(run).doesNotExist();
        assertThatThrownBy(() -> options(run, "--patience", "3")).isInstanceOf(InvalidRequestException.class)
                .hasMessage("--patience is 3: counts evaluations, give --evaluate-every ROUNDS too");
        assertThatThrownBy(() -> options(run, "--evaluate-extractor", "vgg")).isInstanceOf(InvalidRequestException.class)
                .hasMessage("--evaluate-extractor is 'vgg': must be one of random-conv, thumbnail, inception");
        assertThatThrownBy(() -> new EvaluationSchedule(0, 0, "thumbnail")).isInstanceOf(InvalidRequestException.class)
                .hasMessage("--evaluate-extractor is thumbnail: says what evaluations compare, give --evaluate-every ROUNDS too");
        assertThatThrownBy(() -> options(run, "--evaluate-every", "-1")).isInstanceOf(InvalidRequestException.class)
                .hasMessage("--evaluate-every is -1: must be from 0 to 1000000");
    }

    @Test
    void aBestThatNamesNothingAndRowsThatAreNoneAreRefused() throws Exception {
        Path run = folder.resolve("damaged");
        SmallTraining.train(spark, options(run));
        Path log = run.resolve("metrics/evaluations.jsonl");
        String rows = Files.readString(log);
        Files.writeString(log, rows.replaceFirst("\"kid_a2b\":[^,]*", "\"kid_a2b\":\"low\""));
        assertThatThrownBy(() -> SmallTraining.train(spark, options(run))).hasMessage("file:" + log + ":1: is not a row of evaluations: it needs"
                + " a whole step, extractor, dataset, kid_a2b and kid_b2a; the checkpoint of step 7 is safe");
        Files.writeString(log, rows);
        Files.writeString(run.resolve("BEST"), "none");
        assertThatThrownBy(() -> SmallTraining.train(spark, options(run))).isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("file:" + run.resolve("BEST") + " does not name a checkpoint: ");
    }
}
