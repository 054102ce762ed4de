package io.ugatit.prep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.dataset.Domain;
import io.ugatit.dataset.ImageDataset;
import io.ugatit.dataset.Split;
import io.ugatit.job.JobFailedException;
import io.ugatit.job.Options;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;

/** What prep does not use, with its reason. */
class PrepLeftOutTest extends PrepFixture {
    @Test
    void aFewRejectsAreRecordedWithTheirReasons() throws IOException {
        Files.writeString(input.resolve("trainA/broken.jpg"), "no image");
        Files.write(input.resolve("trainA/empty.png"), new byte[0]);
        byte[] whole = Files.readAllBytes(input.resolve("trainA/a1.png"));
        Files.write(input.resolve("trainA/cut.png"), Arrays.copyOf(whole, whole.length / 2));

        PrepResult result = prep(output, 0.1);

        assertThat(result.rejected()).isEqualTo(3);
        assertThat(result.trainA()).isEqualTo(40);
        assertThat(sources(Domain.A, Split.TRAIN)).doesNotContain("broken.jpg", "empty.png", "cut.png");
        assertThat(Files.readAllLines(output.resolve("rejected.jsonl"))).containsExactly(
                "{\"source\":\"trainA/broken.jpg\",\"kind\":\"rejected\",\"reason\":\"not a JPEG, PNG, GIF, BMP, WebP or TIFF image\"}",
                "{\"source\":\"trainA/cut.png\",\"kind\":\"rejected\",\"reason\":\"cut-off PNG: the file ends before the image does\"}",
                "{\"source\":\"trainA/empty.png\",\"kind\":\"rejected\",\"reason\":\"the file is empty\"}");
    }

    /** Images all the same: not to be passed over in silence, whatever they are called. */
    @Test
    void imagesOfAFormatThatCannotBeDecodedAreRejectsThatSayWhatToDo() throws IOException {
        String heic = "\0\0\0\40ftypheic\0\0\0\0mif1heic";
        Files.writeString(input.resolve("trainA/IMG_0001.HEIC"), heic);
        Files.writeString(input.resolve("trainA/unnamed"), heic);
        Files.writeString(input.resolve("trainA/photo.ppm"), "P6 1 1 255\nabc");

        PrepResult result = prep(output, 0.1);

        assertThat(result.rejected()).isEqualTo(2); // two of the three are the same
        assertThat(result.duplicates()).isEqualTo(1);
        assertThat(result.notImages()).isZero();
        String advice = " images cannot be decoded: convert them to JPEG, PNG or WebP, for example with ";
        assertThat(Files.readAllLines(output.resolve("rejected.jsonl"))).contains(
                "{\"source\":\"trainA/IMG_0001.HEIC\",\"kind\":\"rejected\",\"reason\":\"HEIC" + advice
                        + "heif-convert or magick mogrify -format png *.heic\"}",
                "{\"source\":\"trainA/photo.ppm\",\"kind\":\"rejected\",\"reason\":\"PNM (PBM, PGM, PPM)" + advice
                        + "magick mogrify -format png *.ppm\"}");
    }

    @Test
    void theLimitOfPixelsIsTheOptions() throws IOException {
        draw("trainA/large.png", 99, 100, 100);
        String from = "file:" + input;
        PrepOptions options = Options.parse(PrepOptions.class, "--input", from, "--output", output.toString(), "--size", "32",
                "--max-rejects", "0.1", "--max-pixels", "9999");

        PrepResult result = new PrepJob(spark, options, new PrintStream(new ByteArrayOutputStream())).run();

        assertThat(result.rejected()).isEqualTo(1);
        assertThat(Files.readString(output.resolve("rejected.jsonl")))
                .contains("trainA/large.png", "100 x 100 pixels are more than the 9999 that --max-pixels allows");
    }

    @Test
    void tooManyRejectsFailTheJobWithTheirReasonsAndPublishNothing() throws IOException {
        for (int i = 0; i < 4; i++) {
            Files.writeString(input.resolve("trainB/broken" + i + ".jpg"), "no image " + i);
        }

        assertThatThrownBy(() -> prep(output, 0.1))
                .isInstanceOf(JobFailedException.class)
                .hasMessage("4 of 11 images in trainB are unreadable, more than --max-rejects 0.1 allows: "
                        + "trainB/broken0.jpg (not a JPEG, PNG, GIF, BMP, WebP or TIFF image), "
                        + "trainB/broken1.jpg (not a JPEG, PNG, GIF, BMP, WebP or TIFF image), "
                        + "trainB/broken2.jpg (not a JPEG, PNG, GIF, BMP, WebP or TIFF image) and others; "
                        + "--rejects FILE lists all of them; nothing was published");
        assertThat(siblingsOfOutput()).containsExactly("in put ü");
    }

