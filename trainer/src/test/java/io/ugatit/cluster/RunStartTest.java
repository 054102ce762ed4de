package io.ugatit.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.ugatit.checkpoint.CheckpointStore;
import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.Options;
import io.ugatit.model.NetworkOptions;
import io.ugatit.model.UgatitGraph;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** To which options a run is bound: to those that something in it was made with. */
class RunStartTest {
    @TempDir
    private static Path folder;
    private static SparkSession spark;
    private static String data;

    /** The networks of {@link SmallTraining}, and another batch than the default. */
    private static final String[] SMALL = {"--batch", "16", "--size", "16", "--ch", "2", "--res-blocks", "1", "--global-layers", "4",
        "--local-layers", "3"};

    @BeforeAll
    static void prepare() throws Exception {
        spark = SmallTraining.session("local[1]");
        data = SmallTraining.dataset(spark, folder, SmallTraining.SIZE, 1);
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    private static RunStart start(RunDirectory run, int threads, String... more) {
        return RunStart.find(SmallTraining.options(data, Path.of(run.path().toUri()), more), run, threads);
    }

    /** Small networks are not asked for. */
    private static RunStart plainStart(RunDirectory run, int threads, String... more) {
        String[] words = Stream.concat(Stream.of("--data", data, "--run", run.path().toString()), Stream.of(more)).toArray(String[]::new);
        return RunStart.find(Options.parse(TrainOptions.class, words), run, threads);
    }

    /** What a training leaves that fails in its first round. */
    private static RunDirectory failed(String name, String... options) {
        RunDirectory run = SmallTraining.directory(folder.resolve(name));
        run.publishConfig(plainStart(run, 1, options).config());
        return run;
    }

    private static void publish(RunDirectory run, long step) {
        UgatitGraph graph = UgatitGraph.create(SmallTraining.options(data, folder).network().orElse(NetworkOptions.DEFAULT), 1);
        new CheckpointStore(run).publish(step, graph.namedParameters(), Map.of(), JsonNodeFactory.instance.objectNode());
    }

    @Test
    void anAttemptThatFailedBeforeItsFirstCheckpointBindsNobodyToItsOptions() {
        RunDirectory run = failed("failed", "--batch", "16", "--ch", "3", "--full", "--workers", "2");
        Path path = Path.of(run.path().toUri());
        SmallTraining.train(spark, SmallTraining.options(data, path, "--steps", "1"));
        assertThat(run.readConfig().at("/training/batch").intValue()).isEqualTo(1);
        assertThat(run.readConfig().at("/network/ch").intValue()).isEqualTo(2);
        assertThatThrownBy(() -> start(run, 1, "--steps", "1", "--batch", "16")).isInstanceOf(InvalidRequestException.class)
                .hasMessage("--batch is 16, but --run " + path + " was made with 1: give that, or another --run;"
                        + " the checkpoint of step 1 is safe");
    }

    @Test
    void whatIsLeftOutIsTheDefaultAndNotThatOfAnAttemptThatFailed() {
        RunDirectory run = failed("sizes", "--full");
        RunStart start = plainStart(run, 3);
        assertThat(start.network()).isEqualTo(NetworkOptions.DEFAULT);
        assertThat(start.threads()).isEqualTo(3);
    }

    @Test
    void anAttemptThatFailedDoesNotHoldTheVersionOfItsDataSet() throws Exception {
        String growing = SmallTraining.dataset(spark, folder, SmallTraining.SIZE, 2);
        RunDirectory run = SmallTraining.directory(folder.resolve("version"));
        TrainOptions options = SmallTraining.options(growing, folder.resolve("version"));
        run.publishConfig(RunStart.find(options, run, 1).config());
        SmallTraining.grow(spark, folder, SmallTraining.SIZE, 2);
        assertThat(RunStart.find(options, run, 1).config().at("/training/data-version").intValue()).isEqualTo(2);
    }

    @Test
    void anImportedRunIsBoundToItsNetworksOnly() {
        RunDirectory run = failed("imported", SMALL);
        publish(run, 0);
        assertThat(start(run, 3, "--batch", "1").config().at("/training/batch").intValue()).isEqualTo(1);
        assertThat(start(run, 3).threads()).isEqualTo(3);
        assertThat(plainStart(run, 1).network().ch()).as("left out").isEqualTo(2);
        assertThatThrownBy(() -> plainStart(run, 1, "--ch", "3")).isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("--ch is 3, but --run ")
                .hasMessageEndingWith(" was made with 2: give that, or another --run; the checkpoint of step 0 is safe");
    }

    @Test
    void aRunWhoseOnlyCheckpointOfStepsIsDamagedIsBoundToItsOptions() throws Exception {
        RunDirectory run = failed("damaged", SMALL);
        publish(run, 0);
        publish(run, 4);
        Files.writeString(Path.of(run.checkpoint(4).toUri()).resolve("parameters.safetensors"), "damaged");
        assertThatThrownBy(() -> start(run, 1)).isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("--batch is 1, but --run ").hasMessageEndingWith("; the checkpoint of step 0 is safe");
    }
}
