package io.ugatit.translate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.ugatit.checkpoint.CheckpointStore;
import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.exchange.ImportJob;
import io.ugatit.exchange.ImportOptions;
import io.ugatit.golden.GoldenWeights;
import io.ugatit.image.Fit;
import io.ugatit.image.ImageEncoder;
import io.ugatit.image.RgbImage;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.Options;
import io.ugatit.lock.HeldException;
import io.ugatit.lock.OutputLock;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Both directions in one job, several checkpoints in one job, and the sheet that shows them side by side. */
@Tag("slow")
class TranslateSeveralTest extends TranslateFixture {
    private TranslateOptions parse(String... words) {
        return Options.parse(TranslateOptions.class, words);
    }

    /** With more words behind. */
    private static String[] words(String[] more, String... words) {
        return Stream.concat(Stream.of(words), Stream.of(more)).toArray(String[]::new);
    }

    /** Two images of A, three of B. */
    private void addDomains() throws IOException {
        for (int i = 0; i < 5; i++) {
            addImage((i < 2 ? "A/a-" : "B/deep/b-") + i + ".png", noise(i));
        }
    }

    private TranslateOptions both(String option, String... more) {
        return parse(words(more, "--weights", weights, "--size", String.valueOf(SIZE), "--direction", "both", "--input-a",
                input().resolve("A").toString(), "--input-b", input().resolve("B").toString(), option, output().toString()));
    }

    private TranslateOptions one(Direction direction, String from, String to) {
        return new TranslateOptions(null, weights, direction, input().resolve(from).toString(), folder.resolve(to).toString(), ImageEncoder.PNG,
                false, false, SIZE, Fit.STRETCH);
    }

    @Test
    void bothDirectionsGiveTheBytesOfEachByItselfInFoldersOfTheirOwn() throws Exception {
        addDomains();
        Files.writeString(input().resolve("B/broken.png"), "no image");
        TranslateResult result = translate(both("--output"));
        assertThat(result.folders()).extracting(TranslatedFolder::label).containsExactly("a2b, translation", "b2a, translation");
        assertThat(result.folders()).extracting(TranslatedFolder::translated).containsExactly(2L, 3L);
        assertThat(result.folders()).extracting(TranslatedFolder::rejected).containsExactly(0L, 1L);
        assertThat(result.translated()).isEqualTo(5);
        translate(one(Direction.A2B, "A", "only-a2b"));
        translate(one(Direction.B2A, "B", "only-b2a"));
        Map<String, byte[]> made = outputs();
        assertThat(made).containsOnlyKeys("a2b/a-0.png", "a2b/a-1.png", "a2b/rejected.jsonl", "b2a/deep/b-2.png", "b2a/deep/b-3.png",
                "b2a/deep/b-4.png", "b2a/rejected.jsonl");
        assertThat(made.get("a2b/a-1.png")).isEqualTo(Files.readAllBytes(folder.resolve("only-a2b/a-1.png")));
        assertThat(made.get("b2a/deep/b-4.png")).isEqualTo(Files.readAllBytes(folder.resolve("only-b2a/deep/b-4.png")));
        assertThat(Translations.in(output().resolve("b2a").toString(), new Configuration())).hasSize(3);
    }

    @Test
    void aKilledJobOfBothDirectionsGoesOnWhereItWas() throws Exception {
        addDomains();
        translate(both("--output"));
        Map<String, byte[]> whole = outputs();
        Files.delete(output().resolve("b2a/deep/b-3.png"));
        Files.writeString(output().resolve("b2a/.tmp-00000000-0000-0000-0000-000000000000"), "half an im");
        TranslateResult again = translate(both("--output"));
        assertThat(again.folders()).extracting(TranslatedFolder::translated).containsExactly(0L, 1L);
        assertThat(again.skipped()).isEqualTo(4);
        assertThat(outputs().keySet()).isEqualTo(whole.keySet());
        assertThat(outputs().get("b2a/deep/b-3.png")).isEqualTo(whole.get("b2a/deep/b-3.png"));
        Files.delete(output().resolve("a2b/_translation.json")); // killed before the first direction began
        assertRefused(both("--output"), "--output is file:" + output().resolve("a2b") + ": holds files that are no translations; choose another"
                + " --output, or --overwrite to write among them");
    }

    @Test
    void oneDirectionAndBothAreNotMixedInOneFolder() throws Exception {
        addDomains();
        translate(new TranslateOptions(null, weights, Direction.A2B, input().resolve("A").toString(), output().toString(), ImageEncoder.PNG, false,
                false, SIZE, Fit.STRETCH));
        assertRefused(both("--output"), "--output is file:" + output() + ": holds translations of one direction by one checkpoint, and would"
                + " get folders for each; choose another --output");
        assertThat(output().resolve("a2b")).doesNotExist();
        assertThat(output().resolve("b2a")).doesNotExist();
    }

