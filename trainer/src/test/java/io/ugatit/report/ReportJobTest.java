package io.ugatit.report;

import static io.ugatit.report.PageElements.attributes;
import static io.ugatit.report.PageElements.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.publish.Unfinished;
import io.ugatit.report.chart.Curve;
import io.ugatit.report.curves.Metrics;
import io.ugatit.report.curves.MetricsReader;
import io.ugatit.report.sample.SampleIndex;
import io.ugatit.report.sample.SampleWriter;
import io.ugatit.report.sample.Samples;
import java.io.BufferedWriter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

class ReportJobTest {
    private static final String LOSSES = "\"lr\":1e-4,\"d_a\":1,\"d_b\":2,\"g_adv_a\":1,\"g_cycle_a\":1,\"g_identity_a\":1,\"g_cam_a\":1,"
            + "\"g_adv_b\":1,\"g_cycle_b\":1,\"g_identity_b\":1,\"g_cam_b\":1,\"d_total\":3,\"g_total\":8";

    @TempDir
    Path folder;

    private Path run;

    @BeforeEach
    void makeARun() throws IOException {
        run = Files.createDirectories(folder.resolve("night-7"));
        write("config.json", "{\"data\":\"/data/people2dogs\",\"size\":64,\"steps\":1000,\"batch\":2,\"full\":false,\"lr\":1.0E-4}");
    }

    @Test
    void whatEvaluationsFoundWhileItWasTrainedIsDrawnAndTheBestStepNamed() throws Exception {
        String images = "\"dataset\":\"d\",";
        write("metrics/evaluations.jsonl", "{\"step\":100,\"extractor\":\"thumbnail\"," + images + "\"kid_a2b\":9,\"kid_b2a\":9}\n"
                + "{\"step\":1000,\"extractor\":\"random-conv\"," + images + "\"kid_a2b\":0.02,\"kid_b2a\":0.03}\n"
                + "{\"step\":2000,\"extractor\":\"random-conv\"," + images + "\"kid_a2b\":0.01,\"kid_b2a\":0.02}\n"
                + "{\"step\":3000,\"extractor\":\"random-conv\"," + images + "\"kid_a2b\":0.015,\"kid_b2a\":0.03}\n");
        report();
        Document page = parse();
        assertThat(texts(page, "h2")).contains("Translations over the training");
        assertThat(texts(page, "p")).contains("Of the test images, by random-conv, the lower the better; not comparable with published figures. The best checkpoint is that of step"
                + " 2,000, with a sum of 0.03.");
        assertThat(attributes(page, "svg", "aria-label")).containsExactly(
                "KID; sum from 0.05 to 0.045, least 0.03; A to B from 0.02 to 0.015, least 0.01; B to A from 0.03 to 0.03, least 0.02");
    }

    @Test
    void whatAKilledReportLeftADayAgoGoesAndWhatAnotherIsWritingStays() throws IOException {
        Path old = run.resolve(".tmp-" + UUID.randomUUID());
        write(old.getFileName().toString(), "half a page");
        Unfinished.letDaysPass(FileSystem.getLocal(new Configuration()), new org.apache.hadoop.fs.Path(run.toUri()));
        Path young = run.resolve(".tmp-" + UUID.randomUUID());
        write(young.getFileName().toString(), "half a page");

        report();

        assertThat(old).doesNotExist();
        assertThat(young).hasContent("half a page");
    }

    @Test
    void aFinishedRunIsShownWhole() throws Exception {
        write("metrics/steps-00000001-00000002.jsonl", row(1, 0, "") + row(1, 1, "") + row(2, 0, ""));
        write("timings.json", "{\"prep\":12.5,\"train\":725}");
        write("evaluation/step-00000002.json", "{\"extractor\":\"inception\",\"a2b\":{\"kid\":0.123}}");
        samples(1, "cat.jpg");
        samples(2, "cat.jpg");

        ReportResult result = report();

        assertThat(result.metricRows()).isEqualTo(3);
        assertThat(result.lastStep()).isEqualTo(2);
        assertThat(result.sampleSteps()).isEqualTo(2);
        assertThat(Path.of(result.report().toUri())).isEqualTo(run.resolve("report.html"));
        Document page = parse();
        assertThat(texts(page, "h1")).containsExactly("night-7");
        assertThat(page.getElementsByTagName("p").item(1).getTextContent()).isEqualTo("Trained 2 of 1,000 steps on people2dogs "
                + "(64 px, light, 2 workers). Last losses: discriminator 3, generator 8.");
        assertThat(attributes(page, "img", "alt"))
                .contains("Source of cat.jpg, A to B", "Attention of cat.jpg, A to B", "Translation of dog.jpg, B to A",
                        "Back again of dog.jpg, B to A", "cat.jpg after step 1", "dog.jpg after step 2")
                .hasSize(2 * 4 + 2 * 3);
        assertThat(attributes(page, "img", "src")).allMatch(source -> source.startsWith("data:image/"));
        assertThat(attributes(page, "svg", "class").stream().distinct()).containsExactly("chart linear", "chart logarithmic");
        assertThat(attributes(page, "svg", "aria-label").stream().distinct()).containsExactly(
                "Discriminator; domain A from 1 to 1, least 1; domain B from 2 to 2, least 2",
                "Generator, adversarial; domain A from 1 to 1, least 1; domain B from 1 to 1, least 1",
                "Cycle; domain A from 1 to 1, least 1; domain B from 1 to 1, least 1",
                "Identity; domain A from 1 to 1, least 1; domain B from 1 to 1, least 1",
                "Class activation (CAM); domain A from 1 to 1, least 1; domain B from 1 to 1, least 1",
                "Learning rate; rate from 1e-4 to 1e-4, least 1e-4");
        assertThat(texts(page, "td")).contains("12 min 5 s", "0.123", "/data/people2dogs");
        assertThat(texts(page, "th")).contains("a2b.kid", "train", "lr");
    }

