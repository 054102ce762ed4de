package io.ugatit.spark;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.ugatit.checkpoint.CheckpointStore;
import io.ugatit.checkpoint.RunConfig;
import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.golden.Golden;
import io.ugatit.golden.GoldenWeights;
import io.ugatit.image.Fit;
import io.ugatit.image.ImageEncoder;
import io.ugatit.image.RgbImage;
import io.ugatit.translate.Direction;
import io.ugatit.process.Waiting;
import io.ugatit.translate.generator.PoolUse;
import io.ugatit.translate.TranslateJob;
import io.ugatit.translate.TranslateOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** A folder of images, a run with the goldens' light networks of 64 px, and a session with the function of SQL. */
abstract class SparkFixture {
    static final int SIZE = 64;
    @TempDir
    static Path shared;
    static Path run;
    static SparkSession spark;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() throws IOException {
        run = publish(shared.resolve("run"));
        spark = SparkSession.builder().master("local[2]").appName("spark").config("spark.ui.enabled", "false")
                .config("spark.sql.warehouse.dir", shared.resolve("warehouse").toString())
                .config("spark.sql.extensions", TranslateImageExtension.class.getName())
                .config("spark.sql.shuffle.partitions", 1)
                // a partition a file, so that there are several tasks
                .config("spark.sql.files.openCostInBytes", 128 << 20)
                .getOrCreate();
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    @AfterEach
    void everyTranslatorIsBackInThePool() {
        // a job has failed when its first task has: others may still be ending
        Waiting.until("every translator is back", () -> PoolUse.borrowed() == 0);
    }

    static Path publish(Path path) throws IOException {
        RunDirectory directory = new RunDirectory(new Configuration(), new org.apache.hadoop.fs.Path(path.toUri()));
        try (Golden golden = new Golden("light")) {
            new CheckpointStore(directory).publish(0, GoldenWeights.tensors("light"), Map.of(), JsonNodeFactory.instance.objectNode());
            directory.publishConfig(RunConfig.of(golden.options()));
        }
        return path;
    }

    Path images() {
        return folder.resolve("images");
    }

    void add(String name, byte[] file) throws IOException {
        Files.createDirectories(images());
        Files.write(images().resolve(name), file);
    }

    /** Three images, larger than the networks and not square, and one that is damaged. */
    void addImages() throws IOException {
        for (int i = 0; i < 3; i++) {
            add(i + ".png", ImageEncoder.PNG.encode(noise(i, 80, 72)));
        }
        add("damaged.png", Arrays.copyOf(ImageEncoder.PNG.encode(noise(3, 80, 72)), 200));
    }

    static RgbImage noise(int seed, int width, int height) {
        byte[] pixels = new byte[3 * width * height];
        new Random(seed).nextBytes(pixels);
        return new RgbImage(width, height, pixels);
    }

    Dataset<Row> files() {
        return spark.read().format("binaryFile").load(images().toString());
    }

    static ImageTranslator translator() {
        return new ImageTranslator().setRun(run.toString()).setDirection("a2b");
    }

    /** What the job translate makes of the images, with heatmaps. */
    Path translated(Fit fit, ImageEncoder format) {
        Path output = folder.resolve("translated-" + fit + format);
        new TranslateJob(spark, new TranslateOptions(run.toString(), null, Direction.A2B, images().toString(), output.toString(), format, true,
                false, null, fit), new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8)).run();
        return output;
    }
}
