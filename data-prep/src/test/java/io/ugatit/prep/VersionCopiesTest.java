package io.ugatit.prep;

import static org.assertj.core.api.Assertions.assertThat;

import io.ugatit.dataset.Domain;
import io.ugatit.dataset.Split;
import io.ugatit.image.ImageEncoder;
import io.ugatit.image.Resize;
import io.ugatit.image.RgbImage;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Images that are the same as others, or look like them, in a data set that grows. */
@Tag("slow")
class VersionCopiesTest extends VersionsFixture {
    @Test
    void copiesAndLeaksAreThoseOfPreparingAllAtOnce() throws IOException {
        prepWith();
        Files.copy(input.resolve("trainA/a1.png"), input.resolve("trainA/0 before it.png"));
        Files.copy(input.resolve("trainA/a2.png"), input.resolve("trainA/z after it.png"));
        Files.copy(input.resolve("trainA/a4.png"), input.resolve("testA/leak.png"));

        PrepResult second = prepWith();

        assertThat(news(second)).containsExactly(2L, 2L, 0L, 46L, 0L);
        assertThat(List.of(second.duplicates(), second.leaks())).containsExactly(2L, 1L);
        assertThat(sources(Domain.A, Split.TRAIN)).hasSize(39).doesNotContain("a1.png", "a4.png", "z after it.png").endsWith("0 before it.png");
        assertAsAtOnce(second);

        Files.delete(input.resolve("testA/leak.png"));
        Files.delete(input.resolve("trainA/0 before it.png"));
        PrepResult third = prepWith("--mirror");
        assertThat(news(third)).as("images that count again are not made again").containsExactly(3L, 0L, 0L, 48L, 2L);
        assertThat(sources(Domain.A, Split.TRAIN)).hasSize(40).contains("a1.png", "a4.png").isSorted();
        assertAsAtOnce(third);
    }

    @Test
    void trainImagesThatLookLikeTestImagesAreReportedOrDropped() throws IOException {
        byte[] few = new byte[3 * 9 * 9];
        new Random(7).nextBytes(few);
        RgbImage test = Resize.bilinear(new RgbImage(9, 9, few), 80, 80);
        Files.write(input.resolve("testA/x:y%20z.png"), ImageEncoder.PNG.encode(test));
        Files.write(input.resolve("trainA/smaller.jpg"), ImageEncoder.JPEG.encode(Resize.bilinear(test, 60, 60)));

        PrepResult reported = prepWith();
        assertThat(said()).containsPattern("warning: 1 of the images in trainA looks like one in testA \\(at most 4 of the 64 bits of their "
                + "perceptual hashes differ\\), which --near-duplicates drop leaves out of training: "
                + "trainA/smaller.jpg and testA/x:y%20z.png \\([0-4]\\)\n");
        assertThat(List.of(reported.trainA(), reported.nearDuplicates())).containsExactly(41L, 0L);

        PrepResult dropped = prepWith("--near-duplicates", "drop");
        assertThat(said()).contains("perceptual hashes differ) and are left out of training: trainA/smaller.jpg");
        assertThat(List.of(dropped.trainA(), dropped.nearDuplicates())).containsExactly(40L, 1L);
        assertThat(news(dropped)).containsExactly(2L, 0L, 0L, 48L, 0L);
        assertThat(Files.readAllLines(output.resolve("rejected.jsonl"))).singleElement().asString()
                .matches("\\{\"source\":\"trainA/smaller.jpg\",\"kind\":\"near-duplicate\",\"reason\":\"looks like testA/x:y%20z.png, "
                        + "which is there to judge by: [0-4] of 64 bits differ\"}");
        assertAsAtOnce(dropped, "--near-duplicates", "drop");

        assertThat(news(prepWith())).containsExactly(3L, 0L, 0L, 49L, 0L);
        assertThat(sources(Domain.A, Split.TRAIN)).hasSize(41).contains("smaller.jpg").isSorted();
    }
}
