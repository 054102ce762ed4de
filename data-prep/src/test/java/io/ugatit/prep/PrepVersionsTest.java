package io.ugatit.prep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.dataset.DatasetImage;
import io.ugatit.dataset.Domain;
import io.ugatit.dataset.ImageDataset;
import io.ugatit.dataset.ImageReader;
import io.ugatit.dataset.Split;
import io.ugatit.image.ImageDecoder;
import io.ugatit.image.Resize;
import io.ugatit.image.RgbImage;
import io.ugatit.input.MadeArchives;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Prep onto a data set that it has made before. */
@Tag("slow")
class PrepVersionsTest extends VersionsFixture {
    @Test
    void whatIsNewBecomesTheNextVersionAndNothingPublishedChanges() throws IOException {
        Files.writeString(input.resolve("trainB/README"), "no image");
        PrepResult first = prepWith();
        assertThat(news(first)).containsExactly(1L, 48L, 0L, 0L, 0L);
        ImageDataset held = ImageDataset.open(output.toString(), conf);
        Map<String, String> before = hashes(output);
        List<String> trainA = sources(Domain.A, Split.TRAIN);
        draw("trainA/0 new.png", 500, 30, 30);
        draw("trainA/z new.png", 501, 30, 30);
        draw("trainB/new.jpg", 502, 30, 30);
        draw("testB/new.png", 503, 30, 30);

        PrepResult second = prepWith();

        assertThat(news(second)).containsExactly(2L, 4L, 0L, 48L, 0L);
        assertThat(said()).contains("prep 4/4 files").doesNotContain("find duplicates");
        Map<String, String> after = hashes(output);
        before.forEach((file, hash) -> {
            if (file.startsWith("images/") || file.startsWith("versions/")) {
                assertThat(after).containsEntry(file, hash);
            }
        });
        assertThat(after.get("manifest.json")).isEqualTo(after.get("versions/2/manifest.json"));
        assertThat(after.get("rejected.jsonl")).isEqualTo(after.get("versions/2/rejected.jsonl"));
        List<String> withNew = new ArrayList<>(trainA);
        withNew.addAll(List.of("0 new.png", "z new.png"));
        assertThat(sources(Domain.A, Split.TRAIN)).as("what was there, then what is new").isEqualTo(withNew);
        assertThat(sources(Domain.B, Split.TEST)).containsExactly("new.png");
        assertThat(sourcesOf(held, Domain.A, Split.TRAIN)).as("who holds the old manifest").isEqualTo(trainA);
        assertThat(sourcesOf(ImageDataset.open(output.toString(), 1, conf), Domain.A, Split.TRAIN)).isEqualTo(trainA);
        assertThat(ImageDataset.open(output.toString(), 2, conf).manifest()).isEqualTo(ImageDataset.open(output.toString(), conf).manifest());
        assertThatThrownBy(() -> ImageDataset.open(output.toString(), 3, conf)).isInstanceOf(InvalidRequestException.class)
                .hasMessage(output + " has no version 3, its current one is 2");
        assertThat(siblingsOfOutput()).containsExactlyInAnyOrder("da ta", "in put ü");
        assertAsAtOnce(second);
    }

    @Test
    void ifNothingIsNewThereIsNoNewVersion() throws IOException {
        Files.writeString(input.resolve("trainA/README"), "no image");
        Files.copy(input.resolve("trainA/a1.png"), input.resolve("trainA/z.png"));
        prepWith();
        Map<String, String> before = hashes(output);

        PrepResult again = prepWith();

        assertThat(news(again)).containsExactly(1L, 0L, 0L, 48L, 0L);
        assertThat(again.duplicates()).isEqualTo(1);
        assertThat(said()).contains("prep found nothing new: version 1 of file:" + output + " stays as it is");
        assertThat(hashes(output)).isEqualTo(before);
        assertThat(siblingsOfOutput()).containsExactlyInAnyOrder("da ta", "in put ü");
    }

