package io.ugatit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.ugatit.cluster.SmallTraining;
import io.ugatit.golden.Golden;
import io.ugatit.golden.GoldenWeights;
import io.ugatit.model.NetworkOptions;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command import as a user gives it. */
@Tag("slow")
class ImportCommandTest {
    @TempDir
    private Path folder;

    @Test
    void whatWasImportedIsToldWithItsSizes() throws Exception {
        NetworkOptions network;
        try (Golden golden = new Golden("light")) {
            network = golden.options();
        }
        String weights = GoldenWeights.write(folder.resolve("weights.safetensors"), GoldenWeights.tensors("light"));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (SparkSession spark = SmallTraining.session("local[1]")) {
            int status = Ugatit.run(new String[] {"import", "--weights", weights, "--run", folder.resolve("run").toString(), "--size",
                    "64"},
                    new PrintStream(out, true, StandardCharsets.UTF_8), System.err);
            assertThat(status).isZero();
            assertThat(spark.sparkContext().isStopped()).isFalse();
        }
        assertThat(out.toString(StandardCharsets.UTF_8).lines().toList()).hasSize(3).element(1).isEqualTo("light networks for images of "
                + network.size() + " x " + network.size() + ", of " + network.ch() + " channels and " + network.resBlocks() + " residual blocks");
    }
}