    @Test
    void speedRhoAndProvenanceAreShownIfTheRunTellsThem() throws Exception {
        write("config.json", "{\"training\":{\"images\":\"0abc\",\"data-version\":3},\"job\":{\"data\":\"/data/cats\"}}");
        write("rounds/rounds-00000010-00000020.jsonl", round(10, 2, 0.5, 40, 1 << 30) + round(20, 2, 0.1, 50, 3 << 29));
        String what = "\"program\":\"0.2.0 (code 1f)\",\"java\":\"17.0.9+9\",\"spark\":\"3.5.5\",\"master\":\"local[2]\",\"kernels\":"
                + "[\"onednn+vector256\"],\"devices\":[\"the CPU\"]";
        write("rounds/starts.jsonl", "{\"step\":0,\"time\":\"2026-01-02T03:04:05Z\",\"hosts\":[\"one\"]," + what + "}\n"
                + "{\"step\":10,\"time\":\"2026-01-02T04:04:05Z\",\"hosts\":[\"one\",\"two\"]," + what + "}\n");
        report();

        Document page = parse();
        assertThat(attributes(page, "svg", "aria-label")).containsExactly(
                "AdaLIN, A to B; block 1.1 from 0.9 to 0.8, least 0.8",
                "LIN, B to A; layer 1 from 0 to 0.1, least 0",
                "Throughput; run from 40 to 50, least 40",
                "Averaging; run from 25 to 5, least 5",
                "Memory; run from 1.07G to 1.61G, least 1.07G");
        assertThat(texts(page, "td")).contains("ugatit-spark 0.2.0 (code 1f)", "0abc", "3", "/data/cats", "one, two", "onednn+vector256",
                "3.5.5, master local[2]", "4 s in 2 rounds", "2026-01-02T03:04:05Z after step 0, 2026-01-02T04:04:05Z after step 10");
    }

    private static String round(int step, double seconds, double averaging, double rate, long bytes) {
        return String.format(Locale.ROOT, "{\"step\":%d,\"time\":\"2026-01-02T03:04:%02dZ\",\"seconds\":%s,\"averaging_seconds\":%s,"
                + "\"images_per_second\":%s,\"peak_bytes\":%d,\"rho\":{\"genA2B.UpBlock1_1.norm1.rho\":%s,\"genB2A.UpBlock2.2.rho\":%s}}%n",
                step, step, seconds, averaging, rate, bytes, 1 - step / 100.0, (step - 10) / 100.0);
    }

    @Test
    void aDamagedRowOfARoundIsNamed() throws Exception {
        write("rounds/rounds-00000010-00000010.jsonl", round(10, 2, 0.5, 40, 1).replace("2026-01-02T", ""));

        assertThatThrownBy(this::report).isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("rounds: the row of step 10 is damaged: Text '03:04:10Z' could not be parsed");
    }

    @Test
    void errorsOfDistancesAreDrawnAsBarsAndTheBestStepAsALine() throws Exception {
        write("metrics/evaluations.jsonl", "{\"step\":100,\"extractor\":\"x\",\"dataset\":\"d\",\"kid_a2b\":0.03,\"kid_b2a\":0.03,"
                + "\"kid_error_a2b\":0.01,\"kid_error_b2a\":0.01}\n"
                + "{\"step\":200,\"extractor\":\"x\",\"dataset\":\"d\",\"kid_a2b\":0.01,\"kid_b2a\":0.01}\n");
        report();

        Document page = parse();
        assertThat(attributes(page, "path", "class")).contains("line error a", "line error b", "line error rate", "mark");
        List<String> paths = attributes(page, "path", "d");
        // 44 to 390 across for steps 100 to 200, 8 to 196 down for 0.0741 (0.06 + 0.0141) to 0, with 5 % above
        assertThat(paths.get(attributes(page, "path", "class").indexOf("mark"))).isEqualTo("M390 8V196");
        assertThat(paths.get(attributes(page, "path", "class").indexOf("line error a"))).isEqualTo("M44 147.7V99.4");
        assertThat(texts(page, "p")).anyMatch(text -> text.endsWith("with a sum of 0.02; bars are standard errors."));
    }