    @Test
    void knownFilesAreNotOpened() throws IOException {
        draw("trainA/never.png", 400, 20, 20);
        prepWith();
        draw("trainA/new.png", 401, 20, 20);

        assertThat(news(prepFrom("flaky:" + input, output))).containsExactly(2L, 1L, 0L, 49L, 0L);
    }

    @Test
    void aFileThatWasTouchedIsComparedAndNotNew() throws IOException {
        prepWith();
        for (String file : sourcesOnDisk("trainB")) {
            Files.setLastModifiedTime(input.resolve("trainB").resolve(file), FileTime.fromMillis(1_000_000_000_000L));
        }

        assertThat(news(prepWith())).containsExactly(1L, 0L, 0L, 48L, 0L);
        assertThat(said()).contains("find duplicates 7/7 files");
        assertThat(news(prepWith())).containsExactly(1L, 0L, 0L, 48L, 0L);
        assertThat(said()).as("the new times are known").doesNotContain("find duplicates");

        draw("trainA/new.png", 401, 20, 20);
        assertThat(news(prepWith())).containsExactly(2L, 1L, 0L, 48L, 0L);
        assertThat(news(prepWith())).containsExactly(2L, 0L, 0L, 49L, 0L);
        assertThat(said()).doesNotContain("find duplicates");
    }

    @Test
    void aFileThatChangedIsAnotherImage() throws IOException {
        prepWith();
        List<String> before = sources(Domain.A, Split.TRAIN);
        draw("trainA/a1.png", 600, 51, 41);
        Path changed = input.resolve("trainA/a2.png"); // of the same length
        byte[] bytes = Files.readAllBytes(changed);
        draw("trainA/a2.png", 601, 52, 40);
        byte[] others = Files.readAllBytes(changed);
        int length = Math.max(bytes.length, others.length);
        Files.write(changed, Arrays.copyOf(others, length + 1)); // what follows a PNG is none of it

        PrepResult result = prepWith();

        assertThat(news(result)).containsExactly(2L, 0L, 2L, 46L, 0L);
        List<String> after = new ArrayList<>(before);
        after.removeAll(List.of("a1.png", "a2.png"));
        after.addAll(List.of("a1.png", "a2.png"));
        assertThat(sources(Domain.A, Split.TRAIN)).isEqualTo(after);
        try (ImageReader reader = ImageDataset.open(output.toString(), conf).reader(Domain.A, Split.TRAIN, conf, 0)) {
            DatasetImage image = reader.read(38);
            RgbImage original = new ImageDecoder().decode(Files.readAllBytes(input.resolve("trainA/a1.png")));
            assertThat(image.pixels()).isEqualTo(Resize.bilinear(original, 36, 36).pixels());
        }
        assertThat(sourcesOf(ImageDataset.open(output.toString(), 1, conf), Domain.A, Split.TRAIN)).isEqualTo(before);
        assertAsAtOnce(result);
    }

    @Test
    void whatVanishedStaysUnlessMirrored() throws IOException {
        Files.copy(input.resolve("trainA/a1.png"), input.resolve("trainA/z copy.png"));
        prepWith();
        for (String name : List.of("trainA/a1.png", "trainA/a2.png", "testA/x:y%20z.png")) {
            Files.delete(input.resolve(name));
        }

        assertThat(news(prepWith())).containsExactly(1L, 0L, 0L, 48L, 3L);
        assertThat(said()).contains("warning: the files of 3 images have vanished from the input: trainA/a1.png, trainA/a2.png, "
                + "testA/x:y%20z.png; they stay, --mirror leaves them out");

        PrepResult mirrored = prepWith("--mirror");
        assertThat(said()).contains("testA/x:y%20z.png; they are left out");
        assertThat(news(mirrored)).containsExactly(2L, 1L, 0L, 45L, 3L);
        assertThat(sources(Domain.A, Split.TRAIN)).hasSize(39).doesNotContain("a1.png", "a2.png").endsWith("z copy.png");
        assertThat(sources(Domain.A, Split.TEST)).isEmpty();
        assertAsAtOnce(mirrored);

        draw("trainA/a2.png", 2, 52, 40); // as it was
        PrepResult back = prepWith("--mirror");
        assertThat(news(back)).containsExactly(3L, 1L, 0L, 46L, 0L);
        assertAsAtOnce(back);
    }

