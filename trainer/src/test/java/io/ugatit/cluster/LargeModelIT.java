package io.ugatit.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.OperatingSystemMXBean;
import io.ugatit.cli.Ugatit;
import io.ugatit.process.JavaProcess;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FileUtil;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model whose parameters take more than 2^31 bytes, which no Java array, buffer or Kryo object can hold, in a JVM with a heap of 2 GB. */
@Tag("slow")
class LargeModelIT {
    private static final int SIZE = 64;
    private static final long MEMORY_NEEDED = 20L << 30;

    @TempDir
    private static Path folder;
    private static String data;

    @BeforeAll
    static void prepare() throws Exception {
        long memory = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
        assumeThat(memory).as("bytes of memory of this machine").isGreaterThan(MEMORY_NEEDED);
        try (SparkSession spark = SmallTraining.session("local[2]")) {
            data = SmallTraining.dataset(spark, folder, SIZE, 1);
        }
    }

    private static JavaProcess train(Path run, String output) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("train", "--data", data, "--run", run.toString(), "--full", "--size", "" + SIZE, "--ch",
                "152", "--res-blocks", "2", "--global-layers", "6", "--local-layers", "6", "--steps", "2", "--averaging-frequency", "1",
                "--checkpoint-every", "1", "--moments", "reset", "--samples", "0"));
        return JavaProcess.start(folder.resolve(output), List.of("-Xmx2g", "-XX:TieredStopAtLevel=4", "-XX:MaxNewSize=64m",
                "-Dorg.bytedeco.javacpp.maxbytes=16g", "-Dorg.bytedeco.javacpp.maxphysicalbytes=0", "-Dspark.master=local[1]",
                "-Dspark.ui.enabled=false", "-Dspark.driver.host=localhost", "-Dspark.driver.bindAddress=127.0.0.1",
                "-Dspark.broadcast.compress=false", "-Dspark.shuffle.compress=false", "-Dspark.local.dir=" + folder), Ugatit.class,
                arguments.toArray(String[]::new));
    }

    private static Path checkpoint(Path run, long step) {
        return run.resolve("checkpoints").resolve(String.format("step-%08d", step));
    }

    private static String sha256OfParameters(Path run, long step) throws IOException {
        return new ObjectMapper().readTree(checkpoint(run, step).resolve("manifest.json").toFile()).at("/files/parameters.safetensors/sha256")
                .asText();
    }

    /** A JVM less than one run undisturbed beside one killed in the middle, since each takes a minute: the first is killed when it has all. */
    @Test
    void itTrainsPublishesCheckpointsAndResumesFromThemInTheSameBits() throws Exception {
        Path run = folder.resolve("run");
        try (JavaProcess training = train(run, "killed.log")) {
            training.await("the last checkpoint", () -> Files.exists(checkpoint(run, 2)));
        }
        assertThat(Files.size(checkpoint(run, 1).resolve("parameters.safetensors"))).isGreaterThan(1L << 31);
        String undisturbed = sha256OfParameters(run, 2);
        assertThat(sha256OfParameters(run, 1)).matches("[0-9a-f]{64}").isNotEqualTo(undisturbed);
        assertThat(FileUtil.fullyDelete(checkpoint(run, 2).toFile())).isTrue();
        try (JavaProcess training = train(run, "resumed.log")) {
            assertThat(training.await()).as(training.said()).isZero();
            assertThat(training.said()).contains("trained 1 steps").contains("run " + run + " has all of its 2 steps");
        }
        assertThat(sha256OfParameters(run, 2)).isEqualTo(undisturbed);
    }
}
