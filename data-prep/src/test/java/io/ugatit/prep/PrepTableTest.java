package io.ugatit.prep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.dataset.Domain;
import io.ugatit.dataset.ImageDataset;
import io.ugatit.dataset.ImageReader;
import io.ugatit.dataset.Split;
import io.ugatit.image.ImageDecoder;
import io.ugatit.image.Resize;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import io.ugatit.job.Options;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tables with a row for each image. */
class PrepTableTest extends PrepFixture {
    private static final StructType SCHEMA = new StructType()
            .add("image", new StructType().add("bytes", DataTypes.BinaryType).add("path", DataTypes.StringType))
            .add("label", DataTypes.LongType)
            .add("part", DataTypes.StringType)
            .add("id", DataTypes.StringType);

    private Path table;
    private final List<Row> rows = new ArrayList<>();

    @BeforeEach
    void makeTable() throws IOException {
        table = folder.resolve("ta ble");
        for (int i = 0; i < 24; i++) {
            add(i < 12 ? 0 : 1, i % 4 == 3 ? "test" : "train", "id " + i, image(i));
        }
    }

    private void add(long label, String part, String id, byte[] image) {
        rows.add(RowFactory.create(RowFactory.create(image, "p"), label, part, id));
    }

    private byte[] image(int seed) throws IOException {
        draw("drawn/x.png", 2000 + seed, 20, 20);
        return Files.readAllBytes(input.resolve("drawn/x.png"));
    }

    private Dataset<Row> rows(int partitions) {
        return spark.createDataFrame(rows, SCHEMA).repartition(partitions);
    }

    @Test
    @Tag("slow")
    void aTableOfHuggingFacesLayoutBecomesADatasetInWhateverOrderItsRowsCome() throws IOException {
        rows(3).write().parquet(table.toString());

        PrepResult result = prep(output, "--domain-column", "label", "--split-column", "part", "--name-column", "id");

        assertThat(List.of(result.trainA(), result.testA(), result.trainB(), result.testB())).containsExactly(9L, 3L, 9L, 3L);
        assertThat(sources(Domain.A, Split.TRAIN)).containsExactly("id 0", "id 1", "id 10", "id 2", "id 4", "id 5", "id 6", "id 8", "id 9");
        try (ImageReader reader = ImageDataset.open(output.toString(), new Configuration()).reader(Domain.A, Split.TRAIN,
                new Configuration(), 0)) {
            assertThat(reader.read(3).pixels()).isEqualTo(Resize.bilinear(new ImageDecoder().decode(image(2)), 36, 36).pixels());
        }
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("prep found trainA 9, testA 3, trainB 9, testB 3 rows");
        assertThat(siblingsOfOutput()).containsExactlyInAnyOrder("da ta", "in put ü", "ta ble");
        Map<String, String> first = hashes(output);
        for (String format : List.of("orc", "json")) {
            Path other = folder.resolve(format);
            Dataset<Row> again = rows(7);
            (format.equals("json") ? again.selectExpr("base64(image.bytes) text", "label", "part", "id") : again)
                    .write().format(format).save(other.toString());
            table = other;
            prep(folder.resolve("from " + format), "--domain-column", "label", "--split-column", "part", "--name-column", "id",
                    "--input-table-format", format, "--image-column", format.equals("json") ? "unbase64(text)" : "image");
            assertThat(hashes(folder.resolve("from " + format))).isEqualTo(first);
        }
    }

    @Test
    void rowsWithoutNamesAreCalledByFileAndNumber() throws IOException {
        rows(1).write().parquet(table.resolve("deep %20er").toString());
        String file;
        try (Stream<Path> files = Files.list(table.resolve("deep %20er"))) {
            file = files.map(path -> path.getFileName().toString()).filter(name -> name.endsWith(".parquet")).findFirst().orElseThrow();
        }

        PrepResult result = prep(output, "--input-table", table + "/*", "--domain-column", "if(label = 0, 'A', 'B')");

        assertThat(List.of(result.trainA(), result.testA(), result.trainB(), result.testB())).containsExactly(12L, 0L, 12L, 0L);
        assertThat(Stream.of(Domain.values()).flatMap(domain -> all(domain).stream()))
                .containsExactlyInAnyOrderElementsOf(Stream.iterate(0, i -> i + 1).limit(24)
                        .map(i -> String.format("deep %%20er/%s/%09d", file, i)).toList());
        prep(folder.resolve("again"), "--input-table", table + "/*", "--domain-column", "label");
        assertThat(hashes(folder.resolve("again"))).isEqualTo(hashes(output));
    }