    @Test
    void whatWasInAnArchiveThatIsCutOffNowHasNotVanished() throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (Path file : filesIn(input.resolve("trainB"))) {
            files.put(file.getFileName().toString(), Files.readAllBytes(file));
        }
        deleteAll(input.resolve("trainB"));
        Path archive = MadeArchives.write(input.resolve("trainB.tar"), files);
        List<Long> whole = counts(prepWith());

        byte[] half = Arrays.copyOf(Files.readAllBytes(archive), (int) (Files.size(archive) / 2)); // as of an upload that is under way
        Files.write(archive, half);
        PrepResult result = prepWith("--mirror", "--max-rejects", "0.5");
        assertThat(result.rejected()).isEqualTo(1);
        assertThat(result.trainB()).isEqualTo(whole.get(1)).isEqualTo(7);
        assertThat(said()).doesNotContain("vanished");
    }

    @Test
    void whatWasInAnInputThatIsAnArchiveAndCutOffNowHasNotVanished() throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (String name : List.of("trainA", "trainB")) {
            for (int i = 0; i < 4; i++) {
                draw(name + "-drawn/" + i + ".png", name.hashCode() + i, 20, 20);
                files.put(name + "/" + i + ".png", Files.readAllBytes(input.resolve(name + "-drawn/" + i + ".png")));
            }
        }
        Path archive = MadeArchives.write(folder.resolve("all.tar"), files);
        prepFrom(archive.toString(), output);

        byte[] all = Files.readAllBytes(archive);
        int last = files.get("trainB/3.png").length;
        Files.write(archive, Arrays.copyOf(all, all.length - 1024 - last)); // in the middle of the last image
        PrepResult result = prepFrom(archive.toString(), output, "--mirror", "--max-rejects", "0.5");
        assertThat(List.of(result.trainA(), result.trainB())).containsExactly(4L, 4L);
        assertThat(said()).doesNotContain("vanished");
    }

    private static List<Path> filesIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    @Test
    void whatCannotBeLookedIntoHasNotVanished() throws IOException {
        draw("trainA/denied folder/unseen.png", 401, 20, 20);
        prepWith();

        PrepResult result = prepFrom("guarded:" + input, output, "--mirror", "--max-rejects", "0.1");

        assertThat(news(result)).containsExactly(2L, 0L, 0L, 49L, 0L);
        assertThat(result.rejected()).isEqualTo(1);
        assertThat(sources(Domain.A, Split.TRAIN)).contains("denied folder/unseen.png");
    }

    @Test
    void whatWasRejectedIsTriedAgain() throws IOException {
        draw("trainA/large.png", 99, 100, 100);
        Files.writeString(input.resolve("trainA/broken.jpg"), "no image");

        PrepResult first = prepWith("--max-pixels", "9999", "--max-rejects", "0.1");
        assertThat(first.rejected()).isEqualTo(2);

        PrepResult second = prepWith("--max-rejects", "0.1");
        assertThat(news(second)).containsExactly(2L, 1L, 0L, 48L, 0L);
        assertThat(second.rejected()).isEqualTo(1);
        assertAsAtOnce(second, "--max-rejects", "0.1");
    }

    @Test
    void tooManyRejectsLeaveTheVersionBefore() throws IOException {
        prepWith();
        Map<String, String> before = hashes(output);
        Files.writeString(input.resolve("trainA/broken.jpg"), "no image");
        draw("trainA/new.png", 401, 20, 20);

        assertThatThrownBy(() -> prepWith("--max-rejects", "0")).isInstanceOf(JobFailedException.class)
                .hasMessageStartingWith("1 of 42 images in trainA are unreadable, more than --max-rejects 0.0 allows: trainA/broken.jpg");
        assertThat(hashes(output)).isEqualTo(before);
        assertThat(siblingsOfOutput()).containsExactlyInAnyOrder("da ta", "in put ü");
    }
}
