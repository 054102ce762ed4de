package io.ugatit.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.cluster.SmallTraining.Silent;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.mlflow.MlflowStandIn;
import io.ugatit.mlflow.MlflowStandIn.Mood;
import io.ugatit.model.UgatitGraph;
import io.ugatit.process.Waiting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class MlflowTrainingTest {
    @TempDir
    private static Path folder;
    private static SparkSession spark;
    private static String data;
    private static Map<String, String> bits;

    @BeforeAll
    static void trainOnceWithout() throws Exception {
        spark = SmallTraining.session("local[2]");
        data = SmallTraining.dataset(spark, folder, SmallTraining.SIZE, 1);
        Path whole = folder.resolve("whole");
        SmallTraining.train(spark, options(whole));
        bits = SmallTraining.bits(whole);
        assertThat(whole.resolve("mlflow.json")).as("nobody is told unless asked").doesNotExist();
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    /** Rounds of 2 steps, a checkpoint every 4 steps. */
    private static TrainOptions options(Path run, String... more) {
        return SmallTraining.options(data, run, Stream.concat(Stream.of("--steps", "10", "--workers", "2", "--averaging-frequency", "2",
                "--checkpoint-every", "2"), Stream.of(more)).toArray(String[]::new));
    }

    @Test
    void aTrainingThatIsStoppedAndGoesOnIsOneRunWithEveryRoundOnce() throws Exception {
        Path run = folder.resolve("told");
        try (MlflowStandIn server = new MlflowStandIn()) {
            TrainOptions options = options(run, "--mlflow", server.address(), "--mlflow-experiment", "emoji");
            assertThatThrownBy(() -> new TrainJob(spark, options, new Silent() {
                @Override
                public void round(long stepsDone, double dLoss, double gLoss) {
                    if (stepsDone == 6) {
                        throw new IllegalStateException("stopped by the test");
                    }
                }
            }).run()).hasMessage("stopped by the test");
            assertThat(server.run().status).isEqualTo("FAILED");
            assertThat(MlflowStandIn.names(server.metrics())).contains("loss/d_total 6");
            Silent listener = new Silent();
            new TrainJob(spark, options, listener).run();

            assertThat(listener.startedAfter).isEqualTo(4);
            assertThat(listener.warnings).isEmpty();
            MlflowStandIn.Run there = server.run();
            assertThat(there.name).isEqualTo("told");
            assertThat(there.status).isEqualTo("FINISHED");
            assertThat(there.parameters).containsEntry("workers", "2").containsEntry("ch", "2").containsEntry("moments", "average");
            assertThat(MlflowStandIn.names(there.metrics)).doesNotHaveDuplicates().filteredOn(name -> name.startsWith("loss/g_total "))
                    .containsExactly("loss/g_total 10", "loss/g_total 2", "loss/g_total 4", "loss/g_total 6", "loss/g_total 8");
            assertThat(there.files).hasSize(4);
        }
        assertThat(SmallTraining.bits(run)).isEqualTo(bits);
    }

    @Test
    void aRunThatBeginsAnewWithOtherOptionsIsAnotherRunThere() throws Exception {
        Path run = folder.resolve("anew");
        try (MlflowStandIn server = new MlflowStandIn()) {
            for (String rate : List.of("0.001", "0.001", "0.002")) {
                TrainOptions options = options(run, "--mlflow", server.address(), "--lr", rate);
                assertThatThrownBy(() -> new TrainJob(spark, options, new Silent() {
                    @Override
                    public void round(long stepsDone, double dLoss, double gLoss) {
                        throw new IllegalStateException("stopped before the first checkpoint");
                    }
                }).run()).hasMessage("stopped before the first checkpoint");
            }
            assertThat(server.runs().values()).extracting(there -> there.parameters.get("lr")).containsExactlyInAnyOrder("0.001", "0.002");
        }
    }

    @Test
    void aServerThatIsBrokenOrSilentOrGoneChangesNothing() throws Exception {
        for (Mood mood : new Mood[] {Mood.BROKEN, Mood.FORGETFUL, Mood.SILENT}) {
            Path run = folder.resolve(mood.name());
            Silent listener = new Silent();
            try (MlflowStandIn server = new MlflowStandIn()) {
                server.become(mood);
                new TrainJob(spark, options(run, "--mlflow", server.address()), listener).run();
                assertThat(server.requests()).isNotEmpty();
            }
            assertThat(SmallTraining.bits(run)).isEqualTo(bits);
            assertThat(listener.warnings).last().asString().contains("it was not told numbers of 5 rounds and the models; the training stands");
        }
        Path run = folder.resolve("gone");
        Silent listener = new Silent();
        MlflowStandIn server = new MlflowStandIn();
        TrainOptions options = options(run, "--mlflow", server.address());
        new TrainJob(spark, options, new Silent() {
            @Override
            public void checkpoint(UgatitGraph graph, long stepsDone) {
                if (stepsDone == 4) {
                    Waiting.until("it is told", () -> !server.runs().isEmpty() && !server.metrics().isEmpty());
                    server.close();
                }
            }

            @Override
            public void warning(String line) {
                listener.warning(line);
            }
        }).run();
        assertThat(SmallTraining.bits(run)).isEqualTo(bits);
        assertThat(listener.warnings).last().asString().startsWith("--mlflow " + server.address() + ": ").endsWith("; the training stands");
    }

    @Test
    void anAddressThatIsNoneIsRefusedBeforeAnythingIsWritten() {
        Path run = folder.resolve("refused");
        assertThatThrownBy(() -> options(run, "--mlflow", "localhost:5000")).isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("--mlflow is 'localhost:5000': must be the address of an MLflow server's page");
        assertThat(Files.exists(run)).isFalse();
    }
}
