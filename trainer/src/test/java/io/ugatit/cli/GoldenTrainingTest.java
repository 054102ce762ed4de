package io.ugatit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.checkpoint.log.MetricsLog;
import io.ugatit.golden.Golden;
import io.ugatit.golden.GoldenWeights;
import io.ugatit.image.ImageEncoder;
import io.ugatit.image.RgbImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.assertj.core.api.SoftAssertions;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * From weights and PNG files through the command line to the losses in the run's metrics, against PyTorch's reference on the same 8-bit
 * pixels. How the reference's losses were made stands in their files.
 */
@Tag("slow")
class GoldenTrainingTest {
    private static final int STEPS = 10;
    private static final Percentage BOUND = Percentage.withPercentage(0.1);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"light", "full"})
    void anImportedRunTrainsWithTheReferencesLosses(String name) throws Exception {
        try (Golden golden = new Golden(name)) {
            draw(golden, "A", "a");
            draw(golden, "B", "b");
        }
        String weights = GoldenWeights.write(folder.resolve("weights.safetensors"), GoldenWeights.tensors(name));
        String data = folder.resolve("dataset").toString();
        String run = folder.resolve("run").toString();
        run("prep", "--input", folder.toString(), "--output", data, "--size", "64", "--load-size", "64");
        run("import", "--weights", weights, "--run", run, "--size", "64");
        String said = run("train", "--data", data, "--run", run, "--order", "sequential", "--no-augment", "--workers", "1", "--steps",
                "" + STEPS, "--averaging-frequency", "3");
        assertThat(said).contains("trained 10 steps in ", "run " + run + " has all of its 10 steps");

        List<ObjectNode> rows = new ArrayList<>();
        new MetricsLog(new RunDirectory(new Configuration(), new org.apache.hadoop.fs.Path(run))).forEach(rows::add);
        assertThat(rows).extracting(row -> row.get("step").intValue()).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
        assertThat(rows).extracting(row -> row.get("lr").doubleValue()).startsWith(1e-4, 1e-4, 1e-4, 1e-4, 1e-4).endsWith(0.0);
        SoftAssertions softly = new SoftAssertions();
        JsonNode expected = reference(name);
        for (int i = 0; i < STEPS; i++) {
            ObjectNode row = rows.get(i);
            expected.get(i).fields().forEachRemaining(loss -> softly.assertThat(row.path(loss.getKey()).asDouble(Double.NaN))
                    .as("step " + row.get("step") + " " + loss.getKey()).isCloseTo(loss.getValue().doubleValue(), BOUND));
        }
        softly.assertAll();
    }

    private static JsonNode reference(String name) throws IOException {
        try (InputStream file = GoldenTrainingTest.class.getResourceAsStream("/goldens/" + name + "-64-8bit-losses.json")) {
            JsonNode losses = new ObjectMapper().readTree(file).get("losses");
            assertThat(losses).hasSize(STEPS).allSatisfy(row -> assertThat(row).hasSize(12));
            return losses;
        }
    }

    /** Writes the golden file's images as PNG files whose names are in the order of the steps. */
    private void draw(Golden golden, String domain, String key) throws IOException {
        Path images = Files.createDirectories(folder.resolve("train" + domain));
        for (int step = 1; step <= STEPS; step++) {
            float[] planes = golden.image(key, step).ravel().toFloatVector();
            int plane = planes.length / 3;
            byte[] pixels = new byte[planes.length];
            for (int i = 0; i < planes.length; i++) {
                pixels[3 * (i % plane) + i / plane] = (byte) Math.rint((planes[i] + 1) * 127.5f);
            }
            int side = golden.options().size();
            Files.write(images.resolve(String.format("%02d.png", step - 1)), ImageEncoder.PNG.encode(new RgbImage(side, side, pixels)));
        }
    }

    private static String run(String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status = Ugatit.run(args, new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8));
        assertThat(status).as(err.toString(StandardCharsets.UTF_8)).isZero();
        return out.toString(StandardCharsets.UTF_8);
    }
}
