package io.ugatit.translate.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ugatit.input.InputFile;
import io.ugatit.job.InvalidRequestException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a folder of translations when jobs are killed at any moment; a job is what it does to the folder. */
class OutputFolderTest {
    private static final Provenance A = new Provenance("a.png", "a.jpg", 100, 1000, null);
    private static final Provenance B = new Provenance("b.png", "b.jpg", 200, 2000, null);
    private static final Provenance OTHER_A = new Provenance("a.png", "a.jpg", 100, 999, null);

    @TempDir
    private Path path;
    private final ObjectNode record = JsonNodeFactory.instance.objectNode().put("direction", "a2b");
    private Folder folder;

    @BeforeEach
    void place() {
        folder = new Folder(new Configuration(), new org.apache.hadoop.fs.Path("file:" + path + "/out"));
    }

    private static List<PlannedImage> images(Provenance... planned) {
        return Stream.of(planned).map(image ->
                new PlannedImage(new InputFile(image.source(), image.length(), image.modified()), image.translation())).toList();
    }

    private MissingTranslations compare(Provenance... planned) throws IOException {
        return new OutputFolder(folder, OutputKind.FILES, record).look(false).missing(images(planned));
    }

    private List<Provenance> missing(Provenance... planned) throws IOException {
        return compare(planned).images().stream().map(PlannedImage::provenance).toList();
    }

    private ProvenanceLog begin(Provenance... planned) throws IOException {
        return compare(planned).begin();
    }

    private void translate(ProvenanceLog log, int task, Provenance... images) throws IOException {
        for (Provenance image : images) {
            Files.writeString(path.resolve("out").resolve(image.translation()), image.toString());
        }
        log.write(task, List.of(images));
    }

    @Test
    void whatIsLoggedAndThereIsNotMissing() throws IOException {
        translate(begin(A, B), 0, A, B);
        assertThat(missing(A, B)).isEmpty();
        Files.delete(path.resolve("out/b.png"));
        assertThat(missing(A, B)).containsExactly(B);
    }

    @Test
    void aTranslationWhoseLineWasNotWrittenIsMissing() throws IOException {
        ProvenanceLog log = begin(A, B);
        translate(log, 0, A);
        Files.writeString(path.resolve("out/b.png"), "published, and then killed");
        assertThat(missing(A, B)).containsExactly(B);
    }

    @Test
    void anImageThatCameBackAfterAKillIsNotTakenForTheOneThatWasTranslatedMeanwhile() throws IOException {
        translate(begin(A, B), 0, A, B);
        begin(OTHER_A, B);
        Files.writeString(path.resolve("out/a.png"), "of the other image, and then killed");
        assertThat(missing(A, B)).containsExactly(A);
    }

    @Test
    void aLogThatNoRecordNamesYetCountsForNothing() throws IOException {
        translate(begin(A, B), 0, A, B);
        ProvenanceLog unpublished = ProvenanceLog.fresh(folder);
        unpublished.keep(List.of(OTHER_A));
        assertThat(missing(A, B)).isEmpty();
        assertThat(missing(OTHER_A)).containsExactly(OTHER_A);
        begin(A, B);
        assertThat(logs()).hasSize(1).doesNotContain(unpublished.name());
    }

    @Test
    void whatEarlierJobsLeftIsKeptInOneFile() throws IOException {
        translate(begin(A), 0, A);
        translate(begin(A, B), 0, B);
        begin(A, B, new Provenance("c.png", "c.jpg", 1, 1, null));
        try (Stream<Path> files = Files.list(path.resolve("out").resolve(logs().get(0)))) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactly("kept.jsonl");
        }
        assertThat(missing(A, B)).isEmpty();
    }

    @Test
    void nothingIsWrittenIfNothingIsMissing() throws IOException {
        ProvenanceLog log = begin(A, B);
        translate(log, 0, A, B);
        assertThat(begin(A, B)).isEqualTo(log);
    }

    @Test
    void aTranslationWhoseImageIsGoneIsKeptForItsReturn() throws IOException {
        translate(begin(A, B), 0, A, B);
        MissingTranslations compared = compare(B, new Provenance("c.png", "c.jpg", 1, 1, null));
        assertThat(compared.images()).hasSize(1);
        assertThat(compared.counts().orphans()).isEqualTo(1);
        assertThat(compared.counts().replaced()).isZero();
        compared.begin();
        assertThat(missing(A, B)).isEmpty();
    }

    @Test
    void aTranslationWhoseNameNowIsAnotherImagesIsDeletedAndMadeAgainUnderItsOwn() throws IOException {
        translate(begin(A, B), 0, A, B);
        Provenance renamed = new Provenance("a.jpg.png", "a.jpg", 100, 1000, null);
        Provenance newcomer = new Provenance("a.png.png", "a.png", 300, 3000, null);
        MissingTranslations compared = compare(renamed, newcomer, B);
        assertThat(compared.images()).extracting(PlannedImage::translation).containsExactly("a.jpg.png", "a.png.png");
        assertThat(compared.counts().renamed()).isEqualTo(1);
        assertThat(compared.counts().orphans()).isZero();
        assertThat(path.resolve("out/a.png")).as("nothing is changed before the job begins").exists();
        compared.begin();
        assertThat(path.resolve("out/a.png")).as("which would pass for the newcomer's").doesNotExist();
        assertThat(path.resolve("out/b.png")).exists();
        assertThat(missing(A)).as("the newcomer is gone before it was made").containsExactly(A);
    }

    @Test
    void aDamagedLogCostsTheTranslationsBehindTheDamage() throws IOException {
        ProvenanceLog log = begin(A, B);
        translate(log, 0, A, B);
        Path file = path.resolve("out").resolve(log.name()).resolve("task-00000.jsonl");
        String text = Files.readString(file);
        Files.writeString(file, text.substring(0, text.length() - 10));
        assertThat(missing(A, B)).containsExactly(B);
    }

    @Test
    void aRecordThatNamesNoLogIsRefused() throws IOException {
        begin(A);
        Files.writeString(path.resolve("out/_translation.json"), "{\"direction\": \"a2b\", \"sources\": \"../../elsewhere\"}");
        assertThatThrownBy(() -> missing(A)).isInstanceOf(InvalidRequestException.class).hasMessage("--output is file:" + path + "/out:"
                + " _translation.json is damaged, it names no log; choose another --output, or --overwrite to translate all again");
    }

    @Test
    void translationsOfBeforeThereWereLogsCountByTheirTimesAndAreLoggedThen() throws IOException {
        Files.createDirectories(path.resolve("out"));
        at(3000, "_translation.json", record.toString());
        at(4000, "a.png", "made from the image that is there");
        at(2500, "b.png", "older than the record");
        at(5000, "c.png", "older than its image");
        Provenance c = new Provenance("c.png", "c.jpg", 300, 5001, null);
        assertThat(missing(A, B, c)).containsExactly(B, c);
        begin(A, B, c);
        assertThat(missing(A)).isEmpty();
        assertThat(missing(OTHER_A)).containsExactly(OTHER_A);
    }

    private void at(long millis, String name, String content) throws IOException {
        Path file = path.resolve("out").resolve(name);
        Files.writeString(file, content);
        Files.setLastModifiedTime(file, FileTime.fromMillis(millis));
    }

    private List<String> logs() throws IOException {
        try (Stream<Path> files = Files.list(path.resolve("out"))) {
            return files.map(file -> file.getFileName().toString()).filter(name -> name.startsWith(ProvenanceLog.PREFIX)).toList();
        }
    }
}
