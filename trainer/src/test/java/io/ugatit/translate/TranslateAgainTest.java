package io.ugatit.translate;

import static org.assertj.core.api.Assertions.assertThat;

import io.ugatit.image.Fit;
import io.ugatit.image.ImageEncoder;
import io.ugatit.image.RgbImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What translate makes again, and what it leaves as it is, where there are translations already. */
@Tag("slow")
class TranslateAgainTest extends TranslateFixture {
    @Test
    void aJobThatWasKilledGoesOnWithWhatIsMissing() throws Exception {
        addImages(3);
        translate();
        Map<String, byte[]> whole = outputs();
        Files.delete(output().resolve("image-1.png"));
        Files.writeString(output().resolve(".tmp-image-1.png-1234"), "half an im");
        FileTime before = Files.getLastModifiedTime(output().resolve("image-0.png"));
        TranslateResult result = translate();
        assertThat(result.translated()).isEqualTo(1);
        assertThat(result.skipped()).isEqualTo(2);
        assertThat(outputs()).containsOnlyKeys(whole.keySet());
        assertThat(outputs().get("image-1.png")).isEqualTo(whole.get("image-1.png"));
        assertThat(Files.getLastModifiedTime(output().resolve("image-0.png"))).isEqualTo(before);
    }

    private void replace(String name, RgbImage image, FileTime time) throws IOException {
        addImage(name, image);
        Files.setLastModifiedTime(input().resolve(name), time);
    }

    @Test
    void anImageThatWasReplacedIsTranslatedAgainWhateverItsTime() throws Exception {
        addImages(4);
        FileTime time = Files.getLastModifiedTime(input().resolve("image-0.png"));
        for (int i = 0; i < 4; i++) {
            Files.setLastModifiedTime(input().resolve("image-" + i + ".png"), time);
        }
        translate();
        Map<String, byte[]> before = outputs();
        replace("image-1.png", noise(11), FileTime.fromMillis(1_000_000_000_000L));
        replace("image-2.png", new RgbImage(SIZE, SIZE, new byte[3 * SIZE * SIZE]), time); // of another length
        replace("image-3.png", noise(13), FileTime.fromMillis(System.currentTimeMillis() + 1_000_000));
        TranslateResult result = translate();
        assertThat(List.of(result.translated(), result.skipped())).containsExactly(3L, 1L);
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains(
                "3 images were replaced since they were translated: they are translated again");
        Map<String, byte[]> after = outputs();
        assertThat(after.get("image-0.png")).isEqualTo(before.get("image-0.png"));
        for (int i = 1; i < 4; i++) {
            assertThat(after.get("image-" + i + ".png")).isNotEqualTo(before.get("image-" + i + ".png"));
        }
        assertThat(translate().skipped()).isEqualTo(4);
    }

    @Test
    void aTranslationThatWasNotLoggedBeforeAKillIsMadeAgain() throws Exception {
        addImages(3);
        translate();
        try (Stream<Path> logs = Files.walk(output()).filter(file -> file.getFileName().toString().equals("task-00001.jsonl"))) {
            Files.delete(logs.findFirst().orElseThrow());
        }
        assertThat(translate().translated()).isEqualTo(1);
        assertThat(translate().translated()).isZero();
    }

    @Test
    void translationsOfImagesThatAreGoneStayAndAreSaid() throws Exception {
        addImages(3);
        translate();
        byte[] of = outputs().get("image-1.png");
        Files.delete(input().resolve("image-1.png"));
        addImage("new.png", noise(9));
        assertThat(translate().translated()).isEqualTo(1);
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("1 translations are of images that are no longer there: they stay");
        assertThat(outputs().get("image-1.png")).isEqualTo(of);
        assertThat(translate().translated()).isZero();
    }

    @Test
    void overwriteTranslatesAllAgain() throws Exception {
        addImages(2);
        translate();
        Files.writeString(output().resolve("image-1.png"), "spoiled");
        assertThat(translate(options(false, true)).translated()).isEqualTo(2);
        assertThat(decode(output().resolve("image-1.png")).width()).isEqualTo(SIZE);
        assertThat(printed.toString(StandardCharsets.UTF_8)).doesNotContain("not overwritten");

        Files.delete(input().resolve("image-1.png"));
        assertThat(translate(options(false, true)).translated()).isEqualTo(1);
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("1 files of earlier translations are not overwritten, since their images are"
                + " not there: they stay as they were made");
        assertThat(output().resolve("image-1.png")).exists();
    }

    @Test
    void anImageThatIsCalledLikeAnOlderOneGetsNoTranslationOfThat() throws Exception {
        addImage("x.jpg", noise(1));
        translate();
        byte[] first = Files.readAllBytes(output().resolve("x.png"));
        addImage("x.png", noise(2));
        assertThat(translate().translated()).isEqualTo(2);
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("1 translations get other names, since other images are called alike now");
        assertThat(output().resolve("x.png")).doesNotExist();
        assertThat(output().resolve("x.jpg.png")).hasBinaryContent(first);
        assertThat(output().resolve("x.png.png")).exists();
        assertThat(translate().skipped()).isEqualTo(2);
    }

    @Test
    void translationsMadeWithSomethingElseAreNotMixed() throws Exception {
        addImages(1);
        translate();
        assertRefused(new TranslateOptions(null, weights, Direction.B2A, input().toString(), output().toString(), ImageEncoder.PNG, false, false,
                SIZE, Fit.STRETCH), "--output is file:" + output()
                + ": its translations were made with direction a2b, not b2a; choose another --output, or --overwrite to translate all again");
    }
}
