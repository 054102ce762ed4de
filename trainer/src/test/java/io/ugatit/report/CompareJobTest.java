package io.ugatit.report;

import static io.ugatit.report.PageElements.attributes;
import static io.ugatit.report.PageElements.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

class CompareJobTest {
    @TempDir
    Path folder;

    private static ReportOptions options(String... words) {
        return Options.parse(ReportOptions.class, words);
    }

    private Document compare(Path... runs) throws Exception {
        List<String> words = new ArrayList<>(List.of("--output", folder.resolve("page.html").toString(), "--compare"));
        for (Path run : runs) {
            words.add(run.toString());
        }
        org.apache.hadoop.fs.Path page = new CompareJob(new Configuration(), options(words.toArray(String[]::new))).run();
        assertThat(page.getName()).isEqualTo("page.html");
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(folder.resolve("page.html").toFile());
    }

    @Test
    void runsAreShownSideBySideWithWhatTheyCameToAndWhereTheyDiffer() throws Exception {
        Document page = compare(ShownRun.write(folder.resolve("fast"), 1e-3), ShownRun.write(folder.resolve("slow"), 1e-4));

        assertThat(texts(page, "h1")).containsExactly("2 runs");
        assertThat(texts(page, "h2")).containsExactly("What they came to", "Samples", "Translations over the training", "Losses",
                "Speed and memory", "Options that differ");
        assertThat(texts(page, "tr")).contains("fast2002008.88.80.0075 (random-conv)20050 s1.2G", "slow2002000.7820.7820.0075 (random-conv)20050 s1.2G", "training.lr0.0011.0E-4");
        assertThat(attributes(page, "svg", "aria-label")).contains("KID; fast from 0.03 to 0.0075, least 0.0075; slow from 0.03 to 0.0075,"
                + " least 0.0075", "Throughput; fast from 30 to 40, least 30; slow from 30 to 40, least 30");
        assertThat(attributes(page, "img", "alt")).contains("cat.jpg", "cat.jpg, fast", "cat.jpg, slow", "dog.jpg, slow");
        assertThat(attributes(page, "input", "class")).containsExactly("scale to-linear", "scale to-logarithmic");
    }

    @Test
    void aRunWithoutSamplesEvaluationsAndMetricsIsComparedAllTheSame() throws Exception {
        Path empty = Files.createDirectories(folder.resolve("empty"));
        Files.writeString(empty.resolve("config.json"), "{}");
        Document page = compare(ShownRun.write(folder.resolve("whole"), 1e-3), empty);

        assertThat(texts(page, "p")).contains("The newest translations of the same test images; without samples: empty.");
        assertThat(texts(page, "tr")).contains("empty0–––––––");
    }

    @Test
    void distancesOfOtherFeaturesAreNotDrawnInOneChart() throws Exception {
        Path other = ShownRun.write(folder.resolve("other"), 1e-3);
        Path evaluations = other.resolve("metrics/evaluations.jsonl");
        Files.writeString(evaluations, Files.readString(evaluations).replace("random-conv", "inception"));
        Document page = compare(ShownRun.write(folder.resolve("one"), 1e-3), other);

        assertThat(texts(page, "p")).contains("Of the test images, by random-conv, the lower the better. Not drawn, since judged by other"
                + " features or images: other.");
    }

    @Test
    void runsOfOneNameAreToldApartByTheirPaths() throws Exception {
        Path one = ShownRun.write(folder.resolve("a/run"), 1e-3);
        Path two = ShownRun.write(folder.resolve("b/run"), 1e-3);
        Document page = compare(one, two);

        assertThat(texts(page, "p")).contains(one + ", " + two + ".", "All are the same.");
    }

    @Test
    void workspacesWhosePromotedRunsHaveOneNameAreToldApart() throws Exception {
        for (String workspace : List.of("cats", "dogs")) {
            ShownRun.write(folder.resolve(workspace + "/runs/0003"), 1e-3);
            Files.writeString(folder.resolve(workspace + "/PROMOTED"), "0003\n");
        }
        Document page = compare(folder.resolve("cats"), folder.resolve("dogs"));

        assertThat(texts(page, "h1")).containsExactly("2 runs");
        assertThat(texts(page, "p")).contains(folder.resolve("cats") + ", " + folder.resolve("dogs") + ".");
    }

    @Test
    void withoutOutputThePageIsInTheFirstRunsFolder() throws Exception {
        Path one = ShownRun.write(folder.resolve("one"), 1e-3);
        Path two = ShownRun.write(folder.resolve("two"), 1e-3);
        new CompareJob(new Configuration(), options("--compare", one.toString(), two.toString())).run();

        assertThat(one.resolve("comparison.html")).isRegularFile();
    }

    @Test
    void wrongRequestsAreRefusedWithWhatWouldBeRight() throws IOException {
        assertThatThrownBy(() -> options()).isInstanceOf(InvalidRequestException.class)
                .hasMessage("give --run RUN for the report of one run, or --compare RUN RUN... for several side by side");
        assertThatThrownBy(() -> options("--compare", "a")).hasMessage("--compare names 1 run: must be 2 to 8");
        assertThatThrownBy(() -> options("--compare", "1", "2", "3", "4", "5", "6", "7", "8", "9"))
                .hasMessage("--compare names 9 runs: must be 2 to 8");
        assertThatThrownBy(() -> options("--compare", "a", "b", "a")).hasMessage("--compare names a twice");
        assertThatThrownBy(() -> options("--compare", "a", "b", "--run", "c"))
                .hasMessage("--run and --compare ask for two pages: give one of them; of --compare all runs");
        assertThatThrownBy(() -> options("--run", "c", "--output", "d"))
                .hasMessage("--output is for --compare: with --run the page is report.html in the run's folder");
        Path run = ShownRun.write(folder.resolve("one"), 1e-3);
        ReportOptions none = options("--compare", run.toString(), folder.resolve("none").toString());
        assertThatThrownBy(() -> new CompareJob(new Configuration(), none).run()).isInstanceOf(InvalidRequestException.class)
                .hasMessageMatching("--compare .*/none has no config.json; it must name the folder of a training run");
        ReportOptions twice = options("--compare", run.toString(), run + "/");
        assertThatThrownBy(() -> new CompareJob(new Configuration(), twice).run()).hasMessage("--compare names " + run + "/ twice");
    }
}
