package io.ugatit.prep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.dataset.DatasetImage;
import io.ugatit.dataset.Domain;
import io.ugatit.dataset.ImageDataset;
import io.ugatit.dataset.ImageReader;
import io.ugatit.dataset.Sha256;
import io.ugatit.dataset.Split;
import io.ugatit.input.MadeArchives;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import io.ugatit.prep.source.SourceFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives give what the folders in them would give. */
class PrepArchivesTest extends PrepFixture {
    @ParameterizedTest
    @ValueSource(strings = {"horse2zebra.zip", "all.tar", "all.tar.gz"})
    void anArchiveInThePlaceOfTheInputGivesTheImagesOfTheFolder(String name) throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        shuffled(input).forEach((path, bytes) -> files.put(name.startsWith("all") ? "./" + path : "horse2zebra/" + path, bytes));
        files.put("__MACOSX/horse2zebra/trainA/._a1.png", new byte[10]);
        Path archive = MadeArchives.write(folder.resolve("archives").resolve(name), files);
        prep();

        Path again = folder.resolve("again");
        PrepResult result = prep(archive.toString(), again, 0);

        assertThat(List.of(result.trainA(), result.trainB(), result.testA(), result.hidden())).containsExactly(40L, 7L, 1L, 0L);
        assertThat(images(again)).isEqualTo(images(output));
        assertThat(siblingsOfOutput()).containsExactlyInAnyOrder("again", "archives", "da ta", "in put ü");
    }

    @ParameterizedTest
    @ValueSource(strings = {"trainB.tar", "trainB.zip", "trainB.tgz"})
    void anArchiveInThePlaceOfAFolderIsThatFolder(String name) throws IOException {
        prep();
        Map<String, byte[]> files = shuffled(input.resolve("trainB"));
        if (name.endsWith("tar")) { // as tar makes it of the folder
            Map<String, byte[]> below = new LinkedHashMap<>();
            files.forEach((path, bytes) -> below.put("trainB/" + path, bytes));
            files = below;
        }
        MadeArchives.write(input.resolve(name), files);
        assertThatThrownBy(() -> prep(folder.resolve("again"), 0)).isInstanceOf(InvalidRequestException.class)
                .hasMessage("--input is file:" + input + ": trainB and " + name + " are both there: must be one of them");
        Files.move(input.resolve("trainB"), folder.resolve("elsewhere"));

        prep(folder.resolve("again"), 0);

        assertThat(images(folder.resolve("again"))).isEqualTo(images(output));
        assertThat(printed.toString(StandardCharsets.UTF_8)).doesNotContain("leaves alone");
    }

    @Test
    void archivesAmongFilesAreFoldersThatKeepTheirOrderAndWhatIsNoImageIsCounted() throws IOException {
        byte[] a1 = Files.readAllBytes(input.resolve("trainA/a1.png"));
        byte[] a2 = Files.readAllBytes(input.resolve("trainA/a2.png"));
        byte[] fresh = drawn(500);
        MadeArchives.write(input.resolve("trainA/deep/shard-000000.tar"), MadeArchives.files("000002.jpg", drawn(501), "000002.json",
                "{}".getBytes(StandardCharsets.UTF_8), "000001.png", fresh, "000001.cls", "7".getBytes(StandardCharsets.UTF_8)));
        MadeArchives.write(input.resolve("trainA/photos.tar.gz"), MadeArchives.files("z.png", drawn(502), "b.png", a1, "README", new byte[3]));
        MadeArchives.write(input.resolve("trainA/photos.zip"), MadeArchives.files("z.png", drawn(503), "b.png", drawn(504), "c.png", a2,
                "again.png", fresh));
        Files.writeString(input.resolve("trainA/photos.7z"), "7z");

        PrepResult result = prep(output, 0.1);

        assertThat(List.of(result.trainA(), result.duplicates(), result.notImages(), result.rejected())).containsExactly(45L, 3L, 3L, 1L);
        List<String> sources = sources(Domain.A, Split.TRAIN);
        assertThat(sources.stream().filter(source -> source.contains(".tar") || source.contains(".zip"))).containsExactly(
                "deep/shard-000000.tar/000002.jpg", "deep/shard-000000.tar/000001.png", "photos.tar.gz/z.png", "photos.zip/z.png",
                "photos.zip/b.png");
        assertThat(Files.readAllLines(output.resolve("rejected.jsonl"))).contains(
                "{\"source\":\"trainA/photos.7z\",\"kind\":\"rejected\",\"reason\":\"an archive of a kind that is not read: unpack it, or make "
                        + "it one of .tar, .tar.gz, .tgz, .zip\"}",
                "{\"source\":\"trainA/photos.tar.gz/b.png\",\"kind\":\"duplicate\",\"reason\":\"the same bytes as trainA/a1.png\"}",
                "{\"source\":\"trainA/photos.zip/again.png\",\"kind\":\"duplicate\",\"reason\":\"the same bytes as "
                        + "trainA/deep/shard-000000.tar/000001.png\"}",
                "{\"source\":\"trainA/deep/shard-000000.tar/000001.cls\",\"kind\":\"not-an-image\",\"reason\":\"neither its name nor its first "
                        + "bytes are those of an image\"}");
    }

    @Test
    void aTaskThatFailsIsRunAgainAndGivesTheSameBytesFromArchives() throws IOException {
        int seed = 600;
        for (String name : List.of("once.tar", "once.tar.gz", "once.zip")) {
            Map<String, byte[]> files = new LinkedHashMap<>();
            for (int i = 0; i < 20; i++) {
                files.put("n" + (37 * i % 20) + ".png", drawn(seed++));
            }
            MadeArchives.write(input.resolve("trainA").resolve(name), files);
        }
        prep();
        assertThat(sources(Domain.A, Split.TRAIN)).hasSize(100);

        Path again = folder.resolve("again");
        prep("flaky:" + input, again, 0);

        assertThat(hashes(again)).isEqualTo(hashes(output));
        Files.move(input.resolve("trainA/once.tar"), input.resolve("trainA/never.tar"));
        assertThatThrownBy(() -> prep("flaky:" + input, folder.resolve("third"), 1)).isInstanceOf(JobFailedException.class)
                .hasMessage("cannot read trainA/never.tar (the disk is on fire); nothing was published");
    }

    @Test
    void namesOfEveryKindSurviveFoldersAndArchives() throws IOException {
        List<String> names = List.of("a b.png", "x:y.png", "50%20%.png", "new\nline.png", "ü.png", "日本.png", "😀.png", "\ud840\udc0b.png",
                "\ufb01.png", "#?&=+;'\".png", "-rf.png", "~.png");
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            files.put(names.get(i), drawn(700 + i));
            Files.createDirectories(input.resolve("testB/" + names.get(i) + ".d"));
            Files.write(input.resolve("testB/" + names.get(i) + ".d/" + names.get(i)), drawn(800 + i));
        }
        List<String> expected = new ArrayList<>();
        int seed = 900;
        for (String archive : List.of("a: %.tar", "b\n.tgz", "ü😀.zip")) {
            Map<String, byte[]> own = new LinkedHashMap<>();
            for (String name : names) {
                own.put(name, drawn(seed++));
                expected.add(archive + "/" + name);
            }
            MadeArchives.write(input.resolve("testB").resolve(archive), own);
        }
        names.forEach(name -> expected.add(name + ".d/" + name));

        PrepResult result = prep();

        assertThat(result.testB()).isEqualTo(expected.size());
        assertThat(sources(Domain.B, Split.TEST)).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void anArchiveThatIsCutOffOrNoneIsOneRejectThatNamesIt() throws IOException {
        Path whole = MadeArchives.write(input.resolve("trainA/whole.tar"), MadeArchives.files("1.png", drawn(1001), "2.png", drawn(1002)));
        Files.write(input.resolve("trainA/cut.tar"), Arrays.copyOf(Files.readAllBytes(whole), 512 + 1024 + 512 + 100));
        Files.delete(whole);
        Files.writeString(input.resolve("trainA/none.zip"), "no archive");
        Files.write(input.resolve("testB.tar"), new byte[0]);

        PrepResult result = prep(output, 1);

        assertThat(List.of(result.trainA(), result.rejected())).containsExactly(41L, 3L);
        assertThat(Files.readAllLines(output.resolve("rejected.jsonl"))).containsExactly(
                "{\"source\":\"trainA/cut.tar\",\"kind\":\"rejected\",\"reason\":\"a damaged or cut-off archive, it ends within a member or "
                        + "without its end mark; used are the 1 files that are whole before that\"}",
                "{\"source\":\"trainA/none.zip\",\"kind\":\"rejected\",\"reason\":\"a damaged or cut-off archive, no zip directory at its end: "
                        + "cut off, or no zip archive; no file of it can be used\"}",
                "{\"source\":\"testB.tar\",\"kind\":\"rejected\",\"reason\":\"the file is empty\"}");
    }

    @Test
    void filesOfAnArchiveWhoseNamesCannotBeUsedAreRejects() throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        shuffled(input).forEach((path, bytes) -> files.put("./" + path, bytes));
        files.put("./trainA/sub\\back.png", drawn(2001));
        files.put("./trainB/../../out.png", drawn(2002));
        files.put("./notes/sub\\back.txt", new byte[10]);
        Path archive = MadeArchives.write(folder.resolve("archives/all.tar"), files);

        PrepResult result = prep(archive.toString(), output, 1);

        assertThat(result.rejected()).isEqualTo(2);
        assertThat(Files.readAllLines(output.resolve("rejected.jsonl"))).containsExactlyInAnyOrder(
                "{\"source\":\"./trainA/sub\\\\back.png\",\"kind\":\"rejected\",\"reason\":\"a backslash in its name: folders in an archive are "
                        + "separated by /\"}",
                "{\"source\":\"./trainB/../../out.png\",\"kind\":\"rejected\",\"reason\":\"a name that leads out of the archive\"}");
    }

    @Test
    void anArchiveOfNamesThatCannotBeUsedIsToldWhy() throws IOException {
        Path archive = MadeArchives.write(folder.resolve("x/back.tar"), MadeArchives.files("data\\trainA\\a.png", drawn(1)));

        assertThatThrownBy(() -> prep(archive.toString(), output, 0)).isInstanceOf(InvalidRequestException.class)
                .hasMessage("--input is file:" + archive + " (data\\trainA\\a.png (a backslash in its name: folders in an archive are separated by"
                        + " /)): trainA is missing; trainA and trainB are needed, testA and testB are welcome");
    }

    @Test
    void anArchiveWithoutTheFoldersIsNamed() throws IOException {
        Path archive = MadeArchives.write(folder.resolve("x/all.zip"), MadeArchives.files("trainA/a.png", drawn(1)));
        assertThatThrownBy(() -> prep(archive.toString(), output, 0)).isInstanceOf(InvalidRequestException.class)
                .hasMessage("--input is file:" + archive + ": trainB is missing; trainA and trainB are needed, testA and testB are welcome");
        Path text = Files.writeString(folder.resolve("x/none.zip"), "no archive");
        assertThatThrownBy(() -> prep(text.toString(), output, 0)).isInstanceOf(InvalidRequestException.class)
                .hasMessage("--input is file:" + text + " (a damaged or cut-off archive, no zip directory at its end: cut off, or no zip archive;"
                        + " no file of it can be used): trainA is missing; trainA and trainB are needed, testA and testB are welcome");
        Path gone = folder.resolve("x/gone.zip");
        assertThatThrownBy(() -> prep(gone.toString(), output, 0)).isInstanceOf(InvalidRequestException.class)
                .hasMessage("--input is file:" + gone + ": there is no such folder");
    }

    private byte[] drawn(int seed) throws IOException {
        draw("drawn/x.png", seed, 20, 20);
        byte[] bytes = Files.readAllBytes(input.resolve("drawn/x.png"));
        Files.delete(input.resolve("drawn/x.png"));
        Files.delete(input.resolve("drawn"));
        return bytes;
    }

    /** A folder's files in an order that is not theirs. */
    private static Map<String, byte[]> shuffled(Path root) throws IOException {
        List<Path> paths;
        try (Stream<Path> files = Files.walk(root)) {
            paths = new ArrayList<>(files.filter(Files::isRegularFile).sorted().toList());
        }
        Collections.shuffle(paths, new Random(3));
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (Path path : paths) {
            files.put(root.relativize(path).toString(), Files.readAllBytes(path));
        }
        return files;
    }

    private static Map<String, String> images(Path dataset) throws IOException {
        Map<String, String> images = new TreeMap<>();
        ImageDataset opened = ImageDataset.open(dataset.toString(), new Configuration());
        for (Domain domain : Domain.values()) {
            for (Split split : Split.values()) {
                try (ImageReader reader = opened.reader(domain, split, new Configuration(), 1 << 26)) {
                    for (long i = 0; i < reader.count(); i++) {
                        DatasetImage image = reader.read(i);
                        images.put(SourceFile.folder(domain, split) + "/" + image.source(), Sha256.hex(image.pixels()));
                    }
                }
            }
        }
        return images;
    }
}
