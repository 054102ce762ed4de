package io.ugatit.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.ugatit.checkpoint.CheckpointStore;
import io.ugatit.cluster.SmallTraining.Silent;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import io.ugatit.job.Program;
import io.ugatit.model.UgatitGraph;
import io.ugatit.process.Waiting;
import java.io.File;
import java.io.RandomAccessFile;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A training that is stopped and started again ends as one that never was. */
@Tag("slow")
class ResumeTest {
    @TempDir
    private static Path folder;
    private static SparkSession spark;
    private static String data;
    /** Of a training of 30 steps in one go. */
    private static Map<String, String> bits;

    @BeforeAll
    static void trainWithoutInterruption() throws Exception {
        spark = SmallTraining.session("local[2]");
        data = SmallTraining.dataset(spark, folder, SmallTraining.SIZE, 1);
        Path run = folder.resolve("uninterrupted");
        TrainResult result = SmallTraining.train(spark, options(run));
        assertThat(result.steps()).isEqualTo(30);
        assertThat(result.stepsNow()).isEqualTo(30);
        assertThat(result.images()).isEqualTo(30 * 2 * 2);
        bits = SmallTraining.bits(run);
        assertThat(SmallTraining.metrics(run)).hasSize(60);
        assertThat(bits.keySet()).filteredOn(name -> name.endsWith("parameters.safetensors")).containsExactly(
                "checkpoints/step-00000018/parameters.safetensors", "checkpoints/step-00000024/parameters.safetensors",
                "checkpoints/step-00000030/parameters.safetensors");
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    /** Rounds of 2 steps, a checkpoint every 6 steps. */
    private static TrainOptions options(Path run, String... more) {
        return SmallTraining.options(data, run, Stream.concat(Stream.of("--steps", "30", "--workers", "2", "--averaging-frequency", "2",
                "--checkpoint-every", "3", "--lr", "1e-3"), Stream.of(more)).toArray(String[]::new));
    }

    /** Is gone as soon as it has heard of a checkpoint. */
    private static final class Stopper extends Silent {
        private final long atCheckpoint;
        private final long afterRound;

        Stopper(long atCheckpoint, long afterRound) {
            this.atCheckpoint = atCheckpoint;
            this.afterRound = afterRound;
        }

        @Override
        public void checkpoint(UgatitGraph graph, long stepsDone) {
            stopIf(stepsDone == atCheckpoint);
        }

        @Override
        public void round(long stepsDone, double dLoss, double gLoss) {
            stopIf(stepsDone == afterRound);
        }

        private static void stopIf(boolean now) {
            if (now) {
                throw new IllegalStateException("stopped by the test");
            }
        }
    }

    private static void stopAt(Path run, long checkpoint, long round) {
        assertThatThrownBy(() -> new TrainJob(spark, options(run), new Stopper(checkpoint, round)).run()).hasMessage("stopped by the test");
    }

    private static Silent goOn(Path run) {
        Silent listener = new Silent();
        new TrainJob(spark, options(run), listener).run();
        return listener;
    }

    @Test
    void stoppedAtACheckpointItGoesOnThereAndEndsInTheSameBits() throws Exception {
        Path run = folder.resolve("stopped-at-checkpoint");
        stopAt(run, 12, -1);
        Silent listener = goOn(run);
        assertThat(listener.startedAfter).isEqualTo(12);
        assertThat(listener.checkpoints).containsExactly(18L, 24L, 30L);
        assertThat(listener.warnings).isEmpty();
        assertThat(SmallTraining.bits(run)).isEqualTo(bits);
    }

    /** The outer velocity is in the checkpoint; there are no moments in it. */
    @Test
    void anOuterMomentumIsResumedToo() throws Exception {
        String[] outer = {"--outer-momentum", "0.5", "--outer-lr", "0.8", "--moments", "reset"};
        Path whole = folder.resolve("outer-uninterrupted");
        SmallTraining.train(spark, options(whole, outer));
        Path run = folder.resolve("outer");
        TrainOptions options = options(run, outer);
        assertThatThrownBy(() -> new TrainJob(spark, options, new Stopper(12, -1)).run()).hasMessage("stopped by the test");
        SmallTraining.train(spark, options);
        assertThat(SmallTraining.bits(run)).isEqualTo(SmallTraining.bits(whole))
                .doesNotContainEntry("checkpoints/step-00000030/parameters.safetensors",
                        bits.get("checkpoints/step-00000030/parameters.safetensors"));
        assertThatThrownBy(() -> SmallTraining.train(spark, options(run))).isInstanceOf(InvalidRequestException.class).message()
                .matches("--(outer-momentum|outer-lr|moments) is \\S+, but --run " + run + " was made with \\S+: give that, or another --run; the checkpoint of step 30 is safe");
    }

    /** Only the second moments are in the checkpoint; what the gradient penalty draws depends on seed, step and worker. */
    @ParameterizedTest
    @ValueSource(strings = {"second", "compact"})
    void secondMomentsAloneAndAGradientPenaltyAreResumedToo(String moments) throws Exception {
        String[] more = {"--moments", moments, "--adv", "wgan-gp"};
        Path whole = folder.resolve(moments + "-uninterrupted");
        SmallTraining.train(spark, options(whole, more));
        Path run = folder.resolve(moments);
        TrainOptions options = options(run, more);
        assertThatThrownBy(() -> new TrainJob(spark, options, new Stopper(12, -1)).run()).hasMessage("stopped by the test");
        SmallTraining.train(spark, options);
        assertThat(SmallTraining.bits(run)).isEqualTo(SmallTraining.bits(whole));
        assertThat(SmallTraining.bits(run)).containsKey("checkpoints/step-00000030/moments.safetensors");
        assertThatThrownBy(() -> SmallTraining.train(spark, options(run, "--moments", moments)))
                .isInstanceOf(InvalidRequestException.class).hasMessage("--adv is lsgan, but --run " + run
                        + " was made with wgan-gp: give that, or another --run; the checkpoint of step 30 is safe");
    }

    @Test
    void stoppedBetweenCheckpointsAndBeforeTheFirstItRepeatsTheLostSteps() throws Exception {
        Path run = folder.resolve("stopped-between");
        stopAt(run, -1, 4);
        stopAt(run, -1, 16);
        Silent listener = goOn(run);
        assertThat(listener.startedAfter).isEqualTo(12);
        assertThat(SmallTraining.bits(run)).isEqualTo(bits);
    }

    @Test
    void workersComputeTheNextRoundWhileACheckpointIsPublished() throws Exception {
        Path run = folder.resolve("beside");
        List<Boolean> computedMeanwhile = new ArrayList<>();
        TaskStarts starts = new TaskStarts();
        spark.sparkContext().addSparkListener(starts);
        try {
            new TrainJob(spark, options(run), new Silent() {
                @Override
                public void checkpoint(UgatitGraph graph, long stepsDone) {
                    if (stepsDone < 30) {
                        computedMeanwhile.add(starts.awaitAnother());
                    }
                }
            }).run();
        } finally {
            spark.sparkContext().removeSparkListener(starts);
        }
        assertThat(computedMeanwhile).containsExactly(true, true, true, true);
        assertThat(SmallTraining.bits(run)).as("checkpoints hold the state of their step").isEqualTo(bits);
    }

    private static final class TaskStarts extends SparkListener {
        private final Semaphore started = new Semaphore(0);

        boolean awaitAnother() {
            started.drainPermits();
            try {
                return started.tryAcquire(Waiting.HANG.toMinutes(), TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void onTaskStart(SparkListenerTaskStart start) {
            started.release();
        }
    }

    @Test
    void aCheckpointThatAnotherBuildHasMadeIsTold() throws Exception {
        Path run = folder.resolve("other-build");
        stopAt(run, 12, -1);
        UgatitGraph graph = SmallTraining.trained(run, options(run));
        CheckpointStore store = new CheckpointStore(SmallTraining.directory(run));
        assertThat(store.latestWhole(line -> { }).orElseThrow().position().get("program").asText()).isEqualTo(Program.build());
        try (Stream<Path> files = Files.walk(run.resolve("checkpoints/step-00000012"))) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        }
        store.publish(12, graph.namedParameters(), graph.namedMoments(),
                JsonNodeFactory.instance.objectNode().put("step", 12).put("program", "0.0.9 (code 12345678)"));
        Silent listener = goOn(run);
        assertThat(listener.startedAfter).isEqualTo(12);
        assertThat(listener.warnings).containsExactly("the checkpoint of step 12 was made by ugatit-spark 0.0.9 (code 12345678), this is "
                + Program.build() + ": it may compute other last bits from there on");
    }

    @Test
    void moreWorkersThanSlotsAreToldOnce() {
        Silent listener = new Silent();
        TrainOptions options = SmallTraining.options(data, folder.resolve("many"), "--steps", "4", "--workers", "3",
                "--averaging-frequency", "1");
        new TrainJob(spark, options, listener).run();
        assertThat(listener.warnings).containsExactly(
                "--workers is 3, but there are 2 slots: in every round some workers wait for others; the result is the same");
    }

    @Test
    void aFinishedRunIsLeftAsItIs() throws Exception {
        Path run = folder.resolve("finished");
        goOn(run);
        TrainResult again = SmallTraining.train(spark, options(run));
        assertThat(again.stepsNow()).isZero();
        assertThat(again.steps()).isEqualTo(30);
        assertThat(SmallTraining.bits(run)).isEqualTo(bits);
    }

    @Test
    void aDamagedCheckpointIsNamedAndTheOneBeforeItUsed() throws Exception {
        Path run = folder.resolve("damaged");
        stopAt(run, 24, -1);
        Path damaged = run.resolve("checkpoints/step-00000024/moments.safetensors");
        flipAByte(damaged);
        Silent listener = goOn(run);
        assertThat(listener.warnings).singleElement().asString()
                .contains("step-00000024 is damaged and skipped: moments.safetensors does not match its sha256");
        assertThat(listener.startedAfter).isEqualTo(18);
        assertThat(SmallTraining.bits(run)).isEqualTo(bits);
    }

    @Test
    void ifAllCheckpointsAreDamagedNothingIsTouched() throws Exception {
        Path run = folder.resolve("all-damaged");
        stopAt(run, 12, -1);
        flipAByte(run.resolve("checkpoints/step-00000006/parameters.safetensors"));
        Files.delete(run.resolve("checkpoints/step-00000012/manifest.json"));
        List<String> before = SmallTraining.tree(run);
        assertThatThrownBy(() -> goOn(run)).isInstanceOf(InvalidRequestException.class)
                .message().startsWith("--run " + run + " has no whole checkpoint: ").doesNotContain("\n")
                .contains("step-00000012 is damaged", "step-00000006 is damaged");
        assertThat(SmallTraining.tree(run)).isEqualTo(before);
    }

    @Test
    void aVanishedShardEndsTheTrainingWithTheLastCheckpointNamed() throws Exception {
        String copy = SmallTraining.dataset(spark, folder, SmallTraining.SIZE, 2);
        Path run = folder.resolve("shard-gone");
        TrainOptions options = SmallTraining.options(copy, run, "--steps", "4", "--averaging-frequency", "2", "--checkpoint-every", "1");
        Silent deleting = new Silent() {
            @Override
            public void checkpoint(UgatitGraph graph, long stepsDone) {
                throw new IllegalStateException("stopped by the test");
            }
        };
        assertThatThrownBy(() -> new TrainJob(spark, options, deleting).run()).hasMessage("stopped by the test");
        try (Stream<Path> files = Files.walk(Path.of(URI.create(copy)))) {
            for (Path shard : files.filter(file -> file.toString().endsWith(".parquet")).toList()) {
                Files.delete(shard);
            }
        }
        assertThatThrownBy(() -> SmallTraining.train(spark, options)).isInstanceOf(JobFailedException.class)
                .message().contains("is gone although the manifest names it").endsWith("; the checkpoint of step 2 is safe");
    }

    private static void flipAByte(Path path) throws Exception {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.seek(file.length() - 1);
            int last = file.read();
            file.seek(file.length() - 1);
            file.write(last ^ 1);
        }
    }
}