    private List<String> all(Domain domain) {
        try {
            return sources(domain, Split.TRAIN);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void rowsWhoseImagesTheDataSetHasAreNotCopied() throws IOException {
        String[] words = {"--domain-column", "label", "--split-column", "part", "--name-column", "id"};
        rows(2).write().parquet(table.toString());
        prep(output, words);
        assertThat(said()).doesNotContain("copied");
        add(0, "train", "new", image(60));
        add(1, "train", "id 0", image(0)); // the name and the bytes are known, but of the other domain
        rows(3).write().mode(SaveMode.Overwrite).parquet(table.toString());

        PrepResult more = prep(output, words);

        assertThat(List.of((long) more.version(), more.added(), more.unchanged(), more.vanished())).containsExactly(2L, 2L, 24L, 0L);
        assertThat(said()).contains("copied the images of 2 rows; the data set has those of 24 others\n");
        assertThat(more.contentHash()).isEqualTo(prep(folder.resolve("at once"), words).contentHash());
        assertThat(prep(output, words).version()).isEqualTo(2);
        assertThat(said()).contains("copied the images of 0 rows; the data set has those of 26 others\n");
        assertThat(siblingsOfOutput()).containsExactlyInAnyOrder("at once", "da ta", "in put ü", "ta ble");
    }

    /** Whatever a row is left out for, it was looked at. */
    @Test
    void imagesOfRowsThatCannotBeUsedAnyLongerAreMirroredAway() throws IOException {
        String[] words = {"--domain-column", "label", "--name-column", "id", "--mirror", "--max-rejects", "1"};
        rows(2).write().parquet(table.toString());
        prep(output, words);
        rows.set(0, RowFactory.create(null, 0L, "train", "id 0"));
        rows.set(1, RowFactory.create(rows.get(1).get(0), 7L, "train", "id 1"));
        rows(3).write().mode(SaveMode.Overwrite).parquet(table.toString());

        PrepResult less = prep(output, words);

        assertThat(List.of((long) less.version(), less.trainA(), less.unchanged(), less.vanished(), less.rejected()))
                .containsExactly(2L, 10L, 22L, 2L, 2L);
        assertThat(sources(Domain.A, Split.TRAIN)).hasSize(10).doesNotContain("id 0", "id 1");
        assertThat(said()).contains("warning: the files of 2 images have vanished from the input: trainA/id 0, trainA/id 1; they are left out");
        assertThat(less.contentHash()).isEqualTo(prep(folder.resolve("at once"), words).contentHash());
        assertThat(Files.readAllLines(output.resolve("rejected.jsonl")))
                .isEqualTo(Files.readAllLines(folder.resolve("at once/rejected.jsonl")));
    }

    private String said() {
        return printed.toString(StandardCharsets.UTF_8);
    }

    @Test
    void rowsThatCannotBeUsedAreLeftOutWithTheirReason() throws IOException {
        add(0, "train", "id 0", image(50));
        add(0, "train", "null", null);
        add(0, "train", null, image(51));
        add(2, "train", "third domain", image(52));
        add(0, "dev", "third split", image(53));
        add(0, "train", "text", "no image".getBytes(StandardCharsets.UTF_8));
        add(0, "train", "text.png", "no image".getBytes(StandardCharsets.UTF_8));
        add(0, "train", "copy", image(1));
        rows(4).createOrReplaceTempView("shown");

        PrepResult result = prep(output, "--input-table", "shown", "--domain-column", "label", "--split-column", "part", "--name-column", "id",
                "--max-rejects", "1");

        assertThat(List.of(result.trainA(), result.rejected(), result.notImages(), result.duplicates())).containsExactly(9L, 6L, 1L, 1L);
        assertThat(Files.readAllLines(output.resolve("rejected.jsonl"))).contains(
                "{\"source\":\"trainA/id 0\",\"kind\":\"rejected\",\"reason\":\"another row has the same name: --name-column must tell rows"
                        + " apart\"}",
                "{\"source\":\"trainA/null\",\"kind\":\"rejected\",\"reason\":\"a row without an image\"}",
                "{\"source\":\"trainA/third domain\",\"kind\":\"rejected\",\"reason\":\"a row whose domain is 2: must be A or B, or 0 or 1\"}",
                "{\"source\":\"trainA/third split\",\"kind\":\"rejected\",\"reason\":\"a row whose split is dev: must be train or test\"}",
                "{\"source\":\"trainA/text.png\",\"kind\":\"rejected\",\"reason\":\"not a JPEG, PNG, GIF, BMP, WebP or TIFF image\"}",
                "{\"source\":\"trainA/id 1\",\"kind\":\"duplicate\",\"reason\":\"the same bytes as trainA/copy\"}");
    }

    @Test
    void wrongTablesAndColumnsAreNamedBeforeAnythingIsWritten() throws IOException {
        rows(1).write().parquet(table.toString());
        List<String> before = siblingsOfOutput();

        refused("--input-table is /nowhere/at/all: there is no such folder or file", "--input-table", "/nowhere/at/all", "--domain-column", "d");
        refused("--input-table is nothing: there is no such folder or file, nor a table of this name in Spark's catalog",
                "--input-table", "nothing", "--domain-column", "d");
        refused("--input-table is " + table + ": cannot be read as nonsense: ", "--input-table-format", "nonsense", "--domain-column", "label");
        refused("--domain-column is kind: no column or expression of --input-table, which has image, label, part, id (", "--domain-column",
                "kind");
        refused("--image-column is id: of type string, must be binary or a structure with a binary field bytes", "--image-column", "id",
                "--domain-column", "label");
        refused("--input-table is " + table + ": no row is of domain B and split train", "--domain-column", "'A'");
        refused("--output is file:" + table + "/x: must be outside file:" + table + ", which is read", "--output", table + "/x",
                "--domain-column", "label");
        refused("--input-table is train-00000-of-00001.parquet: there is no such folder or file, nor a table of this name in Spark's catalog",
                "--input-table", "train-00000-of-00001.parquet", "--domain-column", "label");
        refused("--name-column is *: is 4 columns, must be one", "--name-column", "*", "--domain-column", "label");
        refused("--name-column is count(1): no column or expression of --input-table, which has image, label, part, id (", "--name-column",
                "count(1)", "--domain-column", "label");
        refused("--input-table is " + table + ": the columns of image, name, domain and split cannot be read together: ", "--name-column",
                "explode(array(1, 2))", "--domain-column", "label");
        rows(1).createOrReplaceTempView("shown");
        refused("--name-column is missing: only rows of Parquet files have a file and a number to be named by", "--input-table", "shown",
                "--domain-column", "label");
        assertThat(siblingsOfOutput()).isEqualTo(before);
    }

    @Test
    void aTableWithADamagedFileFailsInOneLine() throws IOException {
        rows(1).write().parquet(table.toString());
        Files.write(table.resolve("part-damaged.parquet"), new byte[5000]);
        assertThatThrownBy(() -> prep(output, "--domain-column", "label", "--name-column", "id")).isInstanceOf(JobFailedException.class)
                .message().startsWith("cannot read the table of --input-table " + table + ": ").contains("part-damaged.parquet")
                .endsWith("; nothing was published").doesNotContain("\n");
        assertThat(output).doesNotExist();
    }

    private void refused(String message, String... words) {
        assertThatThrownBy(() -> prep(output, words)).isInstanceOf(InvalidRequestException.class).message()
                .startsWith(message).doesNotContain("\n");
    }

    private PrepResult prep(Path to, String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--size", "32"));
        if (!all.contains("--input-table")) {
            all.addAll(List.of("--input-table", table.toString()));
        }
        if (!all.contains("--output")) {
            all.addAll(List.of("--output", to.toString()));
        }
        return new PrepJob(spark, Options.parse(PrepOptions.class, all.toArray(new String[0])),
                new PrintStream(printed, true, StandardCharsets.UTF_8)).run();
    }
}
