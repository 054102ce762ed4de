package io.ugatit.retrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ugatit.cli.Ugatit;
import io.ugatit.cluster.TrainOptions;
import io.ugatit.cluster.TrainingListener;
import io.ugatit.evaluate.TinyImages;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import io.ugatit.model.UgatitGraph;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class RetrainJobTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static SparkSession spark;
    @TempDir
    Path folder;
    private Path input;
    private Path workspace;
    private ObjectNode conf;
    /** Steps that trainings had behind them when they began. */
    private final List<Long> beginnings = new ArrayList<>();
    private long failAt = -1;

    @BeforeAll
    static void startSpark() {
        spark = SparkSession.builder().master("local[1]").config("spark.ui.enabled", "false").config("spark.driver.host", "127.0.0.1")
                .getOrCreate();
    }

    @AfterAll
    static void stopSpark() {
        spark.stop();
    }

    @BeforeEach
    void firstImages() throws IOException {
        input = folder.resolve("images");
        workspace = folder.resolve("workspace");
        TinyImages.write(input, 4, 1);
        conf = JSON.createObjectNode().put("input", input.toString()).put("workspace", workspace.toString()).put("size", TinyImages.SIDE)
                .put("tolerance", 1);
        conf.set("train", JSON.createObjectNode().put("ch", 2).put("res-blocks", 1).put("global-layers", 3).put("local-layers", 3)
                .put("steps", 2).put("averaging-frequency", 1).put("checkpoint-every", 1).put("keep", 9).put("lr", 1e-6));
    }

    private RetrainResult night() throws IOException {
        Path file = Files.writeString(folder.resolve("conf.json"), conf.toString());
        return new RetrainJob(spark, new RetrainOptions(file.toString()), new Listener(), new PrintStream(OutputStream.nullOutputStream()))
                .run();
    }

    private void newImages(long seed) throws IOException {
        TinyImages.write(input, 4, seed);
    }

    private String promoted() throws IOException {
        return Files.readString(workspace.resolve("PROMOTED"));
    }

    private JsonNode cycle(String name) throws IOException {
        return JSON.readTree(Files.readAllBytes(workspace.resolve("cycles/" + name + ".json")));
    }

    private byte[] parameters(String run, int step) throws IOException {
        byte[] file = Files.readAllBytes(workspace.resolve(String.format("runs/%s/checkpoints/step-%08d/parameters.safetensors", run, step)));
        int header = 8 + (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
        return Arrays.copyOfRange(file, header, file.length);
    }

    private List<String> names(String part) throws IOException {
        try (Stream<Path> files = Files.list(workspace.resolve(part))) {
            return files.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void theFirstNightPromotesAndTheSameImagesAreNothingNew() throws IOException {
        RetrainResult first = night();
        assertThat(first.outcome()).isEqualTo(RetrainResult.Outcome.PROMOTED);
        assertThat(first.promoted()).isEqualTo("file:" + workspace.resolve("runs/0001"));
        assertThat(first.reason()).isEqualTo("the first run of the workspace");
        assertThat(first.startKid()).isNull();
        assertThat(promoted()).isEqualTo("0001\n");
        assertThat(cycle("0001").path("kid").doubleValue()).isEqualTo(first.kid());

        RetrainResult second = night();
        assertThat(second.outcome()).isEqualTo(RetrainResult.Outcome.NOTHING_NEW);
        assertThat(second.reason()).isEqualTo("nothing new: the images are those of the promoted run 0001");
        assertThat(names("runs")).containsExactly("0001");
        assertThat(names("datasets")).containsExactly("0001");
        assertThat(names("cycles")).containsExactly("0001.json");
        assertThat(beginnings).containsExactly(0L);

        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
        assertThat(Ugatit.run(new String[] {"retrain", "--conf", folder.resolve("conf.json").toString()}, out, out)).isZero();
        assertThat(printed.toString(StandardCharsets.UTF_8).lines().toList()).endsWith(second.reason(),
                "still promoted file:" + workspace.resolve("runs/0001"));
    }

    @Test
    void newImagesStartFromThePromotedParametersAndTakeItsPlaceWithinTheTolerance() throws IOException {
        night();
        newImages(2);
        RetrainResult second = night();
        assertThat(parameters("0002", 0)).isEqualTo(parameters("0001", 2));
        assertThat(parameters("0002", 2)).isNotEqualTo(parameters("0001", 2));
        assertThat(second.outcome()).isEqualTo(RetrainResult.Outcome.PROMOTED);
        assertThat(second.startKid()).isNotNull();
        assertThat(promoted()).isEqualTo("0002\n");
        assertThat(cycle("0002").path("start").textValue()).isEqualTo("0001");
        assertThat(cycle("0002").path("dataset").textValue()).isNotEqualTo(cycle("0001").path("dataset").textValue());
        assertThat(workspace.resolve("runs/0001/evaluation/step-00000002-random-conv.json"))
                .content().contains(cycle("0002").path("dataset").textValue());
    }

    @Test
    void aWorseRunIsNotPromotedAndTriedAgainWithAnotherSeed() throws IOException {
        night();
        newImages(2);
        conf.put("tolerance", 0).withObject("/train").put("lr", 1).put("steps", 4);
        RetrainResult worse = night();
        assertThat(worse.outcome()).isEqualTo(RetrainResult.Outcome.KEPT);
        assertThat(worse.kid()).isGreaterThan(worse.startKid());
        assertThat(worse.reason()).contains("is above", "with a tolerance of 0.0");
        assertThat(worse.promoted()).isEqualTo("file:" + workspace.resolve("runs/0001"));
        assertThat(promoted()).isEqualTo("0001\n");
        assertThat(cycle("0002").path("promoted").booleanValue()).isFalse();

        conf.put("tolerance", 1).withObject("/train").put("lr", 1e-6);
        RetrainResult better = night();
        assertThat(better.cycle()).isEqualTo("0003");
        assertThat(parameters("0003", 0)).isEqualTo(parameters("0001", 2));
        assertThat(promoted()).isEqualTo("0003\n");
        assertThat(JSON.readTree(Files.readAllBytes(workspace.resolve("runs/0003/config.json"))).at("/training/seed").intValue()).isEqualTo(3);
    }

    @Test
    void aKilledCycleGoesOnWithItsOwnImagesAndEndsInTheSameBits() throws IOException {
        night();
        newImages(2);
        failAt = 1;
        assertThatThrownBy(this::night).isInstanceOf(JobFailedException.class)
                .hasMessage("power cut at step 1; the checkpoint of step 1 is safe");
        assertThat(promoted()).isEqualTo("0001\n");
        assertThat(cycle("0002").has("promoted")).isFalse();
        newImages(3);
        failAt = -1;
        RetrainResult resumed = night();
        assertThat(resumed.cycle()).isEqualTo("0002");
        assertThat(beginnings).containsExactly(0L, 0L, 1L);
        assertThat(promoted()).isEqualTo("0002\n");

        // as if killed after the promotion and before the record of it
        byte[] record = Files.readAllBytes(workspace.resolve("cycles/0002.json"));
        ObjectNode begun = ((ObjectNode) cycle("0002")).retain("number", "dataset", "start");
        Files.write(workspace.resolve("cycles/0002.json"), JSON.writeValueAsBytes(begun));
        assertThat(night().kid()).isEqualTo(resumed.kid());
        assertThat(Files.readAllBytes(workspace.resolve("cycles/0002.json"))).isEqualTo(record);

        // as if killed in the warm start, which writes the configuration last
        byte[] trained = parameters("0002", 2);
        Files.write(workspace.resolve("cycles/0002.json"), JSON.writeValueAsBytes(begun));
        Files.delete(workspace.resolve("runs/0002/config.json"));
        Files.writeString(workspace.resolve("PROMOTED"), "0001\n");
        night();
        assertThat(parameters("0002", 2)).isEqualTo(trained);
        assertThat(Files.readAllBytes(workspace.resolve("cycles/0002.json"))).isEqualTo(record);
    }

    @Test
    void imagesAndSizesThatDoNotGoTogetherAreRefusedBeforeACycleBegins() throws IOException {
        for (int i = 1; i < 4; i++) {
            Files.delete(input.resolve("testB/" + i + ".png"));
        }
        refused("input is " + input + ": needs images in trainB and at least 2 in testB");
        assertThat(workspace.resolve("cycles")).doesNotExist();
        assertThat(names("datasets")).isEmpty();
        newImages(1);
        conf.withObject("/train").put("global-layers", 9);
        refused("--global-layers is 9: needs --size 384 or more; at --size 16 at most 4 layers work");
        conf.withObject("/train").put("global-layers", 3);
        night();
        conf.withObject("/train").put("ch", 4);
        refused("asks for networks of other sizes than those of the promoted run file:" + workspace.resolve("runs/0001"));
        Files.writeString(workspace.resolve("PROMOTED"), "latest\n");
        refused("PROMOTED names 'latest', which is no run of the workspace");
    }

    private void refused(String message) {
        assertThatThrownBy(this::night).isInstanceOf(InvalidRequestException.class).hasMessageContaining(message);
    }

    /** Notes where a training begins, and fails when told to. */
    private final class Listener implements TrainingListener {
        @Override
        public void workers(String line) {
            // the report says more
        }

        @Override
        public void started(long stepsDone, long steps) {
            beginnings.add(stepsDone);
        }

        @Override
        public void round(long stepsDone, double dLoss, double gLoss) { }

        @Override
        public void checkpoint(UgatitGraph graph, long stepsDone) {
            if (stepsDone == failAt) {
                throw new JobFailedException("power cut at step " + stepsDone);
            }
        }

        @Override
        public void warning(String line) { }
    }
}
