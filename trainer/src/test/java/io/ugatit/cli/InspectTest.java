package io.ugatit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ugatit.cluster.SmallTraining;
import io.ugatit.image.ImageEncoder;
import io.ugatit.image.Resize;
import io.ugatit.image.RgbImage;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command inspect as a user gives it, on images of several formats. */
class InspectTest {
    private static final String FIRST_FORMAT = Path.of("../data-prep/src/test/resources/io/ugatit/dataset/first-format").toAbsolutePath()
            .normalize().toString();

    @TempDir
    private static Path folder;
    private static SparkSession spark;
    private static String data;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeAll
    static void prepare() throws IOException {
        spark = SmallTraining.session("local[1]");
        Path input = folder.resolve("images");
        for (int i = 0; i < 12; i++) {
            draw(input.resolve("trainA/" + i + ".png"), i, 40, 30, 60);
            draw(input.resolve("trainB/" + i + ".jpg"), i, 20, 50, 200);
        }
        draw(input.resolve("testA/0.png"), 50, 40, 30, 60);
        ImageIO.write(new BufferedImage(64, 48, BufferedImage.TYPE_BYTE_GRAY), "bmp", input.resolve("trainA/gray <1>.bmp").toFile());
        byte[] whole = Files.readAllBytes(input.resolve("trainB/3.jpg"));
        Files.write(input.resolve("trainB/copy.jpg"), whole);
        Files.write(input.resolve("trainB/cut.jpg"), Arrays.copyOf(whole, whole.length / 2));
        Files.writeString(input.resolve("trainA/notes.txt"), "dark ones");
        data = folder.resolve("data set").toString();
        String[] prep = {"prep", "--input", input.toString(), "--output", data, "--size", "32", "--store", "png", "--max-rejects", "0.5"};
        PrintStream nowhere = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        assertThat(Ugatit.run(prep, nowhere, System.err)).isZero();
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    private static void draw(Path file, int seed, int width, int height, int brightest) throws IOException {
        byte[] few = new byte[3 * 4 * 4];
        Random random = new Random(seed);
        for (int i = 0; i < few.length; i++) {
            few[i] = (byte) random.nextInt(brightest);
        }
        Files.createDirectories(file.getParent());
        RgbImage image = Resize.bilinear(new RgbImage(4, 4, few), width, height);
        Files.write(file, (file.toString().endsWith("png") ? ImageEncoder.PNG : ImageEncoder.JPEG).encode(image));
    }

    private List<String> inspect(String... more) {
        out.reset();
        String[] words = Stream.concat(Stream.of("inspect"), Stream.of(more)).toArray(String[]::new);
        assertThat(status(words)).as(err.toString(StandardCharsets.UTF_8)).isZero();
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private int status(String... words) {
        err.reset();
        return Ugatit.run(words, new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private String error() {
        return err.toString(StandardCharsets.UTF_8).strip();
    }

    @Test
    void tablesTellWhatIsStoredAndWhatItWas() {
        List<String> lines = inspect("--data", data);

        assertThat(lines.get(0)).isEqualTo("data set file:" + data + ": version 1, format 2, stored as png, fitted by stretch");
        assertThat(lines).anyMatch(line -> line.matches("  trainA +13 +36 x 36 +png +[\\d.]+ +[\\d.]+ +1"))
                .anyMatch(line -> line.matches("  trainB +12 +36 x 36 +png +[\\d.]+ +[\\d.]+ +2"))
                .anyMatch(line -> line.matches("  testA +1 +32 x 32 +png +[\\d.]+ +[\\d.]+ +0"));
        assertThat(lines).as("sizes: least, quartiles, greatest, stored, enlarged")
                .anyMatch(line -> line.matches("  trainA +40 x 30 +40 x 30 +40 x 30 +40 x 30 +64 x 48 +36 x 36 +12"))
                .anyMatch(line -> line.matches("  trainB +20 x 50 +20 x 50 +20 x 50 +20 x 50 +20 x 50 +36 x 36 +12"));
        assertThat(lines).as("formats and modes of trainA, trainB, testA")
                .anyMatch(line -> line.matches("  format BMP +1"))
                .anyMatch(line -> line.matches("  format JPEG +12"))
                .anyMatch(line -> line.matches("  format PNG +12 +1"))
                .anyMatch(line -> line.matches("  mode L +1"))
                .anyMatch(line -> line.matches("  mode RGB +12 +12 +1"));
        assertThat(lines)
                .anyMatch(line -> line.matches("  rejected +1 +damaged or cut-off JPEG: .* +trainB/cut.jpg"))
                .anyMatch(line -> line.matches("  not an image +1 .* +trainA/notes.txt"))
                .anyMatch(line -> line.matches("  duplicate +1 +the same bytes as … +trainB/copy.jpg"));
        assertThat(lines).anyMatch(line -> line.matches("note: A is [67]\\d levels of 255 darker than B: mean brightness [23]\\d against 9\\d\\."));
    }

    @Test
    void thePageHoldsEverythingInOneFile() throws Exception {
        Path output = folder.resolve("page");
        List<String> lines = inspect("--data", data, "--output", output.toString());

        Path page = output.resolve("dataset.html");
        assertThat(lines.get(lines.size() - 1)).isEqualTo("page file:" + page);
        String html = Files.readString(page);
        assertThat(DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(page.toFile()).getElementsByTagName("img").getLength())
                .as("tiles, in well-formed XML").isEqualTo(13 + 12 + 1);
        assertThat(html).contains("<h1>data set</h1>", "13 images of A and 12 of B to train on, 1 and 0 to judge by; version 1, stored as png.",
                        "levels of 255 darker than B", "aria-label=\"Brightness, train; trainA from 0 to 0", "trainB/cut.jpg",
                        "title=\"gray &lt;1&gt;.bmp\"", "40 x 30")
                .doesNotContain("<script", "<link", "src=\"http");
        BufferedImage sheet = ImageIO.read(output.resolve("contact-sheet.png").toFile());
        assertThat(sheet.getWidth()).isEqualTo(12 * 100 + 4);
        assertThat(sheet.getHeight()).as("2 + 1 + 1 rows, with space between the parts").isEqualTo(4 * 100 + 4 + 2 * 28);

        byte[] first = Files.readAllBytes(page);
        inspect("--data", data, "--output", output.toString());
        assertThat(page).as("written again").hasBinaryContent(first);
    }

    @Test
    void imagesThatLookLikeThoseToJudgeByAreOneReason() throws IOException {
        Path input = folder.resolve("near");
        for (int i = 0; i < 3; i++) {
            draw(input.resolve("trainA/" + i + ".png"), i, 40, 30, 250);
            draw(input.resolve("trainB/" + i + ".png"), 10 + i, 40, 30, 250);
        }
        for (int i = 0; i < 2; i++) {
            byte[] few = new byte[3 * 12 * 12]; // smoother ones look like nothing
            new Random(20 + i).nextBytes(few);
            byte[] same = ImageEncoder.PNG.encode(Resize.bilinear(new RgbImage(12, 12, few), 64, 64));
            Files.createDirectories(input.resolve("testA"));
            Files.write(input.resolve("testA/like\n" + i + ".png"), same);
            Files.write(input.resolve("trainA/near " + i + ".png"), Arrays.copyOf(same, same.length + 1));
        }
        String[] prep = {"prep", "--input", input.toString(), "--output", folder.resolve("without near").toString(), "--size", "32",
            "--near-duplicates", "drop"};
        assertThat(status(prep)).as(error()).isZero();

        List<String> lines = inspect("--data", folder.resolve("without near").toString());

        assertThat(lines).anyMatch(line -> line.matches("  trainA +3 +36 x 36 +raw +[\\d.]+ +[\\d.]+ +2"))
                .anyMatch(line -> line.matches("  near duplicate +2 +looks like …, which is there to judge by: # of # bits differ +trainA/near 0.png,"
                        + " trainA/near 1.png"));
    }

    @Test
    void jsonIsTheLastLine() throws IOException {
        List<String> lines = inspect("--data", data, "--json");

        JsonNode json = new ObjectMapper().readTree(lines.get(lines.size() - 1));
        assertThat(json.get("store").asText()).isEqualTo("png");
        assertThat(json.get("version").asInt()).isEqualTo(1);
        assertThat(json.get("parts")).extracting(part -> part.get("part").asText()).containsExactly("trainA", "trainB", "testA");
        JsonNode sources = json.get("parts").get(0).get("sources");
        assertThat(sources.get("images").asInt()).isEqualTo(13);
        assertThat(sources.get("formats").toString()).isEqualTo("{\"PNG\":12,\"BMP\":1}");
        assertThat(sources.get("width").get("max").asInt()).isEqualTo(64);
        assertThat(sources.get("enlarged").asInt()).isEqualTo(12);
        assertThat(sources.get("brightness").get("min").asDouble()).as("of the black bitmap").isZero();
        assertThat(sources.get("histogram")).hasSize(32);
        assertThat(json.get("left_out")).extracting(group -> group.get("kind").asText()).containsExactly("rejected", "not-an-image", "duplicate");
        assertThat(json.get("differences").get(0).asText()).contains("darker than B");
    }

    @Test
    void aDataSetOfTheFirstFormatSaysWhatItDoesNotTell() throws IOException {
        Path output = folder.resolve("old");
        List<String> lines = inspect("--data", FIRST_FORMAT, "--output", output.toString());

        String missing = "Sizes, formats and modes of the sources, brightness and colours are not known of this data set: it was made by a"
                + " version that did not store them; prepare it again to see them.";
        assertThat(lines).contains(missing).noneMatch(line -> line.contains("brightness, mean"))
                .anyMatch(line -> line.matches("  trainA +3 +18 x 18 +raw .*"));
        assertThat(Files.readString(output.resolve("dataset.html"))).contains(missing, "title=\"2.png\"").doesNotContain("<svg");
    }

    @Test
    void whatCannotBeInspectedIsOneLine() throws IOException {
        String nowhere = folder.resolve("nowhere").toString();
        assertThat(status("inspect", "--data", nowhere)).isEqualTo(2);
        assertThat(error()).isEqualTo(nowhere + " is not a dataset: there is no manifest.json in it; make one with the prep command's --output "
                + nowhere);
        String images = Files.createDirectories(folder.resolve("photos/trainA")).getParent().toString();
        assertThat(status("inspect", "--data", images)).isEqualTo(2);
        assertThat(error()).isEqualTo(images + " is not a dataset: there is no manifest.json in it; make one with the prep command's --output"
                + " DATASET, a new folder");
        assertThat(status("inspect", "--data", data, "--output", data + "/images/page")).isEqualTo(2);
        assertThat(error()).isEqualTo("--output is file:" + data + "/images/page: must be outside the data set, which is left as it is");
        assertThat(status("inspect", "--data", " ")).isEqualTo(2);
        assertThat(error()).isEqualTo("--data is missing: must be a data set");
    }

    @Test
    void aDamagedShardIsNamedAndAnEarlierPageLeftAsItWas() throws IOException {
        Path copy = folder.resolve("damaged");
        copy(Path.of(FIRST_FORMAT), copy);
        Path shard = copy.resolve("images/domain=B/split=train/part-00000.zstd.parquet");
        Files.write(shard, Arrays.copyOf(Files.readAllBytes(shard), 100));
        Path page = Files.createDirectories(folder.resolve("earlier")).resolve("dataset.html");
        Files.writeString(page, "earlier");

        assertThat(status("inspect", "--data", copy.toString(), "--output", page.getParent().toString())).isEqualTo(1);

        assertThat(error()).startsWith("cannot read the shard file:" + shard + " (it has 100 bytes, the manifest says ")
                .endsWith("): if it is damaged, prepare the dataset again");
        assertThat(page).hasContent("earlier");
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }
}
