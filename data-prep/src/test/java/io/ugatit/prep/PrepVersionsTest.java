package io.ugatit.prep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.dataset.DatasetImage;
import io.ugatit.dataset.Domain;
import io.ugatit.dataset.ImageDataset;
import io.ugatit.dataset.ImageReader;
import io.ugatit.dataset.Split;
import io.ugatit.image.Fit;
import io.ugatit.image.ImageDecoder;
import io.ugatit.image.ImageEncoder;
import io.ugatit.image.Resize;
import io.ugatit.image.RgbImage;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import io.ugatit.job.Options;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Prep onto a data set that it has made before. */
@Tag("slow")
class PrepVersionsTest extends PrepFixture {
    private final Configuration conf = new Configuration();

    private PrepResult prepWith(String... more) {
        return prepTo(output, more);
    }

    private PrepResult prepTo(Path to, String... more) {
        return prepFrom(input.toString(), to, more);
    }

    private PrepResult prepFrom(String from, Path to, String... more) {
        List<String> words = new ArrayList<>(List.of("--input", from, "--output", to.toString()));
        words.addAll(List.of(more));
        if (!words.contains("--size")) {
            words.addAll(List.of("--size", "32"));
        }
        printed.reset();
        return new PrepJob(spark, Options.parse(PrepOptions.class, words.toArray(String[]::new)),
                new PrintStream(printed, true, StandardCharsets.UTF_8)).run();
    }

    private String said() {
        return printed.toString(StandardCharsets.UTF_8);
    }

    /** Content hash and counts are those of preparing all that is in the input now at once, with the same options. */
    private void assertAsAtOnce(PrepResult result, String... more) throws IOException {
        Path once = folder.resolve("at once");
        PrepResult atOnce = prepTo(once, more);
        assertThat(result.contentHash()).isEqualTo(atOnce.contentHash());
        assertThat(counts(result)).isEqualTo(counts(atOnce));
        assertThat(Files.readAllLines(output.resolve("rejected.jsonl"))).isEqualTo(Files.readAllLines(once.resolve("rejected.jsonl")));
        deleteAll(once);
    }

    private static List<Long> counts(PrepResult result) {
        return List.of(result.trainA(), result.trainB(), result.testA(), result.testB(), result.duplicates(), result.rejected(),
                result.notImages(), result.leaks(), result.hidden(), result.links(), result.noRegularFiles(), result.nearDuplicates());
    }

    private static List<Long> news(PrepResult result) {
        return List.of((long) result.version(), result.added(), result.changed(), result.unchanged(), result.vanished());
    }

