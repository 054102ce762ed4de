package io.ugatit.prep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.dataset.DatasetImage;
import io.ugatit.dataset.DatasetManifest;
import io.ugatit.dataset.Domain;
import io.ugatit.dataset.ImageDataset;
import io.ugatit.dataset.ImageReader;
import io.ugatit.dataset.Sha256;
import io.ugatit.dataset.Split;
import io.ugatit.dataset.Store;
import io.ugatit.image.Fit;
import io.ugatit.image.ImageDecoder;
import io.ugatit.image.Resize;
import io.ugatit.image.RgbImage;
import io.ugatit.job.JobFailedException;
import io.ugatit.job.Packed;
import io.ugatit.prep.source.SourceFile;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.util.SerializableConfiguration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What prep makes of folders of images, and what it leaves when it fails. */
class PrepJobTest extends PrepFixture {
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
        assertThat(row.<String>getAs("source_format")).isEqualTo("JPEG");
        assertThat(row.<String>getAs("source_mode")).isEqualTo("RGB");
        assertThat(row.<Integer>getAs("source_width")).isEqualTo(33);
        assertThat(row.<Integer>getAs("source_height")).isEqualTo(44);
        assertThat(row.<Float>getAs("contrast")).isBetween(1f, 127f);
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
    void aTaskThatFailsIsRunAgainAndGivesTheSameBytes() throws IOException {
        draw("trainA/once.png", 400, 20, 20);
        prep();

        Path again = folder.resolve("again");
        prep("flaky:" + input, again, 0);

        assertThat(hashes(again)).isEqualTo(hashes(output));
    }

    private Publication publication() throws IOException {
        Publication publication = Publication.of(FileSystem.getLocal(new Configuration()), new org.apache.hadoop.fs.Path(output.toUri()));
        publication.begin();
        publication.makeFolder(DatasetManifest.folder(Domain.A, Split.TRAIN));
        return publication;
    }

    private WriteShard task(Publication publication) {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        return new WriteShard(
                context.broadcast(new SerializableConfiguration(context.hadoopConfiguration())),
                new org.apache.hadoop.fs.Path(input.toUri()),
                publication,
                Fit.STRETCH,
                Store.RAW,
                ImageDecoder.DEFAULT_MAX_PIXELS,
                60,
                context.sc().longAccumulator());
    }

    private Packed<ShardPlan> planOfOneFile() throws IOException {
        return Packed.of(new ShardPlan(0, 16,
                List.of(new SourceFile(Domain.A, Split.TRAIN, "a1.png", Files.size(input.resolve("trainA/a1.png")), 0))));
    }

    @Test
    void aTaskThatGoesOnWhenItsJobHasFailedBringsNothingBack() throws IOException {
        WriteShard late;
        try (Publication publication = publication()) {
            late = task(publication);
            assertThat(late.call(planOfOneFile()).get().shard().rows()).as("in time").isEqualTo(1);
        }
        assertThatThrownBy(() -> late.call(planOfOneFile())).isInstanceOf(JobFailedException.class).message()
                .startsWith("cannot write ").endsWith("; nothing was published");
        assertThat(siblingsOfOutput()).containsExactly("in put ü");
    }

    @Test
    void theSecondAttemptOfATaskYieldsToTheFirst() throws IOException {
        try (Publication publication = publication()) {
            WriteShard task = task(publication);
            Packed<ShardPlan> plan = planOfOneFile();

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
        try (Publication publication = Publication.of(fs, fs.makeQualified(new org.apache.hadoop.fs.Path(output.toUri())))) {
            publication.begin();
            Files.createDirectories(output);
            Files.writeString(output.resolve("theirs"), "x");

            assertThatThrownBy(() -> publication.publish())
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
}
