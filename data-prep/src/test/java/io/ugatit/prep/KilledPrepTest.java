package io.ugatit.prep;

import static org.assertj.core.api.Assertions.assertThat;

import io.ugatit.dataset.Domain;
import io.ugatit.dataset.ImageDataset;
import io.ugatit.dataset.Split;
import io.ugatit.job.JobFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Prep that ends at any moment, and what the next one makes of it. */
@Tag("slow")
class KilledPrepTest extends VersionsFixture {
    /** Every change that a job makes to the file system may be its last. */
    @Test
    void aJobMayBeKilledAnywhereAndTheNextOneFinishesTheVersion() throws IOException {
        DyingFileSystem.register(spark.sparkContext().hadoopConfiguration());
        for (String file : sourcesOnDisk("trainA")) {
            deleteAll(input.resolve("trainA").resolve(file));
        }
        draw("trainA/a.png", 1, 20, 20);
        draw("trainA/b.png", 2, 20, 20);
        output = folder.resolve("grows");
        String from = input.toString();
        Path dying = Path.of("dying:" + output);
        PrepResult first = prepFrom(from, dying);
        Path copy = folder.resolve("copy");
        copy(output, copy);
        draw("trainA/c.png", 3, 20, 20);
        draw("testB/d.png", 4, 20, 20);
        Files.delete(input.resolve("trainA/a.png"));
        PrepResult second = prepFrom(from, dying, "--mirror");
        Map<String, String> whole = hashes(output);
        List<Integer> versions = new ArrayList<>();
        int changes = 0;
        for (boolean killed = true; killed; changes++) {
            deleteAll(output);
            copy(copy, output);
            DyingFileSystem.dieAfter(changes);
            try {
                prepFrom(from, dying, "--mirror");
                killed = false;
            } catch (JobFailedException e) {
                assertThat(e).hasMessageContaining("killed");
            } finally {
                DyingFileSystem.live();
            }
            ImageDataset read = ImageDataset.open(output.toString(), conf);
            boolean old = read.manifest().version() == 1;
            versions.add(read.manifest().version());
            assertThat(read.manifest().contentHash()).isEqualTo(old ? first.contentHash() : second.contentHash());
            assertThat(sourcesOf(read, Domain.A, Split.TRAIN)).isEqualTo(old ? List.of("a.png", "b.png") : List.of("b.png", "c.png"));
            assertThat(sourcesOf(read, Domain.B, Split.TEST)).isEqualTo(old ? List.of() : List.of("d.png"));

            PrepResult next = prepFrom(from, dying, "--mirror");

            assertThat(next.contentHash()).isEqualTo(second.contentHash());
            assertThat(hashes(output)).as("after " + changes + " changes").isEqualTo(whole);
            assertThat(siblingsOfOutput()).containsExactlyInAnyOrder("copy", "grows", "in put ü");
        }
        assertThat(versions).isSorted().startsWith(1, 1, 1).endsWith(2).hasSizeGreaterThan(20);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.sorted().toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }
}
