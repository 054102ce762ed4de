package io.ugatit.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.ugatit.cli.Ugatit;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import io.ugatit.job.Options;
import io.ugatit.process.JavaProcess;
import io.ugatit.tensor.cuda.StandInDriver;
import io.ugatit.tensor.cuda.cudnn.Cudnn;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trainings of two workers on a GPU, in whose place a CPU computes. */
class GpuTrainingTest {
    private static final String KERNELS = "cuda CPU in the place of a GPU fp32 own convolutions";
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

    @BeforeEach
    void useTheStandIn() {
        StandInDriver.use();
    }

    @AfterEach
    void computeOnTheCpuAgain() {
        StandInDriver.leave();
    }

    /** Rounds of 2 steps with a checkpoint each. */
    private static String[] words(Path run, int steps, String... more) {
        return SmallTraining.words(data, run, Stream.concat(Stream.of("--steps", String.valueOf(steps), "--workers", "2",
                "--averaging-frequency", "2", "--checkpoint-every", "1", "--keep", "100"), Stream.of(more)).toArray(String[]::new));
    }

    private static TrainResult train(Path run, int steps, String... more) {
        return SmallTraining.train(spark, Options.parse(TrainOptions.class, words(run, steps, more)));
    }

    @Test
    void aTrainingThatIsKilledOnTheWayEndsInTheSameBits() throws Exception {
        Path whole = folder.resolve("whole");
        assertThat(train(whole, 20).stepsNow()).isEqualTo(20);
        assertThat(new ObjectMapper().readTree(whole.resolve("config.json").toFile()).get("kernels").asText()).isEqualTo(KERNELS);

        Path killed = folder.resolve("killed");
        List<String> command = new ArrayList<>(List.of("train"));
        command.addAll(List.of(words(killed, 20)));
        try (JavaProcess process = JavaProcess.start(folder.resolve("output"),
                List.of("-D" + StandInDriver.PROPERTY + "=" + StandInDriver.path(), "-D" + Cudnn.PROPERTY + "=" + Cudnn.NONE,
                        "-Dspark.master=local[2]"), Ugatit.class,
                command.toArray(String[]::new))) {
            process.await("the second checkpoint", () -> Files.exists(killed.resolve("checkpoints/step-00000004")));
        }
        assertThat(killed.resolve("checkpoints/step-00000004")).exists();
        assertThat(train(killed, 20).stepsNow()).as("steps that the killed one had left").isBetween(2L, 16L);
        assertThat(SmallTraining.bits(killed)).isEqualTo(SmallTraining.bits(whole));
    }

    @Test
    void aRunGoesOnWithOtherKernelsOnlyWhenToldSo() {
        Path run = folder.resolve("moved");
        train(run, 2);
        StandInDriver.leave();
        assertThatThrownBy(() -> train(run, 2, "--resume", "required", "--kernels", "cuda")).isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("--kernels is cuda, but GPUs are switched off on ");
        Path longer = folder.resolve("longer");
        StandInDriver.use();
        trainUntilTheFirstCheckpoint(longer);
        StandInDriver.leave();
        assertThatThrownBy(() -> train(longer, 6)).isInstanceOf(JobFailedException.class)
                .hasMessageStartingWith("the run was computed by " + KERNELS + ", and its workers now compute by ")
                .hasMessageEndingWith(": take such as before (--kernels, --precision), or give --other-kernels to go on with these; the checkpoint of"
                        + " step 2 is safe");
        assertThat(train(longer, 6, "--other-kernels").stepsNow()).isEqualTo(4);
    }

    private static void trainUntilTheFirstCheckpoint(Path run) {
        TrainOptions options = Options.parse(TrainOptions.class, words(run, 6));
        assertThatThrownBy(() -> new TrainJob(spark, options, new SmallTraining.Silent() {
            @Override
            public void round(long step, double dLoss, double gLoss) {
                if (step == 4) {
                    throw new JobFailedException("stopped");
                }
            }
        }).run()).isInstanceOf(JobFailedException.class).hasMessageContaining("stopped");
    }
}
