package io.ugatit.translate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.golden.GoldenWeights;
import io.ugatit.image.Fit;
import io.ugatit.image.ImageDecoder;
import io.ugatit.image.ImageEncoder;
import io.ugatit.image.RgbImage;
import io.ugatit.job.InvalidRequestException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Folders of images, and translate run on them with the weights of the goldens. */
abstract class TranslateFixture {
    static final int SIZE = 64;
    @TempDir
    static Path shared;
    static String weights;
    static SparkSession spark;

    @TempDir
    Path folder;
    final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @BeforeAll
    static void start() throws IOException {
        weights = GoldenWeights.write(shared.resolve("light.safetensors"), GoldenWeights.tensors("light"));
        spark = session(2);
    }

    static SparkSession session(int cores) {
        return SparkSession.builder().master("local[" + cores + "]").appName("translate").config("spark.ui.enabled", "false").getOrCreate();
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    Path input() {
        return folder.resolve("in");
    }

    Path output() {
        return folder.resolve("out");
    }

    TranslateOptions options(boolean heatmaps, boolean overwrite) {
        return new TranslateOptions(null, weights, Direction.A2B, input().toString(), output().toString(), ImageEncoder.PNG, heatmaps, overwrite,
                SIZE, Fit.STRETCH);
    }

    TranslateResult translate(TranslateOptions options) {
        return new TranslateJob(spark, options, new PrintStream(printed, true, StandardCharsets.UTF_8)).run();
    }

    TranslateResult translate() {
        return translate(options(false, false));
    }

    void assertRefused(TranslateOptions options, String message) {
        assertThatThrownBy(() -> translate(options)).isInstanceOf(InvalidRequestException.class).hasMessage(message);
    }

    void addImage(String name, RgbImage image) throws IOException {
        Path file = input().resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, ImageEncoder.PNG.encode(image));
    }

    void addImages(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            addImage("image-" + i + ".png", noise(i));
        }
    }

    static RgbImage noise(int seed) {
        byte[] pixels = new byte[3 * SIZE * SIZE];
        new Random(seed).nextBytes(pixels);
        return new RgbImage(SIZE, SIZE, pixels);
    }

    /** An image (1,3,S,S), as far as 8 bits hold it. */
    static RgbImage pixels(INDArray image) {
        float[] planes = image.data().asFloat();
        byte[] rgb = new byte[planes.length];
        int plane = SIZE * SIZE;
        for (int i = 0; i < plane; i++) {
            for (int c = 0; c < 3; c++) {
                rgb[3 * i + c] = (byte) Math.max(0, Math.min(255, Math.round((planes[c * plane + i] + 1) * 127.5f)));
            }
        }
        return new RgbImage(SIZE, SIZE, rgb);
    }

    static RgbImage decode(Path file) throws IOException {
        return new ImageDecoder().decode(Files.readAllBytes(file));
    }

    /** Relative paths and contents of all files that are not hidden. */
    Map<String, byte[]> outputs() throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> walk = Files.walk(output())) {
            for (Path file : walk.filter(Files::isRegularFile).toList()) {
                String name = output().relativize(file).toString();
                if (!("/" + name).matches(".*/[_.].*")) {
                    files.put(name, Files.readAllBytes(file));
                }
            }
        }
        return files;
    }

    @AfterEach
    void nothingUnfinishedIsLeft() throws IOException {
        if (Files.exists(output())) {
            try (Stream<Path> walk = Files.walk(output())) {
                assertThat(walk.map(path -> path.getFileName().toString())).noneMatch(name -> name.startsWith(".tmp-"));
            }
        }
    }
}
