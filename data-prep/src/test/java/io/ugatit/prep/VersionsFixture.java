package io.ugatit.prep;

import static org.assertj.core.api.Assertions.assertThat;

import io.ugatit.dataset.Domain;
import io.ugatit.dataset.ImageDataset;
import io.ugatit.dataset.ImageReader;
import io.ugatit.dataset.Split;
import io.ugatit.job.Options;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;

/** Prep run again and again onto one data set. */
abstract class VersionsFixture extends PrepFixture {
    final Configuration conf = new Configuration();

    PrepResult prepWith(String... more) {
        return prepTo(output, more);
    }

    PrepResult prepTo(Path to, String... more) {
        return prepFrom(input.toString(), to, more);
    }

    PrepResult prepFrom(String from, Path to, String... more) {
        List<String> words = new ArrayList<>(List.of("--input", from, "--output", to.toString()));
        words.addAll(List.of(more));
        if (!words.contains("--size")) {
            words.addAll(List.of("--size", "32"));
        }
        printed.reset();
        return new PrepJob(spark, Options.parse(PrepOptions.class, words.toArray(String[]::new)),
                new PrintStream(printed, true, StandardCharsets.UTF_8)).run();
    }

    String said() {
        return printed.toString(StandardCharsets.UTF_8);
    }

    /** Content hash and counts are those of preparing all that is in the input now at once, with the same options. */
    void assertAsAtOnce(PrepResult result, String... more) throws IOException {
        Path once = folder.resolve("at once");
        PrepResult atOnce = prepTo(once, more);
        assertThat(result.contentHash()).isEqualTo(atOnce.contentHash());
        assertThat(counts(result)).isEqualTo(counts(atOnce));
        assertThat(Files.readAllLines(output.resolve("rejected.jsonl"))).isEqualTo(Files.readAllLines(once.resolve("rejected.jsonl")));
        deleteAll(once);
    }

    static List<Long> counts(PrepResult result) {
        return List.of(result.trainA(), result.trainB(), result.testA(), result.testB(), result.duplicates(), result.rejected(),
                result.notImages(), result.leaks(), result.hidden(), result.links(), result.noRegularFiles(), result.nearDuplicates());
    }

    static List<Long> news(PrepResult result) {
        return List.of((long) result.version(), result.added(), result.changed(), result.unchanged(), result.vanished());
    }

    static void deleteAll(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            files.sorted((a, b) -> b.compareTo(a)).map(Path::toFile).forEach(File::delete);
        }
    }

    List<String> sourcesOf(ImageDataset dataset, Domain domain, Split split) throws IOException {
        List<String> sources = new ArrayList<>();
        try (ImageReader reader = dataset.reader(domain, split, conf, 0)) {
            for (long i = 0; i < reader.count(); i++) {
                sources.add(reader.read(i).source());
            }
        }
        return sources;
    }
}
