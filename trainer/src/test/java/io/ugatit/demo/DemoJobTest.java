package io.ugatit.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.ugatit.cli.Ugatit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo as a user runs it, with fewer steps. */
@Tag("slow")
class DemoJobTest {
    @TempDir
    private Path parent;
    private Path folder;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    /** Folders of users have spaces in their names. */
    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createDirectory(parent.resolve("a demo"));
    }

    @BeforeEach
    void runSparkHere() {
        System.setProperty("spark.master", "local[2]");
    }

    @AfterEach
    void forgetSpark() {
        System.clearProperty("spark.master");
    }

    private int demo() {
        return Ugatit.run(new String[] {"demo", "--output", folder.toString(), "--steps", "10"}, new PrintStream(out, true),
                new PrintStream(err, true));
    }

    private String text(ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8);
    }

    @Test
    void turnsTheImagesThatShipIntoATranslatorAndAReportAndGoesOnWhereItWas() throws IOException {
        assertThat(demo()).as(text(err)).isZero();
        assertThat(text(err)).isEmpty();
        Path report = folder.resolve("run/report.html");
        assertThat(text(out).lines()).last().isEqualTo("report " + report);
        assertThat(text(out)).contains("prep found trainA 376, testA 240, trainB 381, testB 240 files").contains("trained 10 steps")
                .contains("translated 480 test images");
        assertThat(names("a2b")).hasSize(240).isEqualTo(names("images/testA"));
        assertThat(names("b2a")).hasSize(240);
        assertThat(metrics()).hasSize(20);
        String html = Files.readString(report);
        assertThat(html).contains("data:image/png;base64,").contains("<svg").contains("translate");

        // a second start makes no step and says so
        assertThat(Files.deleteIfExists(report)).isTrue();
        out.reset();
        assertThat(demo()).as(text(err)).isZero();
        assertThat(text(out)).contains("has all of its 10 steps").doesNotContain("trained 10 steps").doesNotContain("prep found");
        assertThat(report).isRegularFile();
        assertThat(metrics()).hasSize(20);
    }

    @Test
    void refusesANumberOfStepsThatMakesNoTraining() {
        assertThat(Ugatit.run(new String[] {"demo", "--output", folder.toString(), "--steps", "0"}, new PrintStream(out, true),
                new PrintStream(err, true))).isEqualTo(2);
        assertThat(text(err)).isEqualTo("--steps is 0: must be from 1 to 1000000\n");
        assertThat(folder).isEmptyDirectory();
    }

    /** Images of a folder without their format, heatmaps left out, sorted. */
    private List<String> names(String of) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve(of))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("[^.]+\\.(png|jpg)")).map(name -> name.replaceAll("\\..*", "")).sorted().toList();
        }
    }

    private List<String> metrics() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("run/metrics"))) {
            List<String> rows = new ArrayList<>();
            for (Path file : files.filter(path -> path.toString().endsWith(".jsonl")).toList()) {
                rows.addAll(Files.readAllLines(file));
            }
            return rows;
        }
    }
}
