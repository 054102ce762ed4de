package io.ugatit.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.ugatit.image.ImageDecoder;
import io.ugatit.translate.TranslateJob;
import io.ugatit.translate.TranslateOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** Translations of some images, after those of others. */
final class Translating implements Job {
    @Override
    public void prepare(Place place) throws IOException {
        Runs.publish(place);
        Preparing.images(place, 1);
        run(place);
        Preparing.images(place, 3);
    }

    @Override
    public void run(Place place) {
        translate(place, "--output", "@files", "--heatmaps");
        translate(place, "--output-shards", "@shards", "--part-images", "2");
        translate(place, "--output-table", "@table", "--part-images", "2");
    }

    private static void translate(Place place, String... output) {
        String[] words = new String[output.length + 6];
        System.arraycopy(new String[] {"--run", "@run", "--direction", "a2b", "--input", "@images/testA"}, 0, words, 0, 6);
        System.arraycopy(output, 0, words, 6, output.length);
        new TranslateJob(place.spark(), place.options(TranslateOptions.class, words), Place.NOWHERE).run();
    }

    @Override
    public void read(Place place) throws IOException {
        Runs.requireWhole(place);
        for (int i = 0; i < 3; i++) {
            for (String name : new String[] {i + ".png", i + ".heatmap.png"}) {
                Path file = place.disk().resolve("files").resolve(name);
                assertThat(i > 0 || Files.exists(file)).as(name + " was there before").isTrue();
                if (Files.exists(file)) {
                    assertThat(new ImageDecoder().decode(Files.readAllBytes(file)).width()).isEqualTo(16);
                }
            }
        }
    }

    /** A log's name is random. */
    @Override
    public Pattern leftOut() {
        return Pattern.compile("[a-z]*/(\\.sources-.*|_translation\\.json)");
    }

    /** How translations are divided among shards and parts depends on those that were there before. */
    @Override
    public void add(String name, byte[] content, Contents made) throws IOException {
        if (name.startsWith("shards/") && name.endsWith(".tar")) {
            try (TarArchiveInputStream tar = new TarArchiveInputStream(new ByteArrayInputStream(content))) {
                for (TarArchiveEntry entry = tar.getNextTarEntry(); entry != null; entry = tar.getNextTarEntry()) {
                    made.add("shards/" + entry.getName(), tar.readAllBytes());
                }
            }
        } else if (!name.startsWith("table/")) {
            made.add(name, content);
        }
    }
}
