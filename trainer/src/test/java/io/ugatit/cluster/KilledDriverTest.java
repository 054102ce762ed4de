package io.ugatit.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.ugatit.cli.Ugatit;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The train command in a JVM of its own, killed (SIGKILL) and given again. */
@Tag("slow")
class KilledDriverTest {
    private static final String[] TRAIN = {"--steps", "24", "--workers", "2", "--averaging-frequency", "2", "--checkpoint-every", "4", "--lr",
        "1e-3"};

    @TempDir
    private Path folder;

    private JavaProcess train(Path run, String data, String output) throws Exception {
        return JavaProcess.start(folder.resolve(output), List.of("-Dspark.master=local[2]", "-Dspark.ui.enabled=false"), Ugatit.class,
                Stream.concat(Stream.of("train"), Stream.of(SmallTraining.words(data, run, TRAIN))).toArray(String[]::new));
    }

    @Test
    void aKilledDriverEndsInTheBitsOfOneThatWasNot() throws Exception {
        Path whole = folder.resolve("whole");
        String data;
        try (SparkSession spark = SmallTraining.session("local[2]")) {
            data = SmallTraining.dataset(spark, folder, SmallTraining.SIZE, 1);
            SmallTraining.train(spark, SmallTraining.options(data, whole, TRAIN));
        }
        Map<String, String> bits = SmallTraining.bits(whole);

        Path run = folder.resolve("run");
        Path first = run.resolve("checkpoints/step-00000008");
        try (JavaProcess driver = train(run, data, "killed")) {
            driver.await("the first checkpoint", () -> Files.exists(first));
        }
        assertThat(run.resolve("checkpoints/step-00000024")).doesNotExist();
        try (JavaProcess driver = train(run, data, "last")) {
            assertThat(driver.await()).as(driver.said()).isZero();
            assertThat(driver.said()).contains("run " + run + " has all of its 24 steps").doesNotContain("warning", "trained 24 ");
        }
        assertThat(SmallTraining.bits(run)).isEqualTo(bits);
        try (Stream<Path> files = Files.walk(run)) {
            assertThat(files.filter(file -> file.getFileName().toString().startsWith(".tmp-"))).isEmpty();
        }
    }
}
