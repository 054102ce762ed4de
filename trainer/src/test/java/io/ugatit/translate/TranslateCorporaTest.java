package io.ugatit.translate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.image.ImageEncoder;
import io.ugatit.input.LeftOut;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.Options;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Inputs that are archives and tables, and outputs of many translations a file. */
@Tag("slow")
class TranslateCorporaTest extends TranslateFixture {
    private static final StructType SCHEMA = new StructType().add("photo", DataTypes.BinaryType).add("id", DataTypes.StringType);

    private TranslateOptions parse(String... words) {
        return Options.parse(TranslateOptions.class, Stream.concat(Stream.of("--weights", weights, "--size", String.valueOf(SIZE),
                "--direction", "a2b"), Stream.of(words)).toArray(String[]::new));
    }

    private TranslateOptions toOutput(String option, String... more) {
        return parse(Stream.concat(Stream.of("--input", input().toString(), option, output().toString()), Stream.of(more))
                .toArray(String[]::new));
    }

    private static byte[] png(int seed) {
        return ImageEncoder.PNG.encode(noise(seed));
    }

    private static void tar(OutputStream file, Object... namesAndBytes) throws IOException {
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(file, "UTF-8")) {
            for (int i = 0; i < namesAndBytes.length; i += 2) {
                TarArchiveEntry entry = new TarArchiveEntry((String) namesAndBytes[i], true);
                byte[] bytes = (byte[]) namesAndBytes[i + 1];
                entry.setSize(bytes.length);
                tar.putArchiveEntry(entry);
                tar.write(bytes);
                tar.closeArchiveEntry();
            }
        }
    }

    /** Two images by themselves, three in archives of three kinds, and what an archive must not do. */
    private void addArchives() throws IOException {
        addImages(2);
        try (OutputStream file = Files.newOutputStream(input().resolve("many.tar"))) {
            tar(file, "deep/x.png", png(2), "../out.png", png(9), "/abs.png", png(9), "notes.txt", "words".getBytes(StandardCharsets.UTF_8));
        }
        try (OutputStream file = new GZIPOutputStream(Files.newOutputStream(input().resolve("packed.tgz")))) {
            tar(file, "deep/x.png", png(3), "damaged.png", new byte[20]);
        }
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(input().resolve("z.zip")))) {
            zip.putNextEntry(new ZipEntry("deep/x.png"));
            zip.write(png(4));
        }
    }

    @Test
    void whatArchivesHoldIsTranslatedUnderTheArchivesNameAndNothingLeavesTheOutput() throws Exception {
        addArchives();
        TranslateResult result = translate();
        assertThat(List.of(result.translated(), result.rejected(), result.notImages())).containsExactly(5L, 3L, 1L);
        Map<String, byte[]> made = outputs();
        assertThat(made).containsOnlyKeys("image-0.png", "image-1.png", "many.tar/deep/x.png", "packed.tgz/deep/x.png", "z.zip/deep/x.png",
                "rejected.jsonl");
        assertThat(folder.resolve("out.png")).doesNotExist();
        assertThat(Files.readAllLines(output().resolve("rejected.jsonl"))).containsExactlyInAnyOrder(
                "{\"source\":\"many.tar//abs.png\",\"kind\":\"rejected\",\"reason\":\"an absolute name: names in an archive must be relative\"}",
                "{\"source\":\"many.tar/../out.png\",\"kind\":\"rejected\",\"reason\":\"a name that leads out of the archive\"}",
                "{\"source\":\"many.tar/notes.txt\",\"kind\":\"not-an-image\",\"reason\":\"neither its name nor its first bytes are those of an"
                        + " image\"}",
                "{\"source\":\"packed.tgz/damaged.png\",\"kind\":\"rejected\",\"reason\":\"not a JPEG, PNG, GIF, BMP, WebP or TIFF image\"}");
        assertThat(translate().skipped()).isEqualTo(5);

        translate(parse("--input", input().resolve("z.zip").toString(), "--output", folder.resolve("of-zip").toString()));
        assertThat(folder.resolve("of-zip/deep/x.png")).hasBinaryContent(made.get("z.zip/deep/x.png"));
        Files.delete(input().resolve("many.tar"));
        addImage("many.tar.png", noise(2));
        translate(toOutput("--output", "--limit", "3"));
        assertThat(output().resolve("many.tar.png")).hasBinaryContent(made.get("many.tar/deep/x.png"));
    }

    @Test
    void aMemberInAFolderWithATooLongNameIsLeftOutAndTheOthersAreTranslated() throws Exception {
        String longest = "f".repeat(300);
        Files.createDirectories(input());
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(input().resolve("z.zip")))) {
            for (String name : List.of("a.png", longest + "/x.png", "z.png")) {
                zip.putNextEntry(new ZipEntry(name));
                zip.write(png(4));
            }
        }
        TranslateResult result = translate();
        assertThat(List.of(result.translated(), result.rejected())).containsExactly(2L, 1L);
        assertThat(Files.readString(output().resolve("rejected.jsonl"))).isEqualTo("{\"source\":\"z.zip/" + longest
                + "/x.png\",\"kind\":\"rejected\",\"reason\":\"the name " + longest + " has 300 bytes, the file system allows 255\"}\n");
    }

    private Map<String, byte[]> shards() throws IOException {
        Map<String, byte[]> entries = new TreeMap<>();
        for (Map.Entry<String, byte[]> file : outputs().entrySet()) {
            if (file.getKey().endsWith(".tar")) {
                try (TarArchiveInputStream tar = new TarArchiveInputStream(new ByteArrayInputStream(file.getValue()), "UTF-8")) {
                    for (TarArchiveEntry entry = tar.getNextTarEntry(); entry != null; entry = tar.getNextTarEntry()) {
                        assertThat(entries.put(entry.getName(), tar.readAllBytes())).as(entry.getName()).isNull();
                    }
                }
            }
        }
        return entries;
    }

    private List<String> tars() throws IOException {
        return outputs().keySet().stream().filter(name -> name.endsWith(".tar")).toList();
    }

    @Test
    void shardsHoldTheBytesOfFilesUnderKeysWithoutDots() throws Exception {
        addImages(3);
        addImage("a.b/v1.2.png", noise(7));
        Files.copy(input().resolve("image-0.png"), input().resolve("image-0.gif"));
        Files.writeString(input().resolve("broken.png"), "no image");
        translate(parse("--input", input().toString(), "--output", folder.resolve("files").toString(), "--heatmaps"));
        TranslateResult result = translate(toOutput("--output-shards", "--heatmaps", "--part-images", "2"));
        assertThat(result.translated()).isEqualTo(5);
        Map<String, byte[]> entries = shards();
        assertThat(entries).containsOnlyKeys("a.b/v1_2.heatmap.png", "a.b/v1_2.json", "a.b/v1_2.png", "image-0_gif.heatmap.png",
                "image-0_gif.json", "image-0_gif.png", "image-0_png.heatmap.png", "image-0_png.json", "image-0_png.png",
                "image-1.heatmap.png", "image-1.json", "image-1.png", "image-2.heatmap.png", "image-2.json", "image-2.png");
        assertThat(entries.get("a.b/v1_2.png")).isEqualTo(Files.readAllBytes(folder.resolve("files/a.b/v1.2.png")));
        assertThat(entries.get("image-1.heatmap.png")).isEqualTo(Files.readAllBytes(folder.resolve("files/image-1.heatmap.png")));
        assertThat(new String(entries.get("a.b/v1_2.json"), StandardCharsets.UTF_8)).contains("\"path\":\"a.b/v1.2.png\"")
                .contains("\"direction\":\"a2b\"").contains("\"model\":\"file:" + weights + "\"");
        assertThat(tars()).allMatch(name -> name.matches("part-[0-9a-f]{8}-\\d{5}-\\d{3}\\.tar"));
        assertThat(output().resolve("rejected.jsonl")).content().contains("broken.png");
        assertThatThrownBy(() -> Translations.in(output().toString(), new Configuration())).isInstanceOf(InvalidRequestException.class)
                .hasMessage(output() + " holds translations as shards: must be a folder that translate's --output made");
    }

    @Test
    void aKilledJobOfShardsMakesWhatIsMissingAndClearsWhatItsPartsLeft() throws Exception {
        addImages(9);
        translate(toOutput("--output-shards"));
        Map<String, byte[]> whole = shards();
        assertThat(translate(toOutput("--output-shards")).skipped()).isEqualTo(9);
        List<String> before = tars();
        assertThat(before).hasSize(2); // one for each slot
        Files.delete(output().resolve(before.get(0))); // logged, and killed before it had its name
        Files.copy(output().resolve(before.get(1)), output().resolve("part-00000000-00000-000.tar")); // of no log that counts
        Files.writeString(output().resolve(".tmp-00000000-0000-0000-0000-000000000000"), "half-written");
        TranslateResult result = translate(toOutput("--output-shards"));
        assertThat(result.translated()).isBetween(4L, 5L);
        assertThat(shards()).containsExactlyEntriesOf(whole);
        assertThat(tars()).containsAll(before.subList(1, before.size()));

        byte[] other = png(99);
        Files.write(input().resolve("image-4.png"), other);
        Files.setLastModifiedTime(input().resolve("image-4.png"), FileTime.fromMillis(1000));
        assertThat(translate(toOutput("--output-shards")).translated()).isBetween(4L, 5L);
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("1 images were replaced since they were translated: they are translated"
                + " again, and those that are in one file with them");
        assertThat(shards().keySet()).isEqualTo(whole.keySet());
        assertThat(shards().get("image-4.png")).isNotEqualTo(whole.get("image-4.png"));
        assertThat(shards().get("image-3.png")).isEqualTo(whole.get("image-3.png"));
        assertThat(translate(toOutput("--output-shards", "--overwrite")).translated()).isEqualTo(9);
        assertThat(shards().keySet()).isEqualTo(whole.keySet());

        Files.delete(input().resolve("image-3.png"));
        Files.delete(input().resolve("image-4.png"));
        assertThat(translate(toOutput("--output-shards")).translated()).isZero();
        assertThat(shards().keySet()).as("what is gone stays").isEqualTo(whole.keySet());
        Files.write(input().resolve("image-5.png"), png(98));
        Files.setLastModifiedTime(input().resolve("image-5.png"), FileTime.fromMillis(1000));
        translate(toOutput("--output-shards"));
        assertThat(printed.toString(StandardCharsets.UTF_8)).containsPattern("[12] translations of images that are gone, or not asked for now,"
                + " are in one file with them: they are dropped");
    }

    @Test
    void aLookAtAFewImagesLosesNoneOfThoseInAFileWithOneThatWasReplaced() throws Exception {
        addImages(9);
        translate(toOutput("--output-shards"));
        Map<String, byte[]> whole = shards();
        Files.write(input().resolve("image-4.png"), png(99));
        Files.setLastModifiedTime(input().resolve("image-4.png"), FileTime.fromMillis(1000));
        assertThat(translate(toOutput("--output-shards", "--limit", "1")).translated()).isBetween(4L, 5L);
        Map<String, byte[]> after = shards();
        assertThat(after.keySet()).isEqualTo(whole.keySet());
        assertThat(after.get("image-4.png")).isNotEqualTo(whole.get("image-4.png"));
        whole.keySet().stream().filter(name -> !name.equals("image-4.png"))
                .forEach(name -> assertThat(after.get(name)).as(name).isEqualTo(whole.get(name)));
        assertThat(translate(toOutput("--output-shards")).translated()).isZero();
    }

    private List<Row> table(Path path) {
        return spark.read().parquet(path.toString()).orderBy("path").collectAsList();
    }

    private Path addTable(Object... namesAndBytes) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < namesAndBytes.length; i += 2) {
            rows.add(RowFactory.create(namesAndBytes[i + 1], namesAndBytes[i]));
        }
        Path table = folder.resolve("table");
        spark.createDataFrame(rows, SCHEMA).repartition(2).write().mode("overwrite").parquet(table.toString());
        return table;
    }

    private TranslateOptions ofTable(Path table, String option, String... more) {
        return parse(Stream.concat(Stream.of("--input-table", table.toString(), "--image-column", "photo", "--name-column", "id", option,
                output().toString()), Stream.of(more)).toArray(String[]::new));
    }

    @Test
    void aTableBecomesATableWithAnErrorWhereThereIsNoTranslationAndGoesOn() throws Exception {
        addImages(3);
        translate(options(true, false));
        Map<String, byte[]> files = outputs();
        Path made = folder.resolve("made");
        Path table = addTable("image-0.png", png(0), "image-1.png", png(1), "../image-2.png", png(2), "broken", new byte[30], "none", null);
        String[] words = {"--input-table", table.toString(), "--image-column", "photo", "--name-column", "id", "--output-table",
            made.toString(), "--heatmaps"};
        TranslateResult result = translate(parse(words));
        assertThat(List.of(result.translated(), result.rejected() + result.notImages())).containsExactly(3L, 2L);
        List<Row> rows = table(made);
        assertThat(rows.get(0).schema().fieldNames()).containsExactly("path", "translation", "heatmap", "error");
        assertThat(rows).extracting(row -> row.getString(0)).containsExactly("../image-2.png", "broken", "image-0.png", "image-1.png", "none");
        assertThat(rows.get(0).<byte[]>getAs(1)).isEqualTo(files.get("image-2.png"));
        assertThat(rows.get(2).<byte[]>getAs(2)).isEqualTo(files.get("image-0.heatmap.png"));
        assertThat(rows.get(2).getString(3)).isNull();
        assertThat(rows.get(1).isNullAt(1)).isTrue();
        assertThat(rows.get(1).getString(3)).isEqualTo("neither its name nor its first bytes are those of an image");
        assertThat(rows.get(4).getString(3)).isEqualTo("a row without an image");

        addTable("image-0.png", png(0), "image-1.png", png(5), "../image-2.png", png(2), "new", png(1), "none", null);
        assertThat(translate(parse(words)).translated()).isBetween(2L, 4L);
        rows = table(made);
        assertThat(rows).extracting(row -> row.getString(0)).containsExactly("../image-2.png", "image-0.png", "image-1.png", "new", "none");
        assertThat(rows.get(3).<byte[]>getAs(1)).isEqualTo(files.get("image-1.png"));
        assertThat(rows.get(2).<byte[]>getAs(1)).isNotEqualTo(files.get("image-1.png"));
        assertThat(translate(parse(words)).translated()).isZero();
        assertThat(table(made)).hasSize(5);
        try (Stream<Path> left = Files.list(made)) {
            assertThat(left.map(path -> path.getFileName().toString())).noneMatch(name -> name.startsWith(".tmp-"));
        }
    }

    @Test
    void rowsThatShareAFileWithOneThatChangedAreReadAgain() throws Exception {
        Object[] rows = new Object[16];
        for (int i = 0; i < 8; i++) {
            rows[2 * i] = "image-" + i;
            rows[2 * i + 1] = png(i);
        }
        Path made = folder.resolve("made");
        String[] words = {"--input-table", addTable(rows).toString(), "--image-column", "photo", "--name-column", "id", "--output-table",
            made.toString()};
        assertThat(translate(parse(words)).translated()).isEqualTo(8);
        byte[] before = table(made).get(1).getAs(1);
        rows[1] = png(99);
        addTable(rows);
        assertThat(translate(parse(words)).translated()).isEqualTo(4); // all that one of two slots has put into one file
        assertThat(table(made)).extracting(row -> row.getString(0)).containsExactly("image-0", "image-1", "image-2", "image-3", "image-4",
                "image-5", "image-6", "image-7");
        assertThat(table(made).get(1).<byte[]>getAs(1)).isEqualTo(before);
        assertThat(translate(parse(words)).translated()).isZero();
    }

    @Test
    void aDryRunOfATableReadsNamesTriesAFewRowsAndWritesNothing() throws Exception {
        Path table = addTable("a", png(0), "b", png(1), "c", png(2), "../d", png(3), "e", new byte[3], "f", null);
        translate(ofTable(table, "--output", "--limit", "1"));
        Map<String, byte[]> before = outputs();
        DryRunResult dry = new TranslateJob(spark, ofTable(table, "--output", "--dry-run")).dryRun();
        assertThat(List.of(dry.found(), dry.leftOut(), dry.wanted(), dry.done(), dry.todo())).containsExactly(5L, 1L, 5L, 1L, 4L);
        assertThat(dry.tried()).isPositive();
        assertThat(dry.seconds()).isGreaterThan(0);
        DryRunResult limited = new TranslateJob(spark, ofTable(table, "--output", "--dry-run", "--limit", "3")).dryRun();
        assertThat(List.of(limited.found(), limited.wanted(), limited.done(), limited.todo())).containsExactly(5L, 3L, 1L, 2L);
        assertThat(outputs().keySet()).isEqualTo(before.keySet());
        try (Stream<Path> left = Files.list(output())) {
            assertThat(left.map(path -> path.getFileName().toString())).noneMatch(name -> name.startsWith(".tmp-"));
        }
        DryRunResult fresh = new TranslateJob(spark, parse("--input-table", table.toString(), "--image-column", "photo", "--output-table",
                folder.resolve("new").toString(), "--dry-run")).dryRun();
        assertThat(List.of(fresh.found(), fresh.todo())).containsExactly(6L, 6L);
        assertThat(folder.resolve("new")).doesNotExist();
        DryRunResult broken = new TranslateJob(spark, ofTable(addTable("e", new byte[3]), "--output", "--dry-run")).dryRun();
        assertThat(broken.firstLeftOut()).map(LeftOut::source).contains("e");
    }

    @Test
    void rowsBecomeFilesOnlyUnderNamesThatStayInTheOutput() throws Exception {
        Path table = addTable("deep/image-0.jpg", png(0), "../evil", png(1), "/abs", png(1), ".sources-1/x", png(1), "a//b", png(1));
        TranslateResult result = translate(ofTable(table, "--output"));
        assertThat(List.of(result.translated(), result.rejected())).containsExactly(1L, 4L);
        assertThat(outputs()).containsOnlyKeys("deep/image-0.png", "rejected.jsonl");
        assertThat(Files.readAllLines(output().resolve("rejected.jsonl"))).contains(
                "{\"source\":\"../evil\",\"kind\":\"rejected\",\"reason\":\"its name is no relative path of folders and a file, as a file of its"
                        + " translation needs\"}",
                "{\"source\":\".sources-1/x\",\"kind\":\"rejected\",\"reason\":\"hidden: its name begins with a dot\"}");
        Files.delete(output().resolve("deep/image-0.png"));
        Path small = addTable("b", png(1), "a", png(0), "c", png(2));
        assertThat(translate(ofTable(small, "--output", "--limit", "2", "--overwrite")).translated()).isEqualTo(2);
        assertThat(outputs()).containsOnlyKeys("a.png", "b.png", "rejected.jsonl");
    }

    @Test
    void tablesAndColumnsThatAreNotThereAreRefused() throws Exception {
        assertRefused(ofTable(folder.resolve("gone"), "--output"), "--input-table is " + folder.resolve("gone")
                + ": there is no such folder or file");
        Path table = addTable("a", png(0));
        assertThatThrownBy(() -> translate(parse("--input-table", table.toString(), "--output", output().toString())))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("--image-column is image: no column or expression of --input-table, which has photo, id (");
        assertThat(output()).doesNotExist();
    }
}
