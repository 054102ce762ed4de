package io.ugatit.report.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.dataset.Domain;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.report.OptionTable;
import io.ugatit.report.markup.ImageTable;
import io.ugatit.report.markup.ImageTable.Tile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunPicturesTest {
    private static final int RED = 0xff0000;
    private static final int GREEN = 0x00ff00;
    private static final int BLUE = 0x0000ff;

    @TempDir
    Path folder;
    private RunDirectory first;
    private RunDirectory second;

    @BeforeEach
    void makeTwoRuns() throws IOException {
        first = run("first", "{\"lr\":1.0E-4,\"seed\":1,\"network\":{\"ch\":16}}");
        second = run("second", "{\"lr\":0.001,\"seed\":1,\"network\":{\"ch\":16},\"keep\":3}");
        SampleWriter.write(first, 5, Samples.rows(64, "cat", "dog"), Samples.rows(64, "owl"));
        SampleWriter.write(first, 10, Samples.rows(64, "cat", "cow"), Samples.rows(64, "owl"));
        SampleWriter.write(second, 7, Samples.rows(64, "cat"), Samples.rows(64, "owl"));
    }

    @Test
    void theNewestSamplesAreShownInFourColumns() {
        ImageTable table = SampleStrips.newest(first, Domain.A, 9);

        assertThat(table.headings()).containsExactly("source", "attention", "translation", "back-translation");
        assertThat(table.rows()).hasSize(2);
        assertThat(table.rows().get(1)).extracting(Tile::name).startsWith("cow, source", "cow, attention");
        assertThat(List.of(colour(table, 0, 0), colour(table, 0, 2), colour(table, 0, 3))).containsExactly(RED, GREEN, BLUE);
        assertThat(SampleStrips.newest(first, Domain.B, 9).rows()).hasSize(1);
        assertThat(SampleStrips.newest(first, Domain.A, 1).rows()).hasSize(1);
    }

    @Test
    void overTheStepsASampleThatWasNotDrawnIsNamedSo() {
        ImageTable table = SampleStrips.overSteps(first, Domain.A, 9);

        assertThat(table.headings()).containsExactly("source", "5", "10");
        assertThat(table.rows().get(0)).extracting(Tile::name).containsExactly("cat", "cat, after step 5", "cat, after step 10");
        assertThat(table.rows().get(1).get(1)).isEqualTo(Tile.none("not drawn"));
        assertThat(List.of(colour(table, 0, 0), colour(table, 0, 1), colour(table, 1, 2))).containsExactly(RED, GREEN, GREEN);
    }

    @Test
    void runsAreShownOnTheFirstOnesImages() {
        ImageTable table = SampleStrips.acrossRuns(both(), Domain.A, 9);

        assertThat(table.headings()).containsExactly("source", "one", "two");
        assertThat(table.rows().get(0)).extracting(Tile::name).containsExactly("cat", "cat, one", "cat, two");
        assertThat(table.rows().get(1).get(2)).isEqualTo(Tile.none("not drawn"));
    }

    @Test
    void aRunWithoutSamplesIsNamed() throws IOException {
        RunDirectory none = run("none", "{}");

        assertThatThrownBy(() -> SampleStrips.newest(none, Domain.A, 1)).isInstanceOf(InvalidRequestException.class)
                .hasMessageEndingWith("none has no samples yet: train draws them at every checkpoint, unless --samples is 0");
    }

    @Test
    void anIndexThatHoldsNullIsNamed() throws IOException {
        Path index = folder.resolve("first/samples/step-00000010.json");
        String text = Files.readString(index);
        Files.writeString(index, "null");
        assertThatThrownBy(() -> SampleIndex.readAll(first)).isInstanceOf(InvalidRequestException.class)
                .hasMessageEndingWith("step-00000010.json is not an index of samples: it holds null");
        Files.writeString(index, text.replace("\"owl\"", "null"));
        assertThatThrownBy(() -> SampleIndex.readAll(first)).isInstanceOf(InvalidRequestException.class)
                .hasMessageEndingWith("step-00000010.json is not an index of samples: images has a row without a name for b2a");
    }

    @Test
    void onlyTheOptionsInWhichRunsDifferAreListed() {
        assertThat(OptionTable.differences(both()).rows()).containsExactly(List.of("lr", "1.0E-4", "0.001"), List.of("keep", "–", "3"));
        assertThat(OptionTable.differences(both()).headings()).containsExactly("option", "one", "two");
    }

    @Test
    void aFolderThatIsNoRunCannotBeOpened() {
        assertThat(RunDirectory.open(folder.resolve("first").toString(), new Configuration()).readConfig().path("seed").asInt()).isEqualTo(1);
        assertThatThrownBy(() -> RunDirectory.open(folder.toString(), new Configuration())).isInstanceOf(InvalidRequestException.class)
                .hasMessage("--run " + folder + " has no config.json; it must name the folder of a training run");
    }

    private Map<String, RunDirectory> both() {
        Map<String, RunDirectory> runs = new LinkedHashMap<>();
        runs.put("one", first);
        runs.put("two", second);
        return runs;
    }

    private RunDirectory run(String name, String config) throws IOException {
        Path run = Files.createDirectories(folder.resolve(name));
        Files.writeString(run.resolve("config.json"), config);
        return new RunDirectory(new Configuration(), new org.apache.hadoop.fs.Path(run.toString()));
    }

    private static int colour(ImageTable table, int row, int column) {
        byte[] pixels = table.rows().get(row).get(column).image().orElseThrow().pixels();
        return (pixels[0] & 0xff) << 16 | (pixels[1] & 0xff) << 8 | pixels[2] & 0xff;
    }
}
