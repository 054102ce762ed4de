package io.ugatit.retrain;

import static org.assertj.core.api.Assertions.assertThat;

import io.ugatit.cluster.SmallTraining;
import io.ugatit.dataset.Sha256;
import io.ugatit.evaluate.TinyImages;
import io.ugatit.model.UgatitGraph;
import io.ugatit.process.JavaProcess;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nights in JVMs of their own that stop dead, without a word to anyone, as soon as they have said something. */
@Tag("slow")
class KilledNightTest {
    private static final int DEAD = 137;
    @TempDir
    private Path folder;

    @Test
    void aNightThatIsKilledInTrainingAndInEvaluationEndsInTheSameBits() throws Exception {
        try (SparkSession spark = spark()) {
            TinyImages.write(folder.resolve("images"), 4, 1);
            night(spark, conf("killed"), NOBODY);
            copy("killed", "whole");
            TinyImages.write(folder.resolve("images"), 4, 2);
            night(spark, conf("whole"), NOBODY);

            assertThat(nightThatDiesAt("checkpoint 1")).isEqualTo(DEAD);
            assertThat(names("killed/runs/0002/checkpoints")).contains("step-00000001");
            assertThat(nightThatDiesAt("evaluate 8/8")).isEqualTo(DEAD);
            assertThat(names("killed/runs/0002/checkpoints")).contains("step-00000002");
            assertThat(folder.resolve("killed/PROMOTED")).hasContent("0001");
            assertThat(night(spark, conf("killed"), NOBODY).cycle()).isEqualTo("0002");
        }
        assertThat(folder.resolve("killed/PROMOTED")).hasContent("0002");
        assertThat(decisive("killed")).isEqualTo(decisive("whole")).hasSize(9);
    }

    private Path conf(String workspace) throws IOException {
        return Files.writeString(folder.resolve(workspace + ".json"), """
                {"input": "%s", "workspace": "%s", "size": 16, "tolerance": 1, "min-test-images": 4, "extractor": "random-conv",
                 "train": {"ch": 2, "res-blocks": 1, "global-layers": 3, "local-layers": 3, "steps": 2, "averaging-frequency": 1, "checkpoint-every": 1, "lr": 1e-6}}
                """.formatted(folder.resolve("images"), folder.resolve(workspace)));
    }

    /** Hashes of records, parameters and moments. */
    private Map<String, String> decisive(String workspace) throws IOException {
        Map<String, String> hashes = new TreeMap<>();
        try (Stream<Path> all = Files.walk(folder.resolve(workspace))) {
            String names = ".*(cycles/.*json|runs/0002/.*\\.safetensors|PROMOTED)";
            for (Path file : all.filter(path -> path.toString().matches(names)).toList()) {
                hashes.put(folder.resolve(workspace).relativize(file).toString(), Sha256.hex(Files.readAllBytes(file)));
            }
        }
        return hashes;
    }

    private List<String> names(String path) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve(path))) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private void copy(String from, String to) throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve(from))) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(to).resolve(folder.resolve(from).relativize(file)));
            }
        }
    }

    private int nightThatDiesAt(String line) throws Exception {
        try (JavaProcess night = JavaProcess.start(folder.resolve("output"), List.of(), Night.class, conf("killed").toString(), line)) {
            int status = night.await();
            assertThat(night.said()).contains(line);
            return status;
        }
    }

    private static SparkSession spark() {
        return SparkSession.builder().master("local[1]").config("spark.ui.enabled", "false").config("spark.driver.host", "127.0.0.1")
                .getOrCreate();
    }

    private static final PrintStream NOBODY = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);

    private static RetrainResult night(SparkSession spark, Path conf, PrintStream out) {
        return new RetrainJob(spark, new RetrainOptions(conf.toString()), new Checkpoints(out), out).run();
    }

    /** Says which checkpoints are published. */
    private static final class Checkpoints extends SmallTraining.Silent {
        private final PrintStream out;

        Checkpoints(PrintStream out) {
            this.out = out;
        }

        @Override
        public void checkpoint(UgatitGraph graph, long stepsDone) {
            out.println("checkpoint " + stepsDone);
        }
    }

    /** The process that dies: takes a conf and what it says last. */
    static final class Night {
        private Night() { }

        public static void main(String[] args) {
            night(spark(), Path.of(args[0]), new PrintStream(new Fuse(args[1]), true, StandardCharsets.UTF_8));
        }
    }

    /** Passes on what is said, and halts the JVM after a text. */
    private static final class Fuse extends OutputStream {
        private final String text;
        private final StringBuilder said = new StringBuilder();

        Fuse(String text) {
            this.text = text;
        }

        @Override
        public synchronized void write(int b) {
            System.out.write(b);
            said.append((char) b);
            if (said.indexOf(text, Math.max(0, said.length() - text.length())) >= 0) {
                System.out.flush();
                Runtime.getRuntime().halt(DEAD);
            }
        }
    }
}