    @Test
    void aFolderOfNothingButRejectsFailsEvenIfAllMayBeRejected() throws IOException {
        for (String file : sourcesOnDisk("trainB")) {
            Files.writeString(input.resolve("trainB").resolve(file), "no image " + file);
        }

        assertThatThrownBy(() -> prep(output, 1)).isInstanceOf(JobFailedException.class)
                .hasMessageMatching("no image in trainB could be read: "
                        + "(trainB/.*\\.jpg \\(not a .* image\\),? ){3}and others; --rejects FILE lists all of them; nothing was published");
    }

    @Test
    void filesThatAreNoImagesAreRecordedButNotCountedAsRejects() throws IOException {
        Files.writeString(input.resolve("trainB/README.txt"), "where these are from");
        Files.writeString(input.resolve("trainB/.DS_Store"), "hidden");
        draw("trainB/_MG_1234.jpg", 301, 20, 20);
        draw("trainB/without an ending", 300, 20, 20);

        PrepResult result = prep(output, 0);

        assertThat(List.of(result.trainB(), result.notImages(), result.rejected(), result.hidden())).containsExactly(9L, 1L, 0L, 1L);
        assertThat(Files.readAllLines(output.resolve("rejected.jsonl"))).containsExactly(
                "{\"source\":\"trainB/.DS_Store\",\"kind\":\"hidden\",\"reason\":\"hidden: its name begins with a dot\"}",
                "{\"source\":\"trainB/README.txt\",\"kind\":\"not-an-image\","
                        + "\"reason\":\"neither its name nor its first bytes are those of an image\"}");
    }

    @Test
    void whatIsNoFileIsCountedWithItsReasonAndNeverOpened() throws Exception {
        Path trainA = input.resolve("trainA");
        Files.createSymbolicLink(trainA.resolve("l1"), Path.of("."));
        Files.createSymbolicLink(trainA.resolve("l2"), Path.of("."));
        Files.createSymbolicLink(trainA.resolve("lost.png"), Path.of("gone.png"));
        Files.createSymbolicLink(trainA.resolve("link.png"), Path.of("a1.png"));
        assertThat(new ProcessBuilder("mkfifo", trainA.resolve("pipe.jpg").toString()).start().waitFor()).isZero();
        Files.createDirectories(input.resolve("testB"));
        Files.createSymbolicLink(input.resolve("testB/only.png"), Path.of("gone.png"));
        Files.createDirectories(input.resolve("testb"));

        PrepResult result = prep(output, 0);

        assertThat(List.of(result.trainA(), result.links(), result.noRegularFiles(), result.duplicates())).containsExactly(40L, 4L, 1L, 1L);
        assertThat(Files.readAllLines(output.resolve("rejected.jsonl"))).containsExactly(
                "{\"source\":\"trainA/l1\",\"kind\":\"link\",\"reason\":\"a link back to a folder that it lies in\"}",
                "{\"source\":\"trainA/l2\",\"kind\":\"link\",\"reason\":\"a link back to a folder that it lies in\"}",
                "{\"source\":\"trainA/lost.png\",\"kind\":\"link\",\"reason\":\"a link to nothing: gone.png\"}",
                "{\"source\":\"trainA/pipe.jpg\",\"kind\":\"no-regular-file\","
                        + "\"reason\":\"no regular file but a pipe, a socket or a device\"}",
                "{\"source\":\"trainA/link.png\",\"kind\":\"duplicate\",\"reason\":\"the same bytes as trainA/a1.png\"}",
                "{\"source\":\"testB/only.png\",\"kind\":\"link\",\"reason\":\"a link to nothing: gone.png\"}");
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("prep leaves alone what is not trainA, trainB, testA or testB: testb\n");
        ImageDataset dataset = ImageDataset.open(output.toString(), new Configuration());
        assertThat(List.of(dataset.manifest().links(), dataset.manifest().noRegularFiles(), dataset.manifest().hidden()))
                .containsExactly(4L, 1L, 0L);
    }

