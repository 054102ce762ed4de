package io.ugatit.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ugatit.cluster.SmallTraining.Silent;
import io.ugatit.dataset.DatasetManifest;
import io.ugatit.dataset.ImageDataset;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.model.UgatitGraph;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trainings on a data set that grows meanwhile. */
@Tag("slow")
class GrownDataTest {
    @TempDir
    private static Path folder;
    private static SparkSession spark;

    @BeforeAll
    static void start() {
        spark = SmallTraining.session("local[2]");
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    private static TrainOptions options(String data, Path run) {
        return SmallTraining.options(data, run, "--steps", "12", "--workers", "2", "--averaging-frequency", "2", "--checkpoint-every", "2",
                "--lr", "1e-3");
    }

    private static void stopAtTheFirstCheckpoint(TrainOptions options) {
        assertThatThrownBy(() -> new TrainJob(spark, options, new Silent() {
            @Override
            public void checkpoint(UgatitGraph graph, long stepsDone) {
                throw new IllegalStateException("stopped by the test");
            }
        }).run()).hasMessage("stopped by the test");
    }

    private static ObjectNode training(Path run) {
        return (ObjectNode) SmallTraining.directory(run).readConfig().get("training");
    }

    @Test
    void aRunGoesOnWithTheVersionItBeganWithAndEndsInTheSameBits() throws Exception {
        String data = SmallTraining.dataset(spark, folder, SmallTraining.SIZE, 1);
        Path whole = folder.resolve("whole");
        SmallTraining.train(spark, options(data, whole));
        Path stopped = folder.resolve("stopped");
        stopAtTheFirstCheckpoint(options(data, stopped));

        SmallTraining.grow(spark, folder, SmallTraining.SIZE, 1);
        assertThat(ImageDataset.open(data, new Configuration()).manifest().version()).isEqualTo(2);
        Silent listener = new Silent();
        new TrainJob(spark, options(data, stopped), listener).run();

        assertThat(listener.startedAfter).isEqualTo(4);
        Map<String, String> bits = SmallTraining.bits(whole);
        assertThat(SmallTraining.bits(stopped)).isEqualTo(bits);
        assertThat(training(stopped).get("data-version").intValue()).isEqualTo(1);

        Path begun = folder.resolve("begun later");
        SmallTraining.train(spark, options(data, begun));
        assertThat(training(begun).get("data-version").intValue()).isEqualTo(2);
        assertThat(SmallTraining.bits(begun).get("metrics")).isNotEqualTo(bits.get("metrics"));
    }

    @Test
    void theSameImagesInAnotherOrderAreRefused() throws Exception {
        String data = SmallTraining.dataset(spark, folder, SmallTraining.SIZE, 2);
        Path run = folder.resolve("ordered");
        stopAtTheFirstCheckpoint(options(data, run));
        Path manifest = Path.of(URI.create(data)).resolve(DatasetManifest.FILE);
        String json = Files.readString(manifest);
        String shard = ImageDataset.open(data, new Configuration()).manifest().partitions().get(0).shards().get(0).sha256();
        Files.writeString(manifest, json.replace(shard, "0".repeat(64)));

        assertThatThrownBy(() -> SmallTraining.train(spark, options(data, run))).isInstanceOf(InvalidRequestException.class)
                .hasMessage("--data " + data + " holds the images that --run " + run + " was made with in another order: give the data set "
                        + "it was made with, or another --run; the checkpoint of step 4 is safe");
    }

    @Test
    void aVersionThatIsGoneIsNamed() throws Exception {
        String data = SmallTraining.dataset(spark, folder, SmallTraining.SIZE, 3);
        Path run = folder.resolve("gone");
        SmallTraining.grow(spark, folder, SmallTraining.SIZE, 3);
        stopAtTheFirstCheckpoint(options(data, run));
        String other = SmallTraining.dataset(spark, folder, SmallTraining.SIZE, 4);

        assertThatThrownBy(() -> SmallTraining.train(spark, options(other, run))).isInstanceOf(InvalidRequestException.class)
                .hasMessage("--run " + run + " began with version 2 of its data set, but --data " + other + " has only come to version 1: "
                        + "give the data set it was made with; the checkpoint of step 4 is safe");
    }

    @Test
    void aRunFromBeforeThereWereVersionsGoesOnAsBefore() throws Exception {
        String data = SmallTraining.dataset(spark, folder, SmallTraining.SIZE, 5);
        Path whole = folder.resolve("of the present");
        SmallTraining.train(spark, options(data, whole));
        Path run = folder.resolve("older");
        stopAtTheFirstCheckpoint(options(data, run));
        ObjectNode config = SmallTraining.directory(run).readConfig();
        ((ObjectNode) config.get("training")).remove(List.of("data-version", "image-order"));
        SmallTraining.directory(run).publishConfig(config);

        SmallTraining.train(spark, options(data, run));

        assertThat(SmallTraining.bits(run)).isEqualTo(SmallTraining.bits(whole));
        assertThat(training(run).get("data-version").intValue()).isEqualTo(1);
    }
}