    @Test
    void anotherJobInOneOfTheFoldersIsRespected() throws Exception {
        addDomains();
        org.apache.hadoop.fs.Path held = new org.apache.hadoop.fs.Path("file:" + output().resolve("b2a"));
        try (OutputLock lock = OutputLock.inside(new Configuration(), held, "translate", "--output", line -> { })) {
            assertThatThrownBy(() -> translate(both("--output"))).isInstanceOf(HeldException.class)
                    .hasMessageStartingWith("--output is file:" + output().resolve("b2a") + ": ");
            lock.requireHeld();
            assertThat(output().resolve("a2b")).doesNotExist();
        }
        assertThat(output()).doesNotExist();
    }

    @Test
    void inATableTheDirectionIsAColumnAndShardsLieUnderIt() throws Exception {
        addDomains();
        translate(both("--output-table"));
        List<Row> rows = spark.read().parquet(output().toString()).orderBy("path").collectAsList();
        assertThat(rows.get(0).schema().fieldNames()).containsExactly("path", "translation", "error", "direction");
        assertThat(rows).extracting(row -> row.getString(0) + " " + row.getString(3)).containsExactly("a-0.png a2b", "a-1.png a2b",
                "deep/b-2.png b2a", "deep/b-3.png b2a", "deep/b-4.png b2a");
        assertThat(translate(both("--output-table")).skipped()).isEqualTo(5);

        TranslateResult shards = translate(parse("--weights", weights, "--size", String.valueOf(SIZE), "--direction", "both", "--input-a",
                input().resolve("A").toString(), "--input-b", input().resolve("B").toString(), "--output-shards",
                folder.resolve("shards").toString()));
        assertThat(shards.folders()).extracting(TranslatedFolder::path).containsExactly("file:" + folder.resolve("shards/a2b"),
                "file:" + folder.resolve("shards/b2a"));
        try (Stream<Path> files = Files.list(folder.resolve("shards/b2a"))) {
            assertThat(files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".tar"))).hasSize(2);
        }
    }

    /** A run with two checkpoints, of which that of step 0 is the best. */
    private Path run() throws IOException {
        Path run = folder.resolve("run");
        new ImportJob(new Configuration(), new ImportOptions(weights, run.toString(), SIZE)).run();
        CheckpointStore store = new CheckpointStore(RunDirectory.open(run.toString(), new Configuration()));
        Map<String, INDArray> tensors = GoldenWeights.tensors("light");
        tensors.get("genA2B.UpBlock2.11.weight").muli(2);
        store.publish(10, tensors, Map.of(), JsonNodeFactory.instance.objectNode());
        store.publishBest(0);
        return run;
    }

    private TranslateOptions byCheckpoints(Path run, String checkpoints, String... more) {
        return parse(words(more, "--run", run.toString(), "--direction", "a2b", "--input", input().toString(), "--output", output().toString(),
                "--checkpoint", checkpoints));
    }

    @Test
    void everyCheckpointHasAFolderWithWhatItTranslatesByItself() throws Exception {
        addImages(3);
        Path run = run();
        TranslateResult result = translate(byCheckpoints(run, "10,best", "--limit", "2"));
        assertThat(result.folders()).extracting(TranslatedFolder::label).containsExactly("a2b, step 10", "a2b, step 0, best");
        assertThat(result.folders()).extracting(TranslatedFolder::translated).containsExactly(2L, 2L);
        translate(new TranslateOptions(null, weights, Direction.A2B, input().toString(), folder.resolve("best").toString(), ImageEncoder.PNG,
                false, false, SIZE, Fit.STRETCH));
        Map<String, byte[]> made = outputs();
        assertThat(made.keySet()).containsExactly("step-00000000/image-0.png", "step-00000000/image-1.png", "step-00000000/rejected.jsonl",
                "step-00000010/image-0.png", "step-00000010/image-1.png", "step-00000010/rejected.jsonl");
        assertThat(made.get("step-00000000/image-1.png")).isEqualTo(Files.readAllBytes(folder.resolve("best/image-1.png")))
                .isNotEqualTo(made.get("step-00000010/image-1.png"));

        TranslateResult more = translate(byCheckpoints(run, "0,latest,best"));
        assertThat(more.folders()).extracting(TranslatedFolder::label).containsExactly("a2b, step 0, best", "a2b, step 10, latest");
        assertThat(List.of(more.translated(), more.skipped())).containsExactly(2L, 4L);
    }

    @Test
    void aCheckpointThatIsNotThereIsRefusedBeforeTheFirstTranslates() throws Exception {
        addImages(1);
        Path run = run();
        assertThatThrownBy(() -> translate(byCheckpoints(run, "10,7"))).isInstanceOf(InvalidRequestException.class)
                .hasMessage("--checkpoint is 7: file:" + run + " has those of steps 0, 10");
        assertThat(output()).doesNotExist();
    }

    @Test
    void inATableTheStepIsAColumnToo() throws Exception {
        addDomains();
        Path run = run();
        translate(parse("--run", run.toString(), "--direction", "both", "--input-a", input().resolve("A").toString(), "--input-b",
                input().resolve("B").toString(), "--output-table", output().toString(), "--checkpoint", "0,10"));
        List<Row> rows = spark.read().parquet(output().toString()).where("path = 'a-0.png'").orderBy("step").collectAsList();
        assertThat(rows).extracting(row -> row.<Object>getAs("step") + " " + row.getAs("direction")).containsExactly("0 a2b", "10 a2b");
        assertThat(spark.read().parquet(output().toString()).count()).isEqualTo(10);
    }

    @Test
    void theSheetShowsImagesBesideTheirTranslationsByEveryCheckpoint() throws Exception {
        addImages(2);
        addImage("long & thin.png", new RgbImage(400, 100, new byte[3 * 400 * 100]));
        Path sheet = folder.resolve("pages/sheet.html");
        Path run = run();
        TranslateResult result = translate(byCheckpoints(run, "0,10", "--sheet", sheet.toString()));
        assertThat(result.sheet()).hasValue("file:" + sheet);
        String page = Files.readString(sheet);
        assertThat(page).contains("<title>run – U-GAT-IT translations</title>", "3 of 3 images, A to B.", ">source</th>", ">step 0</th>",
                ">step 10</th>", "alt=\"image-0.png, step 10\"", "alt=\"long &amp; thin.png\"");
        assertThat(page.split("<img ", -1)).hasSize(1 + 9);
        assertThat(page).contains("width=\"256\" height=\"256\" alt=\"long &amp; thin.png\"");

        // of what earlier jobs have made, in the images' own shapes, both ways
        addDomains();
        String[] both = {"--run", run.toString(), "--direction", "both", "--input-a", input().resolve("A").toString(), "--input-b",
            input().toString(), "--output", folder.resolve("both").toString(), "--keep-size", "--sheet", sheet.toString()};
        translate(parse(both));
        Files.writeString(input().resolve("broken.png"), "no image");
        TranslateResult again = translate(parse(both));
        assertThat(again.translated()).isZero();
        page = Files.readString(sheet);
        assertThat(page).contains("2 of 2 images, A to B; 9 of 9 images, B to A.", "<h2 id=\"b2a\">B to A</h2>", ">step 10, latest</th>",
                "width=\"256\" height=\"64\" alt=\"long &amp; thin.png, step 10, latest\"", "<i>no translation</i>");
    }

    @Test
    void aSheetThatCannotBeAFileIsRefusedBeforeAnythingIsTranslated() throws Exception {
        addImages(1);
        Files.createDirectories(folder.resolve("page.html"));
        TranslateOptions options = parse("--weights", weights, "--size", String.valueOf(SIZE), "--direction", "a2b", "--input", input().toString(),
                "--output", output().toString(), "--sheet", folder.resolve("page.html").toString());
        assertRefused(options, "--sheet is file:" + folder.resolve("page.html") + ": is a folder, must be a file");
        assertThat(output()).doesNotExist();
    }

    @Test
    void aDryRunOfSeveralSaysWhatEachWouldDo() throws Exception {
        addDomains();
        translate(both("--output", "--limit", "1"));
        Map<String, byte[]> before = outputs();
        DryRunResult dry = new TranslateJob(spark, both("--output", "--dry-run"), new PrintStream(printed, true, StandardCharsets.UTF_8)).dryRun();
        assertThat(dry.folders()).extracting(DryRunResult.PlannedFolder::label).containsExactly("a2b, translation", "b2a, translation");
        assertThat(dry.folders()).extracting(DryRunResult.PlannedFolder::done).containsExactly(1L, 1L);
        assertThat(dry.folders()).extracting(DryRunResult.PlannedFolder::todo).containsExactly(1L, 2L);
        assertThat(dry.seconds()).isEqualTo(dry.imageSeconds() * 2).isGreaterThan(0);
        assertThat(outputs().keySet()).isEqualTo(before.keySet());
    }
}
