package io.ugatit.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.ugatit.cluster.SmallTraining.Silent;
import io.ugatit.report.sample.SampleIndex;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The samples that a training draws, whoever has started it. */
class SamplesTest {
    @TempDir
    private static Path folder;
    private static SparkSession spark;
    private static String data;

    @BeforeAll
    static void prepare() throws Exception {
        spark = SmallTraining.session("local[2]");
        data = SmallTraining.dataset(spark, folder, SmallTraining.SIZE, 1);
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    private static TrainOptions options(Path run, String samples) {
        return SmallTraining.options(data, run, "--steps", "4", "--averaging-frequency", "1", "--checkpoint-every", "2", "--samples", samples);
    }

    @Test
    void aTrainingStartedByAProgramDrawsAsManyAsItIsAskedForAtEveryCheckpoint() throws Exception {
        Path run = folder.resolve("three");
        new TrainJob(spark, options(run, "3"), new Silent()).run();
        List<SampleIndex> drawn = SampleIndex.readAll(SmallTraining.directory(run));
        assertThat(drawn).extracting(SampleIndex::step).containsExactly(2L, 4L);
        assertThat(drawn).allSatisfy(index -> assertThat(index.images().get("a2b")).as("of 5 images, evenly").containsExactly("0.png", "1.png", "3.png"));
        BufferedImage before = ImageIO.read(run.resolve("samples/step-00000002-b2a.png").toFile());
        BufferedImage after = ImageIO.read(run.resolve("samples/step-00000004-b2a.png").toFile());
        int translation = 2 * (drawn.get(0).tileWidth() + 8);
        assertThat(after.getRGB(4, 4)).as("the source").isEqualTo(before.getRGB(4, 4));
        assertThat(pixels(after, translation)).as("the translation after two more steps").isNotEqualTo(pixels(before, translation));
    }

    private static int[] pixels(BufferedImage sheet, int left) {
        return sheet.getRGB(left, 0, 64, 64, null, 0, 64);
    }

    @Test
    void withNoneAskedForNoneAreDrawn() {
        Path run = folder.resolve("none");
        new TrainJob(spark, options(run, "0"), new Silent()).run();
        assertThat(run.resolve("checkpoints/step-00000004")).isDirectory();
        assertThat(run.resolve("samples")).doesNotExist();
    }

    @Test
    void samplesThatCannotBeStoredAreToldAndTheTrainingGoesOn() throws Exception {
        Path run = folder.resolve("in-the-way");
        Silent listener = new Silent() {
            @Override
            public void round(long stepsDone, double dLoss, double gLoss) {
                if (stepsDone == 3) {
                    inTheWay(run);
                }
            }
        };
        new TrainJob(spark, options(run, "1"), listener).run();
        assertThat(listener.checkpoints).containsExactly(2L, 4L);
        assertThat(listener.warnings).singleElement().asString()
                .startsWith("Cannot store the samples of step 4 in ").contains("/in-the-way/samples: ")
                .endsWith("; the checkpoint of step 4 is whole, the training goes on");
    }

    /** A file where the folder of the samples is. */
    private static void inTheWay(Path run) {
        try {
            Files.move(run.resolve("samples"), run.resolve("moved"));
            Files.writeString(run.resolve("samples"), "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
