package io.ugatit.prep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.dataset.DatasetImage;
import io.ugatit.dataset.Domain;
import io.ugatit.dataset.ImageDataset;
import io.ugatit.dataset.ImageReader;
import io.ugatit.dataset.Sha256;
import io.ugatit.dataset.Split;
import io.ugatit.image.Fit;
import io.ugatit.image.ImageDecoder;
import io.ugatit.image.ImageDecoder;
import io.ugatit.image.ImageEncoder;
import io.ugatit.image.Resize;
import io.ugatit.image.RgbImage;
import io.ugatit.input.GuardedFileSystem;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import io.ugatit.job.Packed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
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
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrepJobTest {
    private static SparkSession spark;

    @TempDir
    Path folder;

    private Path input;
    private Path output;
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

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

    @Test
    void foldersBecomeADataset() throws IOException {
        PrepResult result = prep();

        assertThat(result.path()).isEqualTo("file:" + output);
        assertThat(List.of(result.trainA(), result.trainB(), result.testA(), result.testB())).containsExactly(40L, 7L, 1L, 0L);
        assertThat(List.of(result.duplicates(), result.rejected(), result.notImages())).containsExactly(0L, 0L, 0L);
        assertThat(result.seconds()).isPositive();
        ImageDataset dataset = ImageDataset.open(output.toString(), new Configuration());
        assertThat(dataset.manifest().contentHash()).isEqualTo(result.contentHash());
        assertThat(dataset.manifest().size()).isEqualTo(32);
        assertThat(dataset.manifest().loadSize()).isEqualTo(36);
        assertThat(dataset.manifest().resize()).isEqualTo(Fit.STRETCH);
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains(
                "prep found trainA 40, testA 1, trainB 7 files", "prep 48/48 files");
        assertThat(siblingsOfOutput()).containsExactlyInAnyOrder("da ta", "in put ü");
    }

    @Test
    void indexesFollowTheSortedSourcesAndPixelsAreThoseOfTheResizedFile() throws IOException {
        prep();

        assertThat(sources(Domain.A, Split.TRAIN)).hasSize(40).isSorted().contains("a1.png", "nested/deeper/a0.png");
        assertThat(sources(Domain.B, Split.TRAIN)).hasSize(7).isSorted().contains("ßü 日本 😀 3.jpg");
        assertThat(sources(Domain.A, Split.TEST)).containsExactly("x:y%20z.png");
        ImageDataset dataset = ImageDataset.open(output.toString(), new Configuration());
        try (ImageReader reader = dataset.reader(Domain.A, Split.TRAIN, new Configuration(), 0)) {
            for (int i : new int[] {39, 0, 20}) {
                DatasetImage image = reader.read(i);
                RgbImage original = new ImageDecoder().decode(Files.readAllBytes(input.resolve("trainA").resolve(image.source())));
                assertThat(image.pixels()).isEqualTo(Resize.bilinear(original, 36, 36).pixels());
            }
        }
        try (ImageReader reader = dataset.reader(Domain.A, Split.TEST, new Configuration(), 0)) {
            assertThat(reader.read(0).width()).isEqualTo(32);
        }
    }

    @Test
    @Tag("slow")
    void sparkSqlReadsTheDatasetWithDomainAndSplitAsColumns() throws IOException {
        prep();

        Row row = spark.read().parquet(output + "/images").where("domain = 'B' and split = 'train'").orderBy("source").first();

        assertThat(row.<String>getAs("source")).isEqualTo("ßü 日本 😀 0.jpg");
        assertThat(row.<Integer>getAs("height")).isEqualTo(36);
        assertThat(row.<byte[]>getAs("pixels")).hasSize(3 * 36 * 36);
        assertThat(row.<String>getAs("sha256")).isEqualTo(Sha256.hex(Files.readAllBytes(input.resolve("trainB/ßü 日本 😀 0.jpg"))));
    }

    @Test
    void theSameInputGivesTheSameBytesOnAnyNumberOfCores() throws IOException {
        Files.writeString(input.resolve("trainA/broken.jpg"), "no image");
        Files.copy(input.resolve("trainA/a1.png"), input.resolve("trainA/z.png"));
        prep(output, 1);
        Map<String, String> first = hashes(output);
        prep(folder.resolve("second"), 1);
        assertThat(hashes(folder.resolve("second"))).isEqualTo(first);

        spark.stop();
        spark = session("local[1]");
        try {
            prep(folder.resolve("third"), 1);
        } finally {
            spark.stop();
            spark = session("local[2,3]");
        }
        assertThat(hashes(folder.resolve("third"))).isEqualTo(first).hasSizeGreaterThan(6);
    }

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
        PrepOptions options = new PrepOptions(from, output.toString(), 32, null, Fit.STRETCH, 0.1, 9999L);

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
                        + "trainB/broken2.jpg (not a JPEG, PNG, GIF, BMP, WebP or TIFF image) and others; nothing was published");
        assertThat(siblingsOfOutput()).containsExactly("in put ü");
    }

    @Test
    void aFolderOfNothingButRejectsFailsEvenIfAllMayBeRejected() throws IOException {
        for (String file : sourcesOnDisk("trainB")) {
            Files.writeString(input.resolve("trainB").resolve(file), "no image " + file);
        }

        assertThatThrownBy(() -> prep(output, 1)).isInstanceOf(JobFailedException.class)
                .hasMessageMatching("no image in trainB could be read: "
                        + "(trainB/.*\\.jpg \\(not a .* image\\),? ){3}and others; nothing was published");
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
        assertThatThrownBy(() -> prep("guarded:" + input, folder.resolve("strict"), 0.01)).isInstanceOf(JobFailedException.class)
                .hasMessageStartingWith("3 of 43 images in trainA are unreadable, more than --max-rejects 0.01 allows: "
                        + "trainA/denied folder (no permission to list this folder), trainA/denied too.png (no permission to read it)");
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
    void aTrainFolderThatIsItsTestFolderIsRefused() throws IOException {
        for (String file : sourcesOnDisk("trainB")) {
            Files.createDirectories(input.resolve("testB"));
            Files.copy(input.resolve("trainB").resolve(file), input.resolve("testB").resolve(file));
        }

        assertInvalid("--input holds the same images in trainB and testB, byte for byte: "
                + "no image must be both learnt from and judged by; take those of trainB out of testB");
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

    @Test
    void aTaskThatFailsIsRunAgainAndGivesTheSameBytes() throws IOException {
        draw("trainA/once.png", 400, 20, 20);
        prep();

        Path again = folder.resolve("again");
        prep("flaky:" + input, again, 0);

        assertThat(hashes(again)).isEqualTo(hashes(output));
    }

    @Test
    void theSecondAttemptOfATaskYieldsToTheFirst() throws IOException {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        FileSystem fs = FileSystem.getLocal(context.hadoopConfiguration());
        List<SourceFile> files = List.of(new SourceFile(Domain.A, Split.TRAIN, "a1.png", Files.size(input.resolve("trainA/a1.png"))));
        try (Publication publication = Publication.begin(fs, fs.makeQualified(new org.apache.hadoop.fs.Path(output.toUri())))) {
            WriteShard task = new WriteShard(
                    context.broadcast(new SerializableConfiguration(context.hadoopConfiguration())),
                    fs.makeQualified(new org.apache.hadoop.fs.Path(input.toUri())),
                    publication,
                    Fit.STRETCH,
                    ImageDecoder.DEFAULT_MAX_PIXELS,
                    context.sc().longAccumulator());
            Packed<ShardPlan> plan = Packed.of(new ShardPlan(0, 16, new ArrayList<>(files)));

            ShardOutcome first = task.call(plan).get();
            Path shard = Path.of(publication.folder().toUri().getPath()).resolve("images/domain=A/split=train/part-00000.zstd.parquet");
            FileTime written = Files.getLastModifiedTime(shard);
            ShardOutcome second = task.call(plan).get();

            assertThat(second).isEqualTo(first);
            assertThat(Files.getLastModifiedTime(shard)).isEqualTo(written);
            assertThat(Sha256.hex(Files.readAllBytes(shard))).isEqualTo(first.shard().sha256());
            assertThat(Path.of(publication.attempts().toUri().getPath())).isEmptyDirectory();
        }
        assertThat(siblingsOfOutput()).containsExactly("in put ü");
    }

    @Test
    void anOutputThatAppearsMeanwhileIsLeftAsItIs() throws IOException {
        FileSystem fs = FileSystem.getLocal(spark.sparkContext().hadoopConfiguration());
        try (Publication publication = Publication.begin(fs, fs.makeQualified(new org.apache.hadoop.fs.Path(output.toUri())))) {
            Files.createDirectories(output);
            Files.writeString(output.resolve("theirs"), "x");

            assertThatThrownBy(() -> publication.publish(fs.getConf()))
                    .isInstanceOf(JobFailedException.class)
                    .hasMessage("cannot publish file:" + output + ": it appeared while the job ran and was left as it is");
        }
        assertThat(output.resolve("theirs")).hasContent("x");
        assertThat(siblingsOfOutput()).containsExactly("da ta", "in put ü");
    }

    @Test
    void aFileThatCannotBeReadFailsTheJobAndIsNotTakenForAReject() throws IOException {
        draw("trainA/never.png", 400, 20, 20);

        assertThatThrownBy(() -> prep("flaky:" + input, output, 1))
                .isInstanceOf(JobFailedException.class)
                .hasMessage("cannot read trainA/never.png (the disk is on fire); nothing was published");
        assertThat(siblingsOfOutput()).containsExactly("in put ü");
    }

    @Test
    void aDiskThatIsFullIsNamedWithTheShard() throws IOException {
        PrepOptions full = new PrepOptions(input.toString(), "flaky:" + folder + "/full/dataset", 32, 36, Fit.STRETCH, 0);

        assertThatThrownBy(() -> new PrepJob(spark, full, new PrintStream(printed, true, StandardCharsets.UTF_8)).run())
                .isInstanceOf(JobFailedException.class)
                .hasMessageMatching("cannot write flaky:" + folder + "/full/\\.tmp-dataset-\\S+/part-0\\S+ \\(No space left on device\\);"
                        + " nothing was published");
        assertThat(folder.resolve("full")).doesNotExist();
    }

    @Test
    void anOutputMayBeNamedAsTheFileSystemAllows() throws IOException {
        for (String name : List.of("n".repeat(255), "a:b ü")) {
            Path named = folder.resolve(name);
            Path stale = Files.createDirectories(folder.resolve(".tmp-"
                    + (name.length() > 200 ? Sha256.hex(name.getBytes(StandardCharsets.UTF_8)) : name) + "-0123456789abcdef"));

            prep(named, 0);

            assertThat(stale).doesNotExist();
            assertThat(ImageDataset.open(named.toString(), new Configuration()).count(Domain.A, Split.TRAIN)).isEqualTo(40);
        }
    }

    @Test
    void pathsThatAreNoneAreNamedWithTheirOption() {
        assertThatThrownBy(() -> prep(input.toString(), Path.of("a:b"), 0)).hasMessage(
                "--output is a:b: what stands before a colon counts as a scheme; if it is a name, write ./a:b or the whole path");
        Path file = input.resolve("trainA/a1.png");
        assertThatThrownBy(() -> prep(input.toString(), file.resolve("data"), 0)).isInstanceOf(InvalidRequestException.class)
                .hasMessage("--output is " + file + "/data: file:" + file + " is a file, must be a folder");
    }

    @Test
    void kryoMakesNoDifference() throws IOException {
        Files.copy(input.resolve("trainA/a1.png"), input.resolve("trainA/z.png"));
        Files.writeString(input.resolve("trainA/README"), "no image");
        prep();
        spark.stop();
        spark = session("local[2]", "org.apache.spark.serializer.KryoSerializer");
        Path again = folder.resolve("again");
        try {
            prep(again, 0);
        } finally {
            spark.stop();
            spark = session("local[2,3]");
        }
        assertThat(hashes(again)).isEqualTo(hashes(output));
    }

    @Test
    void whatAKilledJobLeftIsRemoved() throws IOException {
        Path stale = Files.createDirectories(folder.resolve(".tmp-da ta-0123456789abcdef/dataset/images")).getParent().getParent();
        Path foreign = Files.createDirectories(folder.resolve(".tmp-da ta-b-0123456789abcdef"));

        prep();

        assertThat(stale).doesNotExist();
        assertThat(foreign).exists();
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains(".tmp-da ta-0123456789abcdef, which a killed job left");
    }

    @Test
    void anOutputThatExistsIsRefusedAndLeftAsItIs() throws IOException {
        Files.createDirectories(output);

        assertInvalid("--output is file:" + output + ": exists already; delete it or choose another --output");
        assertThat(output).isEmptyDirectory();
    }

    @Test
    void aMissingInputIsNamed() throws IOException {
        input = folder.resolve("nowhere");

        assertInvalid("--input is file:" + input + ": there is no such folder");
    }

    @Test
    void aMissingTrainFolderIsNamed() throws IOException {
        Files.move(input.resolve("trainB"), input.resolve("other"));

        assertInvalid("--input is file:" + input + ": trainB is missing; trainA and trainB are needed, testA and testB are welcome");
    }

    @Test
    void aTestFolderThatIsALinkToNothingIsNotTakenForMissing() throws IOException {
        Files.createSymbolicLink(input.resolve("testB"), Path.of("gone"));

        assertInvalid("--input is file:" + input + ": testB is a link to nothing");
    }

    @Test
    void aTrainFolderThatIsAFileIsNamed() throws IOException {
        Files.move(input.resolve("trainB"), input.resolve("other"));
        Files.writeString(input.resolve("trainB"), "a file");

        assertInvalid("--input is file:" + input + ": trainB is not a folder");
    }

    @Test
    void aTrainFolderWithoutImagesIsNamed() throws IOException {
        for (String file : sourcesOnDisk("trainB")) {
            Files.delete(input.resolve("trainB").resolve(file));
        }
        Files.writeString(input.resolve("trainB/README.txt"), "soon");

        assertInvalid("--input is file:" + input + ": trainB holds no images (JPEG, PNG, GIF, BMP, WebP, TIFF)");
    }

    @Test
    void aTrainFolderOfHiddenFilesSaysSo() throws IOException {
        for (String file : sourcesOnDisk("trainB")) {
            Files.move(input.resolve("trainB").resolve(file), input.resolve("trainB/." + file));
        }

        assertInvalid("--input is file:" + input + ": trainB holds no images (JPEG, PNG, GIF, BMP, WebP, TIFF); left out are "
                + "trainB/.ßü 日本 😀 0.jpg (hidden: its name begins with a dot), trainB/.ßü 日本 😀 1.jpg (hidden: its name begins with a dot), "
                + "trainB/.ßü 日本 😀 2.jpg (hidden: its name begins with a dot) and others");
    }

    @Test
    void anUnknownFileSystemIsNamed() {
        PrepOptions options = new PrepOptions("nosuch://host/in", output.toString(), 32, null, null, 0);

        assertThatThrownBy(() -> new PrepJob(spark, options).run())
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("--input is nosuch://host/in: no file system is known for it");
    }

    private PrepResult prep() {
        return prep(output, 0.01);
    }

    private PrepResult prep(Path to, double maxRejects) {
        return prep(input.toString(), to, maxRejects);
    }

    private PrepResult prep(String from, Path to, double maxRejects) {
        PrepOptions options = new PrepOptions(from, to.toString(), 32, null, Fit.STRETCH, maxRejects);
        return new PrepJob(spark, options, new PrintStream(printed, true, StandardCharsets.UTF_8)).run();
    }

    private void assertInvalid(String message) throws IOException {
        List<String> before = siblingsOfOutput();
        assertThatThrownBy(this::prep).isInstanceOf(InvalidRequestException.class).hasMessage(message);
        assertThat(siblingsOfOutput()).as("nothing was written").isEqualTo(before);
    }

    private List<String> sources(Domain domain, Split split) throws IOException {
        List<String> sources = new ArrayList<>();
        ImageDataset dataset = ImageDataset.open(output.toString(), new Configuration());
        try (ImageReader reader = dataset.reader(domain, split, new Configuration(), 1 << 26)) {
            for (long i = 0; i < reader.count(); i++) {
                sources.add(reader.read(i).source());
            }
        }
        return sources;
    }

    private List<String> siblingsOfOutput() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private List<String> sourcesOnDisk(String name) throws IOException {
        try (Stream<Path> files = Files.list(input.resolve(name))) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private void draw(String name, int seed, int width, int height) throws IOException {
        byte[] few = new byte[3 * 4 * 4];
        new Random(seed).nextBytes(few);
        RgbImage image = Resize.bilinear(new RgbImage(4, 4, few), width, height);
        Path file = input.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, (name.endsWith("jpg") ? ImageEncoder.JPEG : ImageEncoder.PNG).encode(image));
    }

    private static Map<String, String> hashes(Path root) throws IOException {
        Map<String, String> hashes = new TreeMap<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                hashes.put(root.relativize(file).toString(), Sha256.hex(Files.readAllBytes(file)));
            }
        }
        return hashes;
    }

    private static SparkSession session(String master) {
        return session(master, "org.apache.spark.serializer.JavaSerializer");
    }

    private static SparkSession session(String master, String serializer) {
        return SparkSession.builder()
                .master(master)
                .appName("test")
                .config("spark.ui.enabled", "false")
                .config("spark.serializer", serializer)
                .config("spark.hadoop.fs.flaky.impl", FlakyFileSystem.class.getName())
                .config("spark.hadoop.fs.guarded.impl", GuardedFileSystem.class.getName())
                .config("spark.driver.host", "localhost")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .getOrCreate();
    }
}
