package io.ugatit.retrain;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ugatit.cluster.TrainingListener;
import io.ugatit.evaluate.TinyImages;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import io.ugatit.model.UgatitGraph;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Nights in a workspace of a test: what they are asked for, what they leave behind and what happens meanwhile. */
abstract class Nights {
    static final ObjectMapper JSON = new ObjectMapper();
    static SparkSession spark;
    @TempDir
    Path folder;
    Path input;
    Path workspace;
    ObjectNode conf;
    /** Steps that trainings had behind them when they began. */
    final List<Long> beginnings = new ArrayList<>();
    /** At which a training fails. */
    long failAt = -1;
    Action atCheckpoint = () -> { };
    boolean await;
    NotifyOptions notify = NotifyOptions.NOBODY;
    Clock clock = Clock.systemUTC();
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

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
                .put("tolerance", 1).put("min-test-images", 4).put("extractor", "random-conv");
        conf.set("train", JSON.createObjectNode().put("ch", 2).put("res-blocks", 1).put("global-layers", 3).put("local-layers", 3)
                .put("steps", 2).put("averaging-frequency", 1).put("checkpoint-every", 1).put("keep", 9).put("lr", 1e-6));
    }

    RetrainResult night() throws IOException {
        return night(null);
    }

    /** @param checkpoint of the promoted run, that a new one starts from */
    RetrainResult night(String checkpoint) throws IOException {
        Path file = Files.writeString(folder.resolve("conf.json"), conf.toString());
        printed.reset();
        PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
        return new RetrainJob(spark, new RetrainOptions(file.toString(), checkpoint, await, null, notify), new Listener(), out, clock).run();
    }

    List<String> said() {
        return printed.toString(StandardCharsets.UTF_8).lines().toList();
    }

    ObjectNode training() {
        return conf.withObject("/train");
    }

    void newImages(long seed) throws IOException {
        TinyImages.write(input, 4, seed);
    }

    String promoted() throws IOException {
        return Files.readString(workspace.resolve("PROMOTED"));
    }

    JsonNode cycle(String name) throws IOException {
        return JSON.readTree(Files.readAllBytes(workspace.resolve("cycles/" + name + ".json")));
    }

    byte[] parameters(String run, int step) throws IOException {
        byte[] file = Files.readAllBytes(
                workspace.resolve(String.format("runs/%s/checkpoints/step-%08d/parameters.safetensors", run, step)));
        int header = 8 + (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
        return Arrays.copyOfRange(file, header, file.length);
    }

    List<String> names(String part) throws IOException {
        try (Stream<Path> files = Files.list(workspace.resolve(part))) {
            return files.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path target = to.resolve(from.relativize(file));
                Files.createDirectories(target.getParent());
                Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    void refused(String message) {
        assertThatThrownBy(this::night).isInstanceOf(InvalidRequestException.class).hasMessageContaining(message);
    }

    /** What somebody does meanwhile. */
    @FunctionalInterface
    interface Action {
        void act() throws IOException;
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
            try {
                atCheckpoint.act();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            if (stepsDone == failAt) {
                throw new JobFailedException("power cut at step " + stepsDone);
            }
        }

        @Override
        public void warning(String line) { }
    }
}
