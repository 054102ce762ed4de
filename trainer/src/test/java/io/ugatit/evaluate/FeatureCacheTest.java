package io.ugatit.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import io.ugatit.dataset.Domain;
import io.ugatit.publish.Unfinished;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeatureCacheTest {
    private static final FeatureExtractor EXTRACTOR = FeatureExtractor.named("thumbnail");
    private final List<String> said = new ArrayList<>();
    @TempDir
    private Path folder;

    private FeatureCache cache(String dataset) {
        return new FeatureCache(new Configuration(), new org.apache.hadoop.fs.Path(folder.resolve("features").toUri()), dataset, EXTRACTOR,
                said::add);
    }

    private Path file() {
        return folder.resolve("features/thumbnail-testA.features");
    }

    private static float[][] features() {
        float[][] features = new float[3][EXTRACTOR.dimension()];
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < features[i].length; j++) {
                features[i][j] = i + 1f / (j + 1);
            }
        }
        return features;
    }

    @Test
    void whatIsKeptIsReadAgainBitForBit() {
        assertThat(cache("hash").read(Domain.A, 3, 5)).isEmpty();
        cache("hash").write(Domain.A, 5, features());
        float[][] read = cache("hash").read(Domain.A, 3, 5).orElseThrow();
        assertThat(Arrays.deepEquals(read, features())).isTrue();
        assertThat(cache("hash").read(Domain.B, 3, 5)).isEmpty();
        assertThat(said).isEmpty();
    }

    @Test
    void otherImagesFeaturesAreNotTakenAndReplaced() {
        cache("hash").write(Domain.A, 5, features());
        assertThat(cache("hesh").read(Domain.A, 3, 5)).isEmpty();
        assertThat(cache("hash").read(Domain.A, 2, 5)).isEmpty();
        assertThat(cache("hash").read(Domain.A, 3, 6)).isEmpty();
        cache("hesh").write(Domain.A, 5, features());
        assertThat(cache("hesh").read(Domain.A, 3, 5)).isPresent();
        assertThat(folder.resolve("features")).isDirectoryContaining("glob:**.features").isDirectoryNotContaining("glob:**/.tmp-*");
        assertThat(said).isEmpty();
    }

    @Test
    void aDamagedFileIsNamedAndNotTrusted() throws IOException {
        cache("hash").write(Domain.A, 5, features());
        byte[] whole = Files.readAllBytes(file());

        byte[] flipped = whole.clone();
        flipped[flipped.length - 3] ^= 1;
        damaged(flipped, "its SHA-256 is not that in it");
        damaged(Arrays.copyOf(whole, whole.length - 4), "it has " + (whole.length - 4) + " bytes, not " + whole.length);
        damaged(Arrays.copyOf(whole, whole.length + 1), "it has " + (whole.length + 1) + " bytes, not " + whole.length);
        damaged(new byte[7], "it has 7 bytes");
        damaged(new byte[whole.length], "it does not begin as it must");
    }

    private void damaged(byte[] content, String why) throws IOException {
        said.clear();
        Files.write(file(), content);
        assertThat(cache("hash").read(Domain.A, 3, 5)).isEmpty();
        assertThat(said).containsExactly("the features kept in file:" + file() + " are damaged (" + why + "): they are computed anew");
    }

    @Test
    void ofOthersFilesNoneIsDeletedHoweverOld() throws IOException {
        Path features = Files.createDirectories(folder.resolve("features"));
        String unfinished = ".tmp-" + UUID.randomUUID();
        Path folderOfOthers = Files.createDirectory(features.resolve(".tmp-" + UUID.randomUUID()));
        List<Path> others = List.of(features.resolve(".tmp-notes"), features.resolve(".tmp-mine-" + UUID.randomUUID()),
                features.resolve(".tmp-0123456789abcdef"));
        for (Path file : others) {
            Files.writeString(file, "mine");
        }
        Files.writeString(features.resolve(unfinished), "half of it");
        Unfinished.letDaysPass(FileSystem.getLocal(new Configuration()), new org.apache.hadoop.fs.Path(features.toUri()));
        cache("hash").write(Domain.A, 5, features());
        assertThat(others).allMatch(Files::exists);
        assertThat(folderOfOthers).exists();
        assertThat(features.resolve(unfinished)).doesNotExist();
    }

    @Test
    void whereNothingCanBeKeptALineSaysSo() throws IOException {
        Files.writeString(folder.resolve("features"), "a file");
        cache("hash").write(Domain.A, 5, features());
        assertThat(said).singleElement().asString().startsWith("the features of the real images cannot be kept in file:" + file() + " (")
                .endsWith("): the next evaluation computes them again");
    }
}
