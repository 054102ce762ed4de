package io.ugatit.translate;

import static org.assertj.core.api.Assertions.assertThat;

import io.ugatit.golden.GoldenWeights;
import io.ugatit.image.Fit;
import io.ugatit.image.ImageEncoder;
import io.ugatit.image.RgbImage;
import io.ugatit.process.JavaProcess;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class TranslateOnExecutorsTest {
    private static final int SIZE = 64;
    @TempDir
    private Path folder;

    @Test
    void executorsOfTheirOwnGiveTheBytesOfOneProcess() throws Exception {
        Files.createDirectories(folder.resolve("in"));
        for (int i = 0; i < 6; i++) {
            byte[] pixels = new byte[3 * SIZE * SIZE];
            new Random(i).nextBytes(pixels);
            Files.write(folder.resolve("in/" + i + ".png"), ImageEncoder.PNG.encode(new RgbImage(SIZE, SIZE, pixels)));
        }
        Files.writeString(folder.resolve("in/broken.png"), "no image");
        String weights = GoldenWeights.write(folder.resolve("light.safetensors"), GoldenWeights.tensors("light"));
        TranslateResult apart = translate("local-cluster[2,1,1024]", weights, folder.resolve("apart"));
        translate("local[1]", weights, folder.resolve("one"));
        assertThat(apart.translated()).isEqualTo(6);
        assertThat(apart.rejected()).isEqualTo(1);
        for (int i = 0; i < 6; i++) {
            assertThat(folder.resolve("apart/" + i + ".png")).hasSameBinaryContentAs(folder.resolve("one/" + i + ".png"));
        }
    }

    private TranslateResult translate(String master, String weights, Path output) {
        SparkSession spark = SparkSession.builder().master(master).appName("translate").config("spark.ui.enabled", "false")
                .config("spark.executor.memory", "512m")
                // the same kernels on both sides: others round otherwise
                .config("spark.executor.extraJavaOptions", "--add-modules=jdk.incubator.vector")
                .config("spark.executor.extraClassPath", JavaProcess.classPath())
                .config("spark.executor.defaultJavaOptions", String.join(" ", JavaProcess.shortLife()) + " -XX:TieredStopAtLevel=4")
                .config("spark.serializer", "org.apache.spark.serializer.KryoSerializer")
                .getOrCreate();
        try {
            return new TranslateJob(spark, new TranslateOptions(null, weights, Direction.A2B, folder.resolve("in").toString(), output.toString(),
                    ImageEncoder.PNG, false, false, SIZE, Fit.STRETCH),
                    new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8)).run();
        } finally {
            spark.stop();
        }
    }
}
