package io.ugatit.notebook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.cluster.TrainResult;
import io.ugatit.dataset.Domain;
import io.ugatit.dataset.ImageDataset;
import io.ugatit.dataset.Split;
import io.ugatit.evaluate.EvaluateResult;
import io.ugatit.translate.TranslateResult;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every cell of the notebooks compiles against the library and does what it is there for, with few steps. In the order of the notebooks,
 * since later ones use what earlier ones made.
 */
@Tag("slow")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class NotebooksTest {
    private static final int STEPS = 20;
    private static final Pattern IMAGE = Pattern.compile("src=\"data:image/([a-z+]+);base64,([^\"]+)\"");
    /** What submit/ugatit would give; and names that tests may use. */
    private static final Map<String, String> PROPERTIES = Map.of("spark.master", "local[2]", "spark.ui.enabled", "false",
            "spark.app.name", "notebooks", "spark.driver.host", "localhost", "spark.driver.bindAddress", "127.0.0.1",
            "ugatit.notebooks.steps", "" + STEPS);

    @TempDir
    static Path shared;

    @BeforeAll
    static void settings() {
        PROPERTIES.forEach(System::setProperty);
    }

    @AfterAll
    static void clear() {
        PROPERTIES.keySet().forEach(System::clearProperty);
        System.clearProperty("ugatit.notebooks");
    }

    @Test
    @Order(1)
    void theDataSetIsCountedListedAndShown() throws IOException {
        try (Session notebook = new Session("1-look-at-a-data-set", shared)) {
            ImageDataset data = (ImageDataset) notebook.shell.variable("data");
            assertThat(data.count(Domain.A, Split.TRAIN)).isEqualTo(376);
            assertThat(notebook.html(0)).contains("trainA", ">376<", "64 x 64", "testB", ">240<");
            assertThat(notebook.html(1)).contains("trainA/half of santa.jpg", "cut-off JPEG",
                    "the same bytes as trainA/1f385.jpg", "notes.txt");
            for (int sheet = 2; sheet <= 3; sheet++) {
                assertThat(images(notebook.html(sheet))).hasSize(20).allMatch(image -> image.getWidth() == 64 && image.getHeight() == 64);
            }
            assertThat(notebook.printed()).contains("|     A|train|  376|");
        }
    }

    @Test
    @Order(2)
    void theTrainingIsShownByLossesSamplesAndRho() throws IOException {
        try (Session notebook = new Session("2-watch-a-training", shared)) {
            TrainResult trained = (TrainResult) notebook.shell.variable("trained");
            assertThat(trained.stepsNow()).isEqualTo(STEPS);
            assertThat(trained.images()).isEqualTo(STEPS * 2 * 2);
            assertThat(svg(notebook.html(0))).contains("Discriminator", "Cycle", "Identity", "Class activation (CAM)", "domain B",
                    "Learning rate").doesNotContain("No values");
            assertThat(images(notebook.html(1))).hasSize(4 * 4);
            // a checkpoint a round of 5 steps
            assertThat(notebook.html(2)).contains("<th style=\"text-align:center\">5</th>", ">20</th>");
            assertThat(images(notebook.html(2))).hasSize(3 * (1 + STEPS / 5)).allMatch(image -> image.getWidth() == 64);
            assertThat(images(notebook.html(3))).hasSize(3 * (1 + STEPS / 5));
            assertThat(svg(notebook.html(4))).contains("AdaLIN, A to B", "LIN, A to B", "AdaLIN, B to A", "block 1", "layer 2");
            assertThat(notebook.printed()).contains("report.html shows " + 2 * STEPS + " rows of metrics and samples of 4 steps");
            assertThat(shared.resolve("first-run/report.html")).isNotEmptyFile();
        }
    }

    @Test
    @Order(3)
    void imagesAreTranslatedByANotebookThatFindsNoRun(@TempDir Path own) throws IOException {
        Files.createSymbolicLink(own.resolve("dataset"), shared.resolve("dataset"));
        Files.createSymbolicLink(own.resolve("images"), shared.resolve("images"));
        try (Session notebook = new Session("3-translate-images", own)) {
            assertThat(((TranslateResult) notebook.shell.variable("result")).translated()).isEqualTo(6);
            assertThat(notebook.html(0)).contains("source</th>", "attention</th>", "translation</th>", "1f478.jpg, attention");
            assertThat(images(notebook.html(0))).hasSize(6 * 3).allMatch(image -> image.getWidth() == 64 && image.getHeight() == 64);
            assertThat(own.resolve("translated/1f478.heatmap.png")).isNotEmptyFile();
            assertThat(notebook.printed()).contains("6 translated, 0 that could not be read");
        }
    }

    @Test
    @Order(4)
    void twoRunsAreComparedByOptionsLossesSamplesAndDistances() throws IOException {
        try (Session notebook = new Session("4-compare-two-runs", shared)) {
            assertThat(notebook.html(0)).contains(">rate 1e-3<", ">0.001<", ">1.0E-4<").doesNotContain("seed");
            assertThat(svg(notebook.html(1))).contains("Discriminator", "rate 1e-3", "rate 1e-4").doesNotContain("domain A");
            assertThat(images(notebook.html(2))).hasSize(6 * 3);
            EvaluateResult scores = (EvaluateResult) notebook.shell.variable("scores");
            assertThat(scores.step()).isEqualTo(STEPS / 4);
            assertThat(scores.imagesA()).isEqualTo(100);
            assertThat(notebook.html(3)).contains("rate 1e-3", "untranslated", "KID, A to B").doesNotContain("NaN");
        }
    }

    @Test
    @Order(5)
    void twoWorkersAverageAndTheirMetricsAreRead() throws IOException {
        try (Session notebook = new Session("5-train-on-a-cluster", shared)) {
            TrainResult trained = (TrainResult) notebook.shell.variable("trained");
            assertThat(trained.stepsNow()).isEqualTo(STEPS / 4);
            assertThat(trained.images()).isEqualTo(STEPS / 4 * 2 * 2);
            assertThat(notebook.printed()).contains("5 steps of each worker, 20 images", "|     0|    5|", "|     1|    5|");
            assertThat(svg(notebook.html(0))).contains("Cycle", "domain A");
            assertThat(SparkSession.getDefaultSession().isEmpty()).as("its last cell gave Spark back").isTrue();
        }
    }

    @Test
    void aCellThatDoesNotCompileIsNamed() {
        try (NotebookShell shell = new NotebookShell()) {
            assertThatThrownBy(() -> shell.run("int steps = 1;\nint more = step + 1;")).isInstanceOf(AssertionError.class)
                    .hasMessageContaining("int more = step + 1;\ndoes not compile").hasMessageContaining("step");
            assertThatThrownBy(() -> shell.run("List.of().get(0)")).hasMessageContaining("IndexOutOfBoundsException");
            assertThat(shell.run("steps + 1")).contains(2);
        }
    }

    private static List<BufferedImage> images(String html) throws IOException {
        List<BufferedImage> images = new ArrayList<>();
        for (Matcher image = IMAGE.matcher(html); image.find();) {
            assertThat(image.group(1)).isEqualTo("jpeg");
            images.add(ImageIO.read(new ByteArrayInputStream(Base64.getDecoder().decode(image.group(2)))));
        }
        return images;
    }

    private static String svg(String html) {
        Matcher image = IMAGE.matcher(html);
        assertThat(image.find()).as(html).isTrue();
        assertThat(image.group(1)).isEqualTo("svg+xml");
        return new String(Base64.getDecoder().decode(image.group(2)), StandardCharsets.UTF_8);
    }

    /** A notebook that has run from top to bottom. */
    private static final class Session implements AutoCloseable {
        final NotebookShell shell = new NotebookShell();
        private final List<String> html = new ArrayList<>();
        private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

        Session(String name, Path work) throws IOException {
            System.setProperty("ugatit.notebooks", work.toString());
            Notebook notebook = Notebook.read(Notebook.folder().resolve(name + ".ipynb"));
            PrintStream before = System.out;
            PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
            System.setOut(out);
            try {
                // Spark prints tables through Scala's console, which keeps the stream that it met first
                scala.Console.withOut(out, () -> {
                    notebook.code().forEach(this::run);
                    return null;
                });
            } finally {
                System.setOut(before);
            }
        }

        private void run(Notebook.CodeCell cell) {
            shell.run(cell.source()).ifPresent(value -> {
                assertThat(value).as("what a cell shows is HTML: " + cell.source()).isInstanceOf(String.class);
                html.add((String) value);
            });
        }

        /** What the cells have shown, without those that show nothing. */
        String html(int index) {
            return html.get(index);
        }

        String printed() {
            return printed.toString(StandardCharsets.UTF_8);
        }

        @Override
        public void close() {
            shell.close();
            SparkSession.builder().getOrCreate().stop();
        }
    }
}
