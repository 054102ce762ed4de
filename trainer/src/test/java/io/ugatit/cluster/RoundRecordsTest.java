package io.ugatit.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.checkpoint.log.MetricsLog;
import io.ugatit.checkpoint.log.StartLog;
import io.ugatit.checkpoint.log.TrainingStart;
import io.ugatit.cluster.SmallTraining.Silent;
import io.ugatit.job.JobFailedException;
import io.ugatit.job.Program;
import io.ugatit.mlflow.MlflowOptions;
import io.ugatit.model.RhoLayer;
import io.ugatit.model.UgatitGraph;
import io.ugatit.report.curves.Rounds;
import io.ugatit.report.curves.RoundsReader;
import io.ugatit.tensorboard.EventFiles;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a training writes down: of its rounds, its starts, and for TensorBoard. */
@Tag("slow")
class RoundRecordsTest {
    /** A Python that has the package tensorboard. */
    private static final String PYTHON = System.getenv("UGATIT_TENSORBOARD_PYTHON");

    @TempDir
    private static Path folder;
    private static SparkSession spark;
    private static String data;

    @BeforeAll
    static void prepare() throws Exception {
        spark = SmallTraining.session("local[2]");
        data = SmallTraining.dataset(spark, folder, SmallTraining.SIZE, 1);
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    private static TrainOptions options(Path run, String... more) {
        List<String> words = new ArrayList<>(List.of("--steps", "6", "--averaging-frequency", "1", "--checkpoint-every", "2",
                "--samples", "1"));
        words.addAll(List.of(more));
        return SmallTraining.options(data, run, words.toArray(String[]::new));
    }

    private static final class KilledAtFive extends Silent {
        @Override
        public void round(long stepsDone, double dLoss, double gLoss) {
            if (stepsDone == 5) {
                throw new JobFailedException("killed");
            }
        }
    }

    @Test
    void aTokenThatNoServerCanBeSentEndsNoTraining() throws Exception {
        Silent listener = new Silent();
        RunDirectory run = new RunDirectory(new Configuration(), new org.apache.hadoop.fs.Path(folder.resolve("token").toUri()));
        try (RoundRecords records = new RoundRecords(run, listener, new MlflowOptions("http://localhost:1", null),
                Map.of("MLFLOW_TRACKING_TOKEN", "secret\nof two lines"))) {
            records.start(0, new ObjectMapper().createObjectNode());
        }
        assertThat(listener.warnings).containsExactly("--mlflow http://localhost:1 is not told of this training: MLFLOW_TRACKING_TOKEN holds"
                + " characters that no HTTP header may have: must be printable ASCII; the training goes on");
    }

    /** Trains six steps, killed after the fifth, and started again: it goes on after the fourth. */
    private static Path killedAndResumed(String name) {
        Path run = folder.resolve(name);
        try {
            new TrainJob(spark, options(run), new KilledAtFive()).run();
            throw new AssertionError("was not killed");
        } catch (JobFailedException expected) {
            SmallTraining.train(spark, options(run));
        }
        return run;
    }

    @Test
    void everyRoundOfAKilledAndResumedTrainingIsThereOnceWithItsTimesMemoryAndRho() throws Exception {
        Path run = killedAndResumed("rounds");
        List<ObjectNode> rows = new ArrayList<>();
        MetricsLog.ofRounds(SmallTraining.directory(run)).forEach(rows::add);

        assertThat(rows).extracting(row -> row.path("step").asLong()).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
        assertThat(rows).allSatisfy(row -> {
            assertThat(row.path("seconds").asDouble()).isGreaterThan(row.path("averaging_seconds").asDouble());
            assertThat(row.path("peak_bytes").asLong()).isGreaterThan(1 << 20);
            assertThat(row.path("rho").size()).as("of two generators: a block of two norms, two layers of the upsampling").isEqualTo(8);
        });
        UgatitGraph trained = SmallTraining.trained(run, options(run));
        Rounds read = RoundsReader.read(SmallTraining.directory(run), 100);
        assertThat(read.count()).isEqualTo(6);
        RhoLayer.among(trained.namedParameters()).forEach((layer, rho) -> assertThat(read.rho().get(layer).last()).as(layer.parameter())
                .isEqualTo(Math.rint(rho.meanNumber().doubleValue() * 1e6) / 1e6));
        assertThat(read.rho().keySet()).extracting(RhoLayer::parameter).startsWith("genA2B.UpBlock1_1.norm1.rho",
                "genA2B.UpBlock1_1.norm2.rho");
        assertThat(new StartLog(SmallTraining.directory(run)).starts()).extracting(TrainingStart::step).containsExactly(0L, 4L);
        assertThat(new StartLog(SmallTraining.directory(run)).starts().get(1)).satisfies(start -> {
            assertThat(start.program()).isEqualTo(Program.build());
            assertThat(start.master()).isEqualTo("local[2]");
            assertThat(start.hosts()).containsExactly("localhost");
            assertThat(start.kernels()).hasSize(1);
        });
    }

    @Test
    void tensorBoardsFilesHoldEveryRoundAndEveryCheckpointsSamplesOnce() throws Exception {
        Path events = killedAndResumed("events").resolve("tensorboard");

        assertThat(EventFiles.scalars(events, "loss/g_total").keySet()).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
        assertThat(EventFiles.scalars(events, "rho/genB2A.UpBlock1_1.norm1.rho")).hasSize(6);
        assertThat(EventFiles.scalars(events, "lr").get(1L)).isEqualTo(1e-4f);
        assertThat(EventFiles.names(events).stream().filter(name -> name.endsWith(".2"))).as("samples").hasSize(3);
    }

    @Test
    void nothingToWriteForTensorBoardIsAWarningAndTheTrainingEndsInTheSameBits() throws Exception {
        Path plain = folder.resolve("plain");
        SmallTraining.train(spark, options(plain));
        Path blocked = folder.resolve("blocked");
        Files.createDirectories(blocked);
        Files.writeString(blocked.resolve("tensorboard"), "a file where the folder should be");
        Silent listener = new Silent();
        new TrainJob(spark, options(blocked), listener).run();

        assertThat(SmallTraining.bits(blocked)).isEqualTo(SmallTraining.bits(plain));
        assertThat(listener.warnings).isNotEmpty().allSatisfy(line -> assertThat(line)
                .startsWith("Cannot write for TensorBoard in ").endsWith("; the training goes on"));
    }

    @Test
    void tensorBoardsOwnReaderFindsAllOfIt() throws Exception {
        Assumptions.assumeTrue(PYTHON != null, "UGATIT_TENSORBOARD_PYTHON names no Python with tensorboard");
        Path events = killedAndResumed("read-by-tensorboard").resolve("tensorboard");
        String script = """
                import sys
                from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
                from tensorboard.plugins.hparams import plugin_data_pb2
                read = EventAccumulator(sys.argv[1], size_guidance={'scalars': 0, 'images': 0}).Reload()
                print([event.step for event in read.Scalars('loss/g_total')])
                print([(image.step, image.width, image.height) for image in read.Images('samples/a2b')])
                data = plugin_data_pb2.HParamsPluginData.FromString(
                    read.SummaryMetadata('_hparams_/session_start_info').plugin_data.content)
                print(data.session_start_info.hparams['lr'].number_value)
                """;
        assertThat(python(script, events)).containsExactly("[1, 2, 3, 4, 5, 6]", "[(2, 512, 128), (4, 512, 128), (6, 512, 128)]", "0.0001");
    }

    private static List<String> python(String script, Path argument) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(PYTHON, "-W", "ignore", "-c", script, argument.toString())
                .redirectError(new File("/dev/null")).start();
        List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        assertThat(process.waitFor()).as("exit status of " + PYTHON).isZero();
        return lines;
    }

    @Test
    void aDamagedStartIsNamedWithItsLine() throws Exception {
        Path run = folder.resolve("damaged");
        Files.createDirectories(run.resolve("rounds"));
        Files.writeString(run.resolve("rounds/starts.jsonl"), "{\"step\":1}\n");
        assertThatThrownBy(() -> new StartLog(SmallTraining.directory(run)).starts())
                .hasMessageEndingWith("rounds/starts.jsonl:1: is not a start of a training: it needs step, time, program, java, spark, master,"
                        + " hosts, kernels and devices");
    }
}