    static void deleteAll(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            files.sorted((a, b) -> b.compareTo(a)).map(Path::toFile).forEach(File::delete);
        }
    }

    private List<String> sourcesOf(ImageDataset dataset, Domain domain, Split split) throws IOException {
        List<String> sources = new ArrayList<>();
        try (ImageReader reader = dataset.reader(domain, split, conf, 0)) {
            for (long i = 0; i < reader.count(); i++) {
                sources.add(reader.read(i).source());
            }
        }
        return sources;
    }

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

        draw("trainA/new.png", 401, 20, 20);
        assertThat(news(prepWith())).containsExactly(2L, 1L, 0L, 48L, 0L);
        assertThat(news(prepWith())).containsExactly(2L, 0L, 0L, 49L, 0L);
        assertThat(said()).as("the new times are known").doesNotContain("find duplicates");
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
    void whatCannotBeLookedIntoHasNotVanished() throws IOException {
        draw("trainA/denied folder/unseen.png", 401, 20, 20);
        prepWith();

        PrepResult result = prepFrom("guarded:" + input, output, "--mirror", "--max-rejects", "0.1");

        assertThat(news(result)).containsExactly(2L, 0L, 0L, 49L, 0L);
        assertThat(result.rejected()).isEqualTo(1);
        assertThat(sources(Domain.A, Split.TRAIN)).contains("denied folder/unseen.png");
    }

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
        assertThat(said()).containsPattern("warning: 1 of the images in trainA look like one in testA \\(at most 4 of the 64 bits of their "
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

    @Test
    void otherOptionsAreRefusedWithBothValues() throws IOException {
        prepWith();
        Map<String, String> before = hashes(output);
        Map<List<String>, String> refusals = Map.of(
                List.of("--size", "64"), "--size is 64, but --output file:" + output + " was made with 32: give that, or another --output",
                List.of("--load-size", "40"), "--load-size is 40, but --output file:" + output + " was made with 36: give that, or another --output",
                List.of("--resize", "crop"), "--resize is " + Fit.CROP + ", but --output file:" + output + " was made with " + Fit.STRETCH
                        + ": give that, or another --output");
        refusals.forEach((words, message) -> assertThatThrownBy(() -> prepWith(words.toArray(String[]::new)))
                .isInstanceOf(InvalidRequestException.class).hasMessage(message));
        assertThat(hashes(output)).isEqualTo(before);
    }

    @Test
    void aDataSetThatNothingCanBeAddedToIsRefused() throws IOException {
        prepWith();
        Path manifest = output.resolve("manifest.json");
        String json = Files.readString(manifest);
        Files.writeString(manifest, json.replace("\"formatVersion\" : 2", "\"formatVersion\" : 1"));
        assertThatThrownBy(this::prepWith).isInstanceOf(InvalidRequestException.class).hasMessage("--output is file:" + output
                + ": a data set of formatVersion 1, which does not list its files, so that nothing can be added: prepare it anew, with another "
                + "--output");
        assertThat(ImageDataset.open(output.toString(), conf).count(Domain.A, Split.TRAIN)).as("is read").isEqualTo(40);

        Files.writeString(manifest, json);
        Path list = output.resolve("versions/1/files.jsonl.gz");
        byte[] bytes = Files.readAllBytes(list);
        String lines;
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            lines = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        assertThat(lines.lines()).hasSize(48).first().asString()
                .matches("\\{\"folder\":\"trainA\",\"source\":\"a1.png\",\"length\":\\d+,\"modified\":\\d+,\"sha256\":\"[0-9a-f]{64}\","
                        + "\"shard\":0,\"row\":0,\"look\":\"[0-9a-f]{16}\"}");
        List<String> damaged = List.of(lines.substring(0, lines.length() / 2), lines + lines, lines.replace("\"shard\":0", "\"shard\":9"),
                lines.replace("\"row\":1,", "\"row\":0,"), lines.replace("\"folder\":\"trainA\"", "\"folder\":\"other\""),
                lines.replaceFirst("\"sha256\":\"", "\"sha256\":\"0"), "[]");
        for (String text : damaged) {
            ByteArrayOutputStream packed = new ByteArrayOutputStream();
            try (OutputStream out = new GZIPOutputStream(packed)) {
                out.write(text.getBytes(StandardCharsets.UTF_8));
            }
            Files.write(list, packed.toByteArray());
            assertDamaged(list);
        }
        Files.write(list, Arrays.copyOf(bytes, bytes.length / 2));
        assertDamaged(list);
        Files.writeString(list, "no gzip");
        assertDamaged(list);
        Files.delete(list);
        assertThatThrownBy(this::prepWith).isInstanceOf(InvalidRequestException.class)
                .hasMessage("file:" + list + " is missing: prepare the dataset anew, with another --output");
        deleteAll(output.resolve("versions"));
        assertThatThrownBy(this::prepWith).isInstanceOf(InvalidRequestException.class).hasMessage("--output is file:" + output
                + ": a data set without its versions/1, so that nothing can be added: prepare it anew, with another --output");
    }

    private void assertDamaged(Path list) {
        assertThatThrownBy(this::prepWith).isInstanceOf(InvalidRequestException.class).message()
                .startsWith("file:" + list + " is damaged (").endsWith("): prepare the dataset anew, with another --output").doesNotContain("\n");
    }

    /** Every change that a job makes to the file system may be its last. */
    @Test
    void aJobMayBeKilledAnywhereAndTheNextOneFinishesTheVersion() throws IOException {
        DyingFileSystem.register(spark.sparkContext().hadoopConfiguration());
        for (String file : sourcesOnDisk("trainA")) {
            deleteAll(input.resolve("trainA").resolve(file));
        }
        draw("trainA/a.png", 1, 20, 20);
        draw("trainA/b.png", 2, 20, 20);
        output = folder.resolve("grows");
        String from = input.toString();
        Path dying = Path.of("dying:" + output);
        PrepResult first = prepFrom(from, dying);
        Path copy = folder.resolve("copy");
        copy(output, copy);
        draw("trainA/c.png", 3, 20, 20);
        draw("testB/d.png", 4, 20, 20);
        Files.delete(input.resolve("trainA/a.png"));
        PrepResult second = prepFrom(from, dying, "--mirror");
        Map<String, String> whole = hashes(output);
        List<Integer> versions = new ArrayList<>();
        int changes = 0;
        for (boolean killed = true; killed; changes++) {
            deleteAll(output);
            copy(copy, output);
            DyingFileSystem.dieAfter(changes);
            try {
                prepFrom(from, dying, "--mirror");
                killed = false;
            } catch (JobFailedException e) {
                assertThat(e).hasMessageContaining("killed");
            } finally {
                DyingFileSystem.live();
            }
            ImageDataset read = ImageDataset.open(output.toString(), conf);
            boolean old = read.manifest().version() == 1;
            versions.add(read.manifest().version());
            assertThat(read.manifest().contentHash()).isEqualTo(old ? first.contentHash() : second.contentHash());
            assertThat(sourcesOf(read, Domain.A, Split.TRAIN)).isEqualTo(old ? List.of("a.png", "b.png") : List.of("b.png", "c.png"));
            assertThat(sourcesOf(read, Domain.B, Split.TEST)).isEqualTo(old ? List.of() : List.of("d.png"));

            PrepResult next = prepFrom(from, dying, "--mirror");

            assertThat(next.contentHash()).isEqualTo(second.contentHash());
            assertThat(hashes(output)).as("after " + changes + " changes").isEqualTo(whole);
            assertThat(siblingsOfOutput()).containsExactlyInAnyOrder("copy", "grows", "in put ü");
        }
        assertThat(versions).isSorted().startsWith(1, 1, 1).endsWith(2).hasSizeGreaterThan(20);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.sorted().toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }
}
