package io.ugatit.prep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.dataset.Domain;
import io.ugatit.dataset.Split;
import io.ugatit.image.Fit;
import io.ugatit.image.ImageDecoder;
import io.ugatit.image.ImageEncoder;
import io.ugatit.image.ImageFile;
import io.ugatit.image.ImageFormatException;
import io.ugatit.image.Resize;
import io.ugatit.image.RgbImage;
import io.ugatit.input.ArchiveContents;
import io.ugatit.input.InputFile;
import io.ugatit.input.MadeArchives;
import io.ugatit.input.SourceReader;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import io.ugatit.job.Options;
import io.ugatit.prep.source.SourceFile;
import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import java.util.zip.CRC32;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One file must not stop a million: what is hostile, endless or changing is a reject with its reason, and the others are prepared. */
class PrepLimitsTest extends PrepFixture {
    @AfterEach
    void release() throws InterruptedException {
        TreacherousFileSystem.release();
        while (!TimedReading.endless().isEmpty()) {
            Thread.sleep(10);
        }
    }

    @Test
    @Tag("slow")
    void aFileThatHangsIsLeftOutAfterItsSecondsAndTheOthersArePrepared() throws IOException {
        draw("trainA/hanging.png", 3000, 20, 20);
        Files.copy(input.resolve("trainA/hanging.png"), input.resolve("trainA/hanging too.png")); // both are hashed as well

        PrepResult result = prep("treacherous:" + input, "--max-rejects", "0.1", "--file-seconds", "5");

        assertThat(List.of(result.trainA(), result.rejected())).containsExactly(40L, 2L);
        assertThat(rejected()).containsExactly(
                "{\"source\":\"trainA/hanging too.png\",\"kind\":\"rejected\",\"reason\":\"reading and decoding it took longer than the 5 seconds"
                        + " that --file-seconds allows\"}",
                "{\"source\":\"trainA/hanging.png\",\"kind\":\"rejected\",\"reason\":\"reading and decoding it took longer than the 5 seconds"
                        + " that --file-seconds allows\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"stuck.tar", "stuck.zip"})
    @Tag("slow")
    void aMemberThatHangsIsLeftOutAndTheArchiveIsReadOn(String name) throws IOException {
        Path archive = MadeArchives.write(input.resolve("trainA").resolve(name),
                MadeArchives.files("a.png", drawn(3300), "hangs.png", drawn(3301), "z.png", drawn(3302)));
        int within = new String(Files.readAllBytes(archive), StandardCharsets.ISO_8859_1).indexOf("hangs.png") + 600; // past its header
        TreacherousFileSystem.stick(within, 1, () -> { }); // after the archive was looked through

        PrepResult result = prep("treacherous:" + input, "--max-rejects", "0.1", "--file-seconds", "5");

        assertThat(List.of(result.trainA(), result.rejected())).containsExactly(42L, 1L);
        assertThat(sources(Domain.A, Split.TRAIN)).contains(name + "/a.png", name + "/z.png");
        assertThat(rejected()).containsExactly("{\"source\":\"trainA/" + name + "/hangs.png\",\"kind\":\"rejected\",\"reason\":\"reading and"
                + " decoding it took longer than the 5 seconds that --file-seconds allows\"}");
    }

    /** A compressed archive is read from its start again for the file after it. */
    @ParameterizedTest
    @ValueSource(strings = {"x.tar", "x.tar.gz", "x.zip"})
    @Tag("slow")
    void aMemberWhoseDecodingHangsIsGivenUpAndTheNextOneIsDecoded(String name) throws Exception {
        byte[] next = drawn(3401);
        Path archive = MadeArchives.write(folder.resolve(name), MadeArchives.files("hangs.png", drawn(3400), "next.png", next));
        Configuration conf = new Configuration();
        org.apache.hadoop.fs.Path root = new org.apache.hadoop.fs.Path(archive.toUri());
        List<SourceFile> files = ArchiveContents.of(conf, root, new InputFile("", Files.size(archive), Files.getLastModifiedTime(archive)
                .toMillis()), (path, bytes) -> null).files().stream()
                .map(file -> new SourceFile(Domain.A, Split.TRAIN, file.path(), file.length(), file.modified(), file.member())).toList();
        CountDownLatch end = new CountDownLatch(1);
        try (TimedDecoding decoding = new TimedDecoding(new ImageDecoder(), new TimedReading(5, conf, root))) {
            assertThatThrownBy(() -> decoding.decode(files.get(0), Fit.STRETCH, 16, (square, bytes) -> {
                awaitWhateverComes(end);
                return square;
            })).isInstanceOf(ImageFormatException.class)
                    .hasMessage("reading and decoding it took longer than the 5 seconds that --file-seconds allows");
            assertThat(TimedReading.endless()).containsExactly("trainA/hangs.png");

            RgbImage decoded = decoding.decode(files.get(1), Fit.STRETCH, 16, (square, bytes) -> square);

            assertThat(decoded.pixels()).isEqualTo(Resize.bilinear(new ImageDecoder().decode(next), 16, 16).pixels());
        } finally {
            end.countDown();
        }
    }

    @Test
    void aFileThatWaitsForMemoryHasAllItsTimeUnlessFilesThatDoNotEndHoldTooMuchOfIt() throws Exception {
        draw("trainA/hanging.png", 3000, 20, 20);
        SourceFile endless = new SourceFile(Domain.A, Split.TRAIN, "hanging.png", Files.size(input.resolve("trainA/hanging.png")), 0);
        SourceFile patient = new SourceFile(Domain.A, Split.TRAIN, "a1.png", 1, 0);
        org.apache.hadoop.fs.Path root = new org.apache.hadoop.fs.Path("treacherous:" + input);
        try (TimedReading files = new TimedReading(1, spark.sparkContext().hadoopConfiguration(), root)) {
            assertThat(files.run(patient, waiting(2500, endlessThreads -> false))).isEqualTo("done");
            assertThatThrownBy(() -> files.run(endless, (reader, clock) -> {
                clock.start();
                return endless.open(reader).read();
            })).isInstanceOf(TimedReading.TooLongException.class);
            assertThat(files.run(patient, waiting(2500, endlessThreads -> false))).as("as the endless one holds little").isEqualTo("done");
            assertThatThrownBy(() -> files.run(patient, waiting(600_000, endlessThreads -> endlessThreads.size() == 1)))
                    .isInstanceOf(JobFailedException.class).hasMessage("trainA/a1.png waits for memory, which files still hold that did not end"
                            + " within --file-seconds 1: trainA/hanging.png; take them out of the input; nothing was published");
        }
    }

    /** Work whose clock stands for a while, or until it is interrupted. */
    private static TimedReading.Work<String> waiting(int millis, Predicate<Set<Thread>> inVain) {
        return new TimedReading.Work<>() {
            @Override
            public String with(SourceReader reader, TimedReading.Clock clock) throws InterruptedException {
                clock.start();
                clock.stop();
                Thread.sleep(millis);
                clock.start();
                return "done";
            }

            @Override
            public boolean waitsInVain(Thread thread, Set<Thread> endless) {
                return inVain.test(endless);
            }
        };
    }

    @Test
    void filesThatChangeOrVanishAfterTheyWereListedAreRejectsAndNotHalfAnImage() throws IOException {
        for (String name : List.of("grown", "shrunk", "vanished")) {
            draw("trainA/" + name + ".png", 3100 + name.length(), 20, 20);
            draw("trainA/" + name + " too.png", 3100 + name.length(), 20, 20);
        }
        long size = Files.size(input.resolve("trainA/grown.png"));
        long shrunk = Files.size(input.resolve("trainA/shrunk.png"));

        PrepResult result = prep("treacherous:" + input, "--max-rejects", "0.5");

        assertThat(List.of(result.trainA(), result.rejected())).containsExactly(40L, 6L);
        assertThat(rejected()).contains(
                "{\"source\":\"trainA/grown.png\",\"kind\":\"rejected\",\"reason\":\"changed while it was read: it is longer than "
                        + (size - 10) + " bytes\"}",
                "{\"source\":\"trainA/shrunk.png\",\"kind\":\"rejected\",\"reason\":\"changed while it was read: it ends after " + shrunk
                        + " of " + (shrunk + 10) + " bytes\"}",
                "{\"source\":\"trainA/vanished.png\",\"kind\":\"rejected\",\"reason\":\"vanished after it was listed\"}");
    }

    @Test
    void filesAndMembersThatAreTooLongOrClaimTooManyPixelsAreRejectsAndTakeNoMemory() throws IOException {
        byte[] bomb = bomb(60_000, 60_000);
        Files.write(input.resolve("trainA/bomb.png"), bomb);
        for (String name : List.of("huge.jpg", "huge too.jpg")) {
            try (RandomAccessFile file = new RandomAccessFile(input.resolve("trainA/" + name).toFile(), "rw")) {
                file.write(new byte[] {(byte) 0xff, (byte) 0xd8, (byte) 0xff});
                file.setLength(2L << 30);
            }
        }
        MadeArchives.write(input.resolve("trainA/x.zip"), MadeArchives.files("bomb.png", bomb(60_001, 60_000)));

        PrepResult result = prep(input.toString(), "--max-rejects", "0.5");

        assertThat(List.of(result.trainA(), result.rejected())).containsExactly(40L, 4L);
        assertThat(rejected()).containsExactly(
                "{\"source\":\"trainA/bomb.png\",\"kind\":\"rejected\",\"reason\":\"60000 x 60000 pixels are more than the 100000000 that"
                        + " --max-pixels allows\"}",
                "{\"source\":\"trainA/huge too.jpg\",\"kind\":\"rejected\",\"reason\":\"2147483648 bytes are more than the "
                        + ImageFile.MAX_LENGTH + " allowed\"}",
                "{\"source\":\"trainA/huge.jpg\",\"kind\":\"rejected\",\"reason\":\"2147483648 bytes are more than the "
                        + ImageFile.MAX_LENGTH + " allowed\"}",
                "{\"source\":\"trainA/x.zip/bomb.png\",\"kind\":\"rejected\",\"reason\":\"60001 x 60000 pixels are more than the 100000000 that"
                        + " --max-pixels allows\"}");
    }

    @Test
    void imagesOfOneRowOrColumnAndThoseNamedWronglyArePrepared() throws IOException {
        draw("trainA/row.png", 3200, 10_000, 1);
        draw("trainA/column.png", 3201, 1, 10_000);
        draw("trainA/row.jpg", 3202, 10_000, 1);
        draw("trainA/column.jpg", 3203, 1, 10_000);
        Files.write(input.resolve("trainA/really a png.jpg"), ImageEncoder.PNG.encode(new RgbImage(1, 1, new byte[] {1, 2, 3})));
        for (String resize : List.of("stretch", "crop", "pad")) {
            PrepResult result = prep(input.toString(), "--output", output + resize, "--resize", resize);

            assertThat(List.of(result.trainA(), result.rejected())).containsExactly(45L, 0L);
        }
    }

    @Test
    void theListOfRejectsIsWrittenWhetherTheJobFailsOrNot() throws IOException {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Files.writeString(input.resolve("trainB/broken" + i + ".jpg"), "no image " + i);
            lines.add("{\"source\":\"trainB/broken" + i + ".jpg\",\"kind\":\"rejected\",\"reason\":\"not a JPEG, PNG, GIF, BMP, WebP or TIFF"
                    + " image\"}");
        }
        Path list = folder.resolve("left out ü T10:00.jsonl");

        assertThatThrownBy(() -> prep(input.toString(), "--rejects", list.toString())).isInstanceOf(JobFailedException.class).message()
                .startsWith("5 of 12 images in trainB are unreadable, more than --max-rejects 0.01 allows: ")
                .endsWith(" and others; all of them are in file:" + list + "; nothing was published");
        assertThat(Files.readAllLines(list)).isEqualTo(lines);
        assertThat(output).doesNotExist();

        assertThat(siblingsOfOutput()).as("no file beside it").noneMatch(name -> name.endsWith(".crc"));

        Files.delete(input.resolve("trainB/broken4.jpg"));
        prep(input.toString(), "--rejects", list.toString(), "--max-rejects", "0.5");
        assertThat(Files.readAllLines(list)).isEqualTo(lines.subList(0, 4)).isEqualTo(rejected());
    }

    @Test
    void aListOfRejectsHasAPlaceOfItsOwn() throws IOException {
        for (List<String> wrong : List.of(List.of(output + "/x", "must be outside --output, which holds the list already"),
                List.of(folder.toString(), "is a folder, must be a file"))) {
            assertThatThrownBy(() -> prep(input.toString(), "--rejects", wrong.get(0))).isInstanceOf(InvalidRequestException.class)
                    .hasMessage("--rejects is " + wrong.get(0) + ": " + wrong.get(1));
        }
        assertThatThrownBy(() -> prep(input.toString(), "--rejects", input + "/trainA/x.jsonl")).isInstanceOf(InvalidRequestException.class)
                .hasMessage("--rejects is file:" + input + "/trainA/x.jsonl: must be outside file:" + input + "/trainA, whose images are read");
    }

    /** A PNG of few bytes that says it has many pixels. */
    private static byte[] bomb(int width, int height) throws IOException {
        byte[] png = ImageEncoder.PNG.encode(new RgbImage(1, 1, new byte[3]));
        ByteBuffer header = ByteBuffer.wrap(png);
        header.putInt(16, width).putInt(20, height);
        CRC32 crc = new CRC32();
        crc.update(png, 12, 17);
        header.putInt(29, (int) crc.getValue());
        assertThatThrownBy(() -> new ImageDecoder().decode(png)).hasMessageContaining("pixels are more than");
        return png;
    }

    /** Heeds no interrupt, as decoders do not. */
    private static void awaitWhateverComes(CountDownLatch end) {
        while (end.getCount() > 0) {
            try {
                end.await();
            } catch (InterruptedException e) {
                continue;
            }
        }
    }

    private byte[] drawn(int seed) throws IOException {
        draw("drawn/x.png", seed, 70, 70);
        return Files.readAllBytes(input.resolve("drawn/x.png"));
    }

    private List<String> rejected() throws IOException {
        return Files.readAllLines(output.resolve("rejected.jsonl"));
    }

    private PrepResult prep(String from, String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--input", from, "--size", "32"));
        if (!all.contains("--output")) {
            all.addAll(List.of("--output", output.toString()));
        }
        return new PrepJob(spark, Options.parse(PrepOptions.class, all.toArray(new String[0])),
                new PrintStream(printed, true, StandardCharsets.UTF_8)).run();
    }
}