    @Test
    void aRunThatHasNotBegunIsReportedAsSuch() throws Exception {
        ReportResult result = report();

        assertThat(result.metricRows()).isZero();
        assertThat(texts(parse(), "p")).contains("This run has no samples yet.", "This run has no metrics yet.",
                "Not trained yet on people2dogs (64 px, light).");
    }

    @Test
    void thePageReachesForNothingOutside() throws Exception {
        samples(1, "cat.jpg");
        report();

        String html = Files.readString(run.resolve("report.html"));
        assertThat(html).doesNotContain("<link", "@import", "href=", "<script ").containsOnlyOnce("<script>")
                .contains("content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-");
        assertThat(html.replace("http://www.w3.org/1999/xhtml", "").replace("http://www.w3.org/2000/svg", "")).doesNotContain("http:", "https:");
    }

    @Test
    void hostileNamesAndValuesStayText() throws Exception {
        String hostile = "<script>alert(\"1\")</script>&'\u0001";
        write("config.json", "{\"<b>name\":\"<script>alert(\\\"1\\\")</script>&'\\u0001\",\"data\":\"<i>x\"}");
        write("evaluation/<img src=x>.json", "{\"<u>\":\"]]>\"}");
        samples(1, hostile);
        report();

        Document page = parse();
        assertThat(texts(page, "script")).singleElement().asString().contains("querySelectorAll('.direction')");
        assertThat(texts(page, "th")).contains("<b>name", "<u>", "<img src=x>", hostile.replace('\u0001', '\ufffd'));
        assertThat(texts(page, "td")).contains(hostile.replace('\u0001', '\ufffd'), "]]>");
        assertThat(attributes(page, "img", "alt")).contains("Source of " + hostile.replace('\u0001', '\ufffd') + ", A to B");
    }

    @Test
    void aDamagedMetricsLineIsNamedAndAnEarlierReportStays() throws Exception {
        write("report.html", "earlier");
        write("metrics/steps-00000001-00000002.jsonl", row(1, 0, "") + "{\"step\":2,\"worker\"\n");

        assertThatThrownBy(this::report).isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("steps-00000001-00000002.jsonl:2");
        assertThat(Files.readString(run.resolve("report.html"))).isEqualTo("earlier");
    }

    @Test
    void aLossThatIsNoNumberIsNamed() throws Exception {
        write("metrics/steps-00000001-00000001.jsonl", "{\"step\":1,\"worker\":3,\"d_a\":\"many\"}\n");

        assertThatThrownBy(this::report).isInstanceOf(InvalidRequestException.class)
                .hasMessageEndingWith("metrics: the row of step 1 and worker 3 is damaged: d_a is not a number");
    }

    @Test
    void aDivergedRunIsReported() throws Exception {
        write("metrics/steps-00000001-00000002.jsonl",
                row(1, 0, "") + "{\"step\":2,\"worker\":0,\"d_a\":\"NaN\",\"d_b\":null,\"g_adv_a\":\"Infinity\"}\n");
        report();

        assertThat(texts(parse(), "p")).anyMatch(text -> text.endsWith("3 values were not finite and are left out: the training diverged."));
    }

    @Test
    void aHundredThousandRowsBecomeSmallCurvesOfTheRightValues() throws Exception {
        Path file = Files.createDirectories(run.resolve("metrics")).resolve("steps-00000001-00050000.jsonl");
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (int step = 1; step <= 50_000; step++) {
                for (int worker = 0; worker < 2; worker++) {
                    out.write("{\"step\":" + step + ",\"worker\":" + worker + ",\"d_a\":" + (step + worker) + "}\n");
                }
            }
        }

        Metrics metrics = MetricsReader.read(
                new RunDirectory(new Configuration(), new org.apache.hadoop.fs.Path(run.toUri())), ReportJob.MOST_POINTS);