    @Test
    void whatMayNotBeReadIsARejectWithItsReason() throws IOException {
        draw("trainA/denied.png", 400, 20, 20);
        Files.copy(input.resolve("trainA/denied.png"), input.resolve("trainA/denied too.png"));
        draw("trainA/denied folder/unseen.png", 401, 20, 20);

        PrepResult result = prep("guarded:" + input, output, 0.1);

        assertThat(List.of(result.trainA(), result.rejected())).containsExactly(40L, 3L);
        assertThat(Files.readAllLines(output.resolve("rejected.jsonl"))).containsExactly(
                "{\"source\":\"trainA/denied folder\",\"kind\":\"rejected\",\"reason\":\"no permission to list this folder\"}",
                "{\"source\":\"trainA/denied too.png\",\"kind\":\"rejected\",\"reason\":\"no permission to read it\"}",
                "{\"source\":\"trainA/denied.png\",\"kind\":\"rejected\",\"reason\":\"no permission to read it\"}");
        assertThatThrownBy(() -> prep("guarded:" + input, folder.resolve("strict"), 0.03)).isInstanceOf(JobFailedException.class)
                .hasMessageStartingWith("3 of 43 images in trainA are unreadable, more than --max-rejects 0.03 allows: "
                        + "trainA/denied folder (no permission to list this folder), trainA/denied too.png (no permission to read it)");
    }

    @Test
    void tooManyRejectsOfTheListingFailTheJobBeforeAnyImageIsRead() throws IOException {
        draw("trainA/denied folder/unseen.png", 401, 20, 20);
        Path list = folder.resolve("rejects.jsonl");
        PrepOptions options = Options.parse(PrepOptions.class, "--input", "guarded:" + input, "--output", output.toString(), "--size", "32",
                "--max-rejects", "0.024", "--rejects", list.toString());

        assertThatThrownBy(() -> new PrepJob(spark, options, new PrintStream(printed, true, StandardCharsets.UTF_8)).run())
                .isInstanceOf(JobFailedException.class)
                .hasMessage("1 of 41 images in trainA are unreadable, more than --max-rejects 0.024 allows: trainA/denied folder (no permission"
                        + " to list this folder); all of them are in file:" + list + "; nothing was published");

        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("prep found trainA 40,").doesNotContain("/48 files");
        assertThat(Files.readAllLines(list)).containsExactly(
                "{\"source\":\"trainA/denied folder\",\"kind\":\"rejected\",\"reason\":\"no permission to list this folder\"}");
        assertThat(siblingsOfOutput()).containsExactly("in put ü", "rejects.jsonl");
        assertThat(prep("guarded:" + input, output, 0.025).rejected()).as("1 of 41 is allowed").isEqualTo(1);
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("prep 48/48 files");
    }

    @Test
    void imagesToJudgeByAreNotLearntFromAndThoseOfBothDomainsAreTold() throws IOException {
        Files.copy(input.resolve("testA/x:y%20z.png"), input.resolve("trainA/leak.png"));
        Files.copy(input.resolve("testA/x:y%20z.png"), input.resolve("trainA/leak again.png"));
        Files.copy(input.resolve("trainA/a1.png"), input.resolve("trainB/in the other domain.png"));
        Files.writeString(input.resolve("trainA/README"), "the same words");
        Files.writeString(input.resolve("testA/README"), "the same words");

        PrepResult result = prep();

        assertThat(List.of(result.trainA(), result.testA(), result.trainB(), result.leaks(), result.duplicates(), result.notImages()))
                .containsExactly(40L, 1L, 8L, 1L, 1L, 2L);
        assertThat(Files.readAllLines(output.resolve("rejected.jsonl"))).contains(
                "{\"source\":\"trainA/leak again.png\",\"kind\":\"leak\","
                        + "\"reason\":\"the same bytes as testA/x:y%20z.png, which is there to judge by\"}",
                "{\"source\":\"trainA/leak.png\",\"kind\":\"duplicate\",\"reason\":\"the same bytes as trainA/leak again.png\"}");
        assertThat(printed.toString(StandardCharsets.UTF_8).lines()).contains(
                "warning: 1 of the images in trainA are in testA too, byte for byte, and are left out of training: "
                        + "trainA/leak again.png is testA/x:y%20z.png",
                "warning: 1 of the images are in both domains, byte for byte: trainA/a1.png is trainB/in the other domain.png");
    }

    @Test
    void identicalFilesCountOnceAndTheFirstByNameWins() throws IOException {
        Files.copy(input.resolve("trainA/a1.png"), input.resolve("trainA/0.png"));
        Files.copy(input.resolve("trainA/a1.png"), input.resolve("trainB/in the other domain.png"));

        PrepResult result = prep();

        assertThat(List.of(result.duplicates(), result.trainA(), result.trainB())).containsExactly(1L, 40L, 8L);
        assertThat(sources(Domain.A, Split.TRAIN)).contains("0.png").doesNotContain("a1.png");
        assertThat(Files.readAllLines(output.resolve("rejected.jsonl"))).containsExactly(
                "{\"source\":\"trainA/a1.png\",\"kind\":\"duplicate\",\"reason\":\"the same bytes as trainA/0.png\"}");
    }
}
