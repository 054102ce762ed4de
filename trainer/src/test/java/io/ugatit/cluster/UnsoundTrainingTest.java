package io.ugatit.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.ugatit.checkpoint.Checkpoint;
import io.ugatit.checkpoint.CheckpointStore;
import io.ugatit.checkpoint.RunConfig;
import io.ugatit.job.JobFailedException;
import io.ugatit.model.DivergedException;
import io.ugatit.model.NetworkOptions;
import io.ugatit.model.UgatitGraph;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Trainings that come to no good: they end within a round, say at which step and why, and publish nothing of what is broken. */
class UnsoundTrainingTest {
    private static final String LAST_LAYER = "genA2B.UpBlock2.11.weight";
    @TempDir
    private static Path folder;
    private static final Queue<String> FAILED = new ConcurrentLinkedQueue<>();
    private static SparkSession spark;
    private static String data;

    @BeforeAll
    static void prepare() throws Exception {
        spark = SmallTraining.session("local[2,4]"); // tries a task that fails again
        spark.sparkContext().addSparkListener(new SparkListener() {
            @Override
            public void onTaskEnd(SparkListenerTaskEnd end) {
                if (!end.taskInfo().successful()) {
                    FAILED.add(end.reason().toString());
                }
            }
        });
        data = SmallTraining.dataset(spark, folder, SmallTraining.SIZE, 1);
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    /** A run at step 0 whose parameters are changed before. */
    private static Path run(String name, Consumer<Map<String, INDArray>> change) {
        Path run = folder.resolve(name);
        TrainOptions options = SmallTraining.options(data, run);
        NetworkOptions network = options.network().orElse(NetworkOptions.DEFAULT);
        UgatitGraph graph = UgatitGraph.create(network, options.seed());
        change.accept(graph.namedParameters());
        SmallTraining.directory(run).publishConfig(RunConfig.of(network));
        new CheckpointStore(SmallTraining.directory(run)).publish(0, graph.namedParameters(), Map.of(), JsonNodeFactory.instance.objectNode());
        return run;
    }

    private static void ends(Path run, String message, String... options) {
        FAILED.clear();
        assertThatThrownBy(() -> SmallTraining.train(spark, SmallTraining.options(data, run, options)))
                .isInstanceOf(JobFailedException.class)
                .satisfies(failure -> assertThat(Stream.iterate(failure, Objects::nonNull, Throwable::getCause))
                        .hasAtLeastOneElementOfType(DivergedException.class))
                .hasMessageMatching(message);
        assertThatNoException().isThrownBy(() -> spark.sparkContext().listenerBus().waitUntilEmpty());
        assertThat(FAILED).as("tasks that are tried again, all steps of their round").isEmpty();
    }

    private static Optional<Long> newest(Path run) {
        return new CheckpointStore(SmallTraining.directory(run)).latestWhole(line -> {
            throw new AssertionError(line);
        }).map(Checkpoint::step);
    }

    @Test
    void aGeneratorThatDrawsTheSameWhateverItIsGivenEndsTheTraining() {
        Path run = run("constant", parameters -> parameters.get(LAST_LAYER).assign(0));
        ends(run, "training diverged in steps 1 to 4: genA2B draws the same picture whatever it is given: its translations of steps 1 to 4"
                + " differ by \\S+, the images by 0\\.\\d+: a lower --lr or a higher --cycle-weight may help; the checkpoint of step 0 is safe",
                "--steps", "8", "--averaging-frequency", "4", "--checkpoint-every", "1", "--lr", "1e-9");
        assertThat(newest(run)).contains(0L);
        assertThat(SmallTraining.metrics(run)).isEmpty();
    }

    @Test
    void aGeneratorThatCollapsesInTheMiddleEndsTheTrainingThere() {
        // nothing is learned, and everything is forgotten
        Path run = folder.resolve("collapsing");
        ends(run, "training diverged in steps \\d+ to \\d+: gen(A2B|B2A) draws the same picture whatever it is given: .*;"
                + " the checkpoint of step \\d+ is safe",
                "--steps", "2000", "--averaging-frequency", "10", "--checkpoint-every", "1", "--lr", "0.01", "--weight-decay", "1",
                "--adv-weight", "0", "--cycle-weight", "0", "--identity-weight", "0", "--cam-weight", "0");
        assertThat(newest(run).orElseThrow()).isPositive();
    }

    @Test
    void theLossesOfAllRoundsBeforeTheOneThatDivergedAreThereToLookAt() {
        Path run = folder.resolve("curve");
        ends(run, "training diverged in steps 3 to 4: the loss g_adv_a of step 3 is .*; there is no checkpoint yet",
                "--steps", "2000", "--averaging-frequency", "2", "--checkpoint-every", "1000", "--lr", "1");
        List<String> rows = SmallTraining.metrics(run);
        assertThat(rows).hasSize(2);
        assertThat(rows.get(0)).startsWith("{\"step\":1,");
        assertThat(rows.get(1)).startsWith("{\"step\":2,");
    }

    @Test
    void picturesOfOneColourEachAreTrainedOnToTheEnd() throws Exception {
        TrainResult result = SmallTraining.train(spark, SmallTraining.options(SmallTraining.flatDataset(spark, folder),
                folder.resolve("flat-run"), "--steps", "20", "--batch", "8", "--averaging-frequency", "5"));
        assertThat(result.steps()).isEqualTo(20);
    }

    @Test
    void aLearningRateThatIsMuchTooHighEndsTheTrainingAtTheStep() {
        Path run = folder.resolve("exploding");
        ends(run, "training diverged in steps 1 to 10: the loss g_adv_a of step 3 is \\S+, beyond 1\\.000e\\+05, which no sound training"
                + " reaches: a lower --lr may help; there is no checkpoint yet",
                "--steps", "2000", "--averaging-frequency", "10", "--checkpoint-every", "1", "--lr", "1");
        assertThat(newest(run)).isEmpty();
    }

    @Test
    void aLossThatIsNoNumberEndsTheTrainingAtTheStepBeforeTheRoundIsOver() {
        Path run = run("no-number", parameters -> parameters.get("genA2B.DownBlock.1.weight").putScalar(0, Float.NaN));
        ends(run, "training diverged in steps 1 to 1000: the loss \\S+ of step 1 is no finite number: a lower --lr may help;"
                + " the checkpoint of step 0 is safe", "--steps", "1000", "--averaging-frequency", "1000");
        assertThat(newest(run)).contains(0L);
    }

    @Test
    void oneOfTwoWorkersEndsTheTraining() {
        ends(folder.resolve("one of two"), "training diverged in steps 1 to 10: the loss \\S+ of step \\d+ is \\S+, beyond \\S+, which no"
                + " sound training reaches: a lower --lr may help; there is no checkpoint yet",
                "--steps", "2000", "--averaging-frequency", "10", "--workers", "2", "--lr", "1");
    }

    @Test
    void parametersBeyondAllNumbersEndTheTraining() {
        Path run = folder.resolve("beyond");
        ends(run, "training diverged at step 1: parameters or moments are no longer finite: a lower --lr may help; there is no checkpoint"
                + " yet",
                "--steps", "40", "--averaging-frequency", "1", "--checkpoint-every", "2", "--cam-weight", "1e38");
        assertThat(newest(run)).isEmpty();
    }

    @Tag("slow")
    @Test
    void untrainedNetworksAreNoAlarmUnderAnyLoss() {
        for (String loss : List.of("lsgan", "hinge", "wgan-gp")) {
            Path run = folder.resolve("sound-" + loss);
            TrainResult result = SmallTraining.train(spark, SmallTraining.options(data, run, "--steps", "40", "--averaging-frequency", "10",
                    "--adv", loss));
            assertThat(result.steps()).isEqualTo(40);
        }
    }
}