        assertThat(metrics.rows()).isEqualTo(100_000);
        assertThat(metrics.workers()).isEqualTo(2);
        assertThat(metrics.stepsPerPoint()).isEqualTo(64);
        assertThat(metrics.last()).containsOnly(Map.entry("d_a", 50_000.5));
        Curve curve = metrics.curves().get("d_a");
        assertThat(curve.values()).hasSize(782);
        for (int i = 0; i < curve.values().length; i++) {
            assertThat(curve.values()[i]).isEqualTo(curve.steps()[i] + 0.5);
        }
    }

    @Test
    void anEarlierReportIsReplacedAndTheSameRunGivesTheSameBytes() throws Exception {
        samples(1, "cat.jpg");
        report();
        byte[] first = Files.readAllBytes(run.resolve("report.html"));
        report();

        assertThat(Files.readAllBytes(run.resolve("report.html"))).isEqualTo(first);
        try (Stream<Path> files = Files.list(run)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder("config.json", "samples", "report.html");
        }
    }

    @Test
    void theStripShowsTenStepsAndSaysWhichWereNotDrawn() throws Exception {
        for (int step = 1; step <= 19; step++) {
            samples(step, step < 5 ? "old.jpg" : "cat.jpg");
        }
        report();

        Document page = parse();
        assertThat(texts(page, "th")).containsSubsequence("1", "3", "5", "7", "9", "11", "13", "15", "17", "19").doesNotContain("2");
        assertThat(texts(page, "span").stream().filter("not drawn"::equals)).hasSize(2);
    }

    @Test
    void aFolderThatIsNoRunIsRefused() {
        assertThatThrownBy(() -> report(folder.resolve("none"))).isInstanceOf(InvalidRequestException.class)
                .hasMessageMatching("--run .*none/? has no config.json; it must name the folder of a training run");
        assertThatThrownBy(() -> report(folder)).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> ReportOptions.of(" ")).hasMessage("--run is empty; it must name a run folder");
        assertThat(folder.toFile().list()).containsExactly("night-7");
    }

    @Test
    void damagedSamplesAreNamed() throws Exception {
        samples(1, "cat.jpg");
        Files.write(run.resolve("samples/step-00000001-b2a.png"), new byte[] {1, 2, 3});
        assertThatThrownBy(this::report).isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("step-00000001-b2a.png is not a readable PNG");

        samples(1, "cat.jpg");
        Files.copy(run.resolve("samples/step-00000001-a2b.png"), run.resolve("samples/step-00000002-a2b.png"));
        write("samples/step-00000002.json", Files.readString(run.resolve("samples/step-00000001.json"))
                .replace("\"step\" : 1", "\"step\" : 2").replace("\"cat.jpg\"", "\"cat.jpg\", \"more.jpg\""));
        assertThatThrownBy(this::report).isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("step-00000002-a2b.png has 792 x 192 pixels; its index says 792 x 392");

        write("samples/step-00000002.json", "{\"step\":-1}");
        assertThatThrownBy(this::report).isInstanceOf(InvalidRequestException.class)
                .hasMessageEndingWith("step-00000002.json is not an index of samples: step is -1; it must be 0 or more");
    }

    @Test
    void filesTooLargeAreNotRead() throws Exception {
        write("timings.json", " ".repeat((1 << 20) + 1));

        assertThatThrownBy(this::report).isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("timings.json has 1048577 bytes; a file of its kind has at most 1048576");
    }

    @Test
    void samplesAreReadBackAsWritten() throws Exception {
        RunDirectory directory = new RunDirectory(new Configuration(), new org.apache.hadoop.fs.Path(run.toUri()));
        SampleIndex written = SampleWriter.write(directory, 30, Samples.rows(64, "x", "y"), Samples.rows(64, "z"));
        SampleWriter.write(directory, 4, Samples.rows(64, "x"), Samples.rows(64, "z"));

        List<SampleIndex> read = SampleIndex.readAll(directory);
        assertThat(read).hasSize(2).last().isEqualTo(written);
        assertThat(read.get(0).step()).isEqualTo(4);
        assertThat(Files.exists(run.resolve("samples/step-00000030-a2b.png"))).isTrue();
        assertThat(Files.readString(run.resolve("samples/step-00000030.json"))).contains("\"a2b\" : [ \"x\", \"y\" ]");
    }

    private void samples(long step, String name) throws IOException {
        SampleWriter.write(new RunDirectory(new Configuration(), new org.apache.hadoop.fs.Path(run.toUri())), step,
                Samples.rows(64, name), Samples.rows(64, "dog.jpg"));
    }

    private ReportResult report() {
        return report(run);
    }

    private static ReportResult report(Path path) {
        return new ReportJob(new Configuration(), ReportOptions.of(path.toUri().toString())).run();
    }

    private void write(String name, String content) throws IOException {
        Files.createDirectories(run.resolve(name).getParent());
        Files.writeString(run.resolve(name), content);
    }

    private static String row(int step, int worker, String more) {
        return String.format(Locale.ROOT, "{\"step\":%d,\"worker\":%d,%s%s}%n", step, worker, LOSSES, more);
    }

    private Document parse() throws Exception {
        byte[] html = Files.readString(run.resolve("report.html")).getBytes(StandardCharsets.UTF_8);
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new ByteArrayInputStream(html));
    }
}
