package io.ugatit.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.cluster.feeding.BatchLoader;
import io.ugatit.job.JobFailedException;
import io.ugatit.job.Options;
import io.ugatit.lock.OutputLock;
import io.ugatit.mlflow.MlflowOptions;
import io.ugatit.model.UgatitGraph;
import io.ugatit.publish.FragileFileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A disk that is full, whatever a training is writing: the file is named, and the checkpoint to go on from. */
@Tag("slow")
class FullDiskTest {
    @TempDir
    private static Path shared;
    private static SparkSession spark;
    private static String data;

    @TempDir
    private Path folder;
    private final List<String> told = new ArrayList<>();

    @BeforeAll
    static void prepare() throws Exception {
        spark = SmallTraining.session("local[2]", "spark.hadoop.fs.fragile.impl", FragileFileSystem.class.getName());
        data = SmallTraining.dataset(spark, shared, SmallTraining.SIZE, 1);
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    @AfterEach
    void repair() {
        FragileFileSystem.repair();
    }

    private String run() {
        return "fragile:" + folder + "/run";
    }

    /** Trains 6 steps with a checkpoint every 2; the disk fills up after the first. */
    private TrainResult train(String full) {
        TrainOptions options = Options.parse(TrainOptions.class, SmallTraining.words(data, run(), "--steps", "6", "--averaging-frequency", "1",
                "--checkpoint-every", "2", "--samples", "1"));
        return new TrainJob(spark, options, new SmallTraining.Silent() {
            @Override
            public void checkpoint(UgatitGraph graph, long stepsDone) {
                FragileFileSystem.fillUpFor(full);
            }

            @Override
            public void warning(String line) {
                told.add(line);
            }
        }).run();
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
            "/checkpoints/\\S+/parameters; Cannot publish the checkpoint \\S+/run/checkpoints/step-0000000[46]: \\S+/parameters.safetensors:",
            "/checkpoints/\\S+/moments; Cannot publish the checkpoint \\S+/run/checkpoints/step-0000000[46]: \\S+/moments.safetensors:",
            "/checkpoints/\\S+/manifest; Cannot publish the checkpoint \\S+/run/checkpoints/step-0000000[46]: \\S+/manifest.json:",
            "/metrics/; Cannot publish metrics up to step [46] in \\S+/run/metrics: \\S+/run/metrics/\\S+:",
    })
    void theFileAndTheLastCheckpointAreNamedAndTheRunGoesOnFromThere(String full, String message) {
        assertThatThrownBy(() -> train(full)).isInstanceOf(JobFailedException.class)
                .hasMessageMatching(message + " No space left on device; the checkpoint of step [24] is safe");
        FragileFileSystem.repair();
        assertThat(train("nothing").steps()).isEqualTo(6);
    }

    @Test
    void rowsThatArePublishedBetweenTwoCheckpointsNameTheLastCheckpointToo() {
        TrainOptions options = Options.parse(TrainOptions.class, SmallTraining.words(data, run(), "--steps", "6", "--averaging-frequency", "1",
                "--checkpoint-every", "6"));
        Configuration configuration = spark.sparkContext().hadoopConfiguration();
        RunDirectory directory = new RunDirectory(configuration, new org.apache.hadoop.fs.Path(run()));
        RunStart start = RunStart.find(options, directory, 1);
        DriverState state = DriverState.of(options, start);
        ObjectNode row = JsonNodeFactory.instance.objectNode().put("step", 1).put("worker", 7);
        SmallTraining.Silent listener = new SmallTraining.Silent();
        FragileFileSystem.fillUpFor("/metrics/");
        try (OutputLock lock = OutputLock.inside(configuration, directory.path(), "train", "--run", told::add);
                RoundRecords records = new RoundRecords(directory, listener, MlflowOptions.NONE)) {
            records.losses(Collections.nCopies(99_999, row));
            TrainedRun run = new TrainedRun(directory, lock, start, records);
            TrainingCheckpoints checkpoints = new TrainingCheckpoints(run, state, 1, Optional.empty(), listener);
            SparkRounds rounds = new SparkRounds(JavaSparkContext.fromSparkContext(spark.sparkContext()), options, state,
                    new BatchLoader(start.dataset(), configuration, options.feed(SmallTraining.SIZE), 1), run, checkpoints);
            TrainingRounds training = new TrainingRounds(spark, options, listener, run, checkpoints, rounds);
            assertThatThrownBy(training::train).isInstanceOf(JobFailedException.class).hasMessageMatching("Cannot publish metrics up to step 1 in"
                    + " \\S+/run/metrics: \\S+: No space left on device; there is no checkpoint yet");
        }
    }

    @Test
    void aRunThatCannotEvenBeginSaysSo() {
        FragileFileSystem.fillUpFor("/run/\\.tmp-[0-9a-f-]+$");
        assertThatThrownBy(() -> train("/run/")).isInstanceOf(JobFailedException.class).hasMessageMatching(
                "Cannot publish fragile:" + folder + "/run/config.json: \\S+: No space left on device; there is no checkpoint yet");
        assertThat(folder.resolve("run/config.json")).doesNotExist();
    }

    @Test
    void samplesThatFindNoSpaceAreAWarning() {
        assertThat(train("/samples/").steps()).isEqualTo(6);
        assertThat(told).hasSize(2).allSatisfy(line -> assertThat(line).matches(
                "Cannot store the samples of step [46] in \\S+/run/samples: \\S+: No space left on device;"
                        + " the checkpoint of step [46] is whole, the training goes on"));
        assertThat(Files.exists(folder.resolve("run/samples/step-00000002.json"))).isTrue();
    }
}
