package io.ugatit.prep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.dataset.Domain;
import io.ugatit.dataset.ImageDataset;
import io.ugatit.dataset.ImageReader;
import io.ugatit.dataset.Sha256;
import io.ugatit.dataset.Split;
import io.ugatit.image.Fit;
import io.ugatit.image.ImageEncoder;
import io.ugatit.image.Resize;
import io.ugatit.image.RgbImage;
import io.ugatit.input.GuardedFileSystem;
import io.ugatit.job.InvalidRequestException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Folders of drawn images, and prep run on them. */
abstract class PrepFixture {
    static SparkSession spark;

    @TempDir
    Path folder;

    Path input;
    Path output;
    final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @BeforeAll
    static void startSpark() {
        spark = session("local[2,3]");
    }

    @AfterAll
    static void stopSpark() {
        spark.stop();
    }

    @BeforeEach
    void drawImages() throws IOException {
        input = folder.resolve("in put ü");
        output = folder.resolve("da ta");
        for (int i = 0; i < 40; i++) {
            draw("trainA/" + (i % 3 == 0 ? "nested/deeper/" : "") + "a" + i + ".png", i, 50 + i, 40);
        }
        for (int i = 0; i < 7; i++) {
            draw("trainB/ßü 日本 😀 " + i + ".jpg", 100 + i, 33, 44);
        }
        draw("testA/x:y%20z.png", 200, 80, 80);
    }

    PrepResult prep() {
        return prep(output, 0.01);
    }

    PrepResult prep(Path to, double maxRejects) {
        return prep(input.toString(), to, maxRejects);
    }

    PrepResult prep(String from, Path to, double maxRejects) {
        PrepOptions options = new PrepOptions(from, to.toString(), 32, null, Fit.STRETCH, maxRejects);
        return new PrepJob(spark, options, new PrintStream(printed, true, StandardCharsets.UTF_8)).run();
    }

    void assertInvalid(String message) throws IOException {
        List<String> before = siblingsOfOutput();
        assertThatThrownBy(this::prep).isInstanceOf(InvalidRequestException.class).hasMessage(message);
        assertThat(siblingsOfOutput()).as("nothing was written").isEqualTo(before);
    }

    List<String> sources(Domain domain, Split split) throws IOException {
        List<String> sources = new ArrayList<>();
        ImageDataset dataset = ImageDataset.open(output.toString(), new Configuration());
        try (ImageReader reader = dataset.reader(domain, split, new Configuration(), 1 << 26)) {
            for (long i = 0; i < reader.count(); i++) {
                sources.add(reader.read(i).source());
            }
        }
        return sources;
    }

    List<String> siblingsOfOutput() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    List<String> sourcesOnDisk(String name) throws IOException {
        try (Stream<Path> files = Files.list(input.resolve(name))) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    void draw(String name, int seed, int width, int height) throws IOException {
        byte[] few = new byte[3 * 4 * 4];
        new Random(seed).nextBytes(few);
        RgbImage image = Resize.bilinear(new RgbImage(4, 4, few), width, height);
        Path file = input.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, (name.endsWith("jpg") ? ImageEncoder.JPEG : ImageEncoder.PNG).encode(image));
    }

    static Map<String, String> hashes(Path root) throws IOException {
        Map<String, String> hashes = new TreeMap<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                hashes.put(root.relativize(file).toString(), Sha256.hex(Files.readAllBytes(file)));
            }
        }
        return hashes;
    }

    static SparkSession session(String master) {
        return session(master, "org.apache.spark.serializer.JavaSerializer");
    }

    static SparkSession session(String master, String serializer) {
        return SparkSession.builder()
                .master(master)
                .appName("test")
                .config("spark.ui.enabled", "false")
                .config("spark.serializer", serializer)
                .config("spark.hadoop.fs.flaky.impl", FlakyFileSystem.class.getName())
                .config("spark.hadoop.fs.guarded.impl", GuardedFileSystem.class.getName())
                .config("spark.hadoop.fs.treacherous.impl", TreacherousFileSystem.class.getName())
                .config("spark.driver.host", "localhost")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .getOrCreate();
    }
}
