package io.ugatit.translate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.ugatit.checkpoint.ImportJob;
import io.ugatit.checkpoint.ImportOptions;
import io.ugatit.golden.Golden;
import io.ugatit.golden.GoldenWeights;
import io.ugatit.image.Fit;
import io.ugatit.image.ImageDecoder;
import io.ugatit.image.ImageEncoder;
import io.ugatit.image.RgbImage;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import io.ugatit.model.GeneratorPass;
import io.ugatit.model.Network;
import io.ugatit.model.UgatitGraph;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

@Tag("slow")
class TranslateJobTest {
    private static final int SIZE = 64;
    @TempDir
    private static Path shared;
    private static String weights;
    private static SparkSession spark;

    @TempDir
    private Path folder;
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @BeforeAll
    static void start() throws IOException {
        weights = GoldenWeights.write(shared.resolve("light.safetensors"), GoldenWeights.tensors("light"));
        spark = session(2);
    }

    private static SparkSession session(int cores) {
        return SparkSession.builder().master("local[" + cores + "]").appName("translate").config("spark.ui.enabled", "false").getOrCreate();
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    private Path input() {
        return folder.resolve("in");
    }

    private Path output() {
        return folder.resolve("out");
    }

    private TranslateOptions options(boolean heatmaps, boolean overwrite) {
        return new TranslateOptions(null, weights, Direction.A2B, input().toString(), output().toString(), ImageEncoder.PNG, heatmaps, overwrite,
                SIZE, Fit.STRETCH);
    }

    private TranslateResult translate(TranslateOptions options) {
        return new TranslateJob(spark, options, new PrintStream(printed, true, StandardCharsets.UTF_8)).run();
    }

    private TranslateResult translate() {
        return translate(options(false, false));
    }

    private void assertRefused(TranslateOptions options, String message) {
        assertThatThrownBy(() -> translate(options)).isInstanceOf(InvalidRequestException.class).hasMessage(message);
    }

    private void addImage(String name, RgbImage image) throws IOException {
        Path file = input().resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, ImageEncoder.PNG.encode(image));
    }

    private void addImages(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            addImage("image-" + i + ".png", noise(i));
        }
    }

    private static RgbImage noise(int seed) {
        byte[] pixels = new byte[3 * SIZE * SIZE];
        new Random(seed).nextBytes(pixels);
        return new RgbImage(SIZE, SIZE, pixels);
    }

    /** An image (1,3,S,S), as far as 8 bits hold it. */
    private static RgbImage pixels(INDArray image) {
        float[] planes = image.data().asFloat();
        byte[] rgb = new byte[planes.length];
        int plane = SIZE * SIZE;
        for (int i = 0; i < plane; i++) {
            for (int c = 0; c < 3; c++) {
                rgb[3 * i + c] = (byte) Math.max(0, Math.min(255, Math.round((planes[c * plane + i] + 1) * 127.5f)));
            }
        }
        return new RgbImage(SIZE, SIZE, rgb);
    }

    private static RgbImage decode(Path file) throws IOException {
        return new ImageDecoder().decode(Files.readAllBytes(file));
    }

    /** Relative paths and contents of all files that are not hidden. */
    private Map<String, byte[]> outputs() throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> walk = Files.walk(output())) {
            for (Path file : walk.filter(Files::isRegularFile).toList()) {
                String name = output().relativize(file).toString();
                if (!name.startsWith("_") && !name.startsWith(".")) {
                    files.put(output().relativize(file).toString(), Files.readAllBytes(file));
                }
            }
        }
        return files;
    }

    @Test
    void aTranslationIsTheReferencesWithinOneLevel() throws Exception {
        for (String name : List.of("light", "full")) {
            try (Golden reference = new Golden(name)) {
                String file = GoldenWeights.write(folder.resolve(name + ".safetensors"), GoldenWeights.tensors(name));
                RgbImage image = pixels(reference.image("b", 1));
                addImage("golden.png", image);
                Path out = folder.resolve("out-" + name);
                translate(new TranslateOptions(null, file, Direction.B2A, input().toString(), out.toString(), ImageEncoder.PNG, false, false,
                        name.equals("light") ? SIZE : null, Fit.STRETCH));

                UgatitGraph graph = reference.graph(DataType.FLOAT);
                INDArray in = graph.compute().pool().take(1, 3, SIZE, SIZE);
                for (int i = 0; i < 3 * SIZE * SIZE; i++) {
                    int c = i / (SIZE * SIZE);
                    int pixel = i % (SIZE * SIZE);
                    in.putScalar(new int[] {0, c, pixel / SIZE, pixel % SIZE}, Byte.toUnsignedInt(image.pixels()[3 * pixel + c]) / 127.5 - 1);
                }
                GeneratorPass pass = graph.generator(Network.GEN_B2A).forward(in, false);
                // what 8 bits take from the input moves the output less than a few levels
                assertThat(pass.image().sub(reference.tensor("forward.genB2A.image")).normmaxNumber().doubleValue()).isLessThan(0.05);
                float[] expected = pass.image().dup().data().asFloat();
                byte[] actual = decode(out.resolve("golden.png")).pixels();
                for (int i = 0; i < expected.length; i++) {
                    int level = Byte.toUnsignedInt(actual[3 * (i % (SIZE * SIZE)) + i / (SIZE * SIZE)]);
                    assertThat((double) level).isCloseTo((expected[i] + 1) * 127.5, within(1.0));
                }
            }
        }
    }

    @Test
    void bytesDoNotDependOnTheNumberOfCores() throws Exception {
        addImages(9);
        translate(options(true, false));
        Map<String, byte[]> two = outputs();
        spark.stop();
        spark = session(1);
        translate(options(true, true));
        Map<String, byte[]> one = outputs();
        spark.stop();
        spark = session(2);
        assertThat(one.keySet()).hasSize(19).isEqualTo(two.keySet());
        one.forEach((name, bytes) -> assertThat(bytes).as(name).isEqualTo(two.get(name)));
    }

    @Test
    void aRunTranslatesAsItsWeightsDo() throws Exception {
        addImages(1);
        new ImportJob(new Configuration(), new ImportOptions(weights, folder.resolve("run").toString(), SIZE)).run();
        TranslateResult result = translate(new TranslateOptions(folder.resolve("run").toString(), null, Direction.A2B, input().toString(),
                folder.resolve("of-run").toString(), ImageEncoder.PNG, false, false, null, Fit.STRETCH));
        translate();
        assertThat(result.model()).endsWith("run/checkpoints/step-00000000/parameters.safetensors");
        assertThat(folder.resolve("of-run/image-0.png")).hasSameBinaryContentAs(output().resolve("image-0.png"));
    }

    @Test
    void imagesOfAnySizeAndAnyNameComeOutAtTheNetworksSizeUnderTheSamePaths() throws Exception {
        addImage("deep/er/ünï côdé 猫 #1%.png", new RgbImage(100, 30, new byte[9000]));
        addImage("with:colon.png", noise(1));
        TranslateResult result = translate(new TranslateOptions(null, weights, Direction.A2B, input().toString(), output().toString(),
                ImageEncoder.JPEG, false, false, SIZE, Fit.PAD));
        assertThat(result.translated()).isEqualTo(2);
        assertThat(outputs()).containsOnlyKeys("deep/er/ünï côdé 猫 #1%.jpg", "with:colon.jpg", "rejected.jsonl");
        RgbImage translation = decode(output().resolve("deep/er/ünï côdé 猫 #1%.jpg"));
        assertThat(translation.width()).isEqualTo(SIZE);
        assertThat(translation.height()).isEqualTo(SIZE);
    }

    @Test
    void filesThatAreNoImagesAreListedAndTheJobGoesOn() throws Exception {
        addImages(2);
        Files.writeString(input().resolve("broken.png"), "no image");
        Files.writeString(input().resolve("notes.txt"), "some words");
        Files.writeString(input().resolve("IMG_1"), "\0\0\0\40ftypavif\0\0\0\0avifmif1");
        Files.writeString(input().resolve(".hidden.png"), "hidden");
        TranslateResult result = translate();
        assertThat(List.of(result.translated(), result.skipped(), result.rejected(), result.notImages(), result.hidden()))
                .containsExactly(2L, 0L, 2L, 1L, 1L);
        assertThat(Files.readAllLines(output().resolve("rejected.jsonl"))).containsExactly(
                "{\"source\":\".hidden.png\",\"kind\":\"hidden\",\"reason\":\"hidden: its name begins with a dot\"}",
                "{\"source\":\"IMG_1\",\"kind\":\"rejected\",\"reason\":\"AVIF images cannot be decoded: convert them to JPEG, PNG or WebP, "
                        + "for example with magick mogrify -format png *.avif\"}",
                "{\"source\":\"broken.png\",\"kind\":\"rejected\",\"reason\":\"not a JPEG, PNG, GIF, BMP, WebP or TIFF image\"}",
                "{\"source\":\"notes.txt\",\"kind\":\"not-an-image\",\"reason\":\"neither its name nor its first bytes are those of an image\"}");
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("translate 5/5 images");
    }

    @Test
    void whatIsNoFileIsCountedWithItsReasonAndCamerasNamesAreKept() throws Exception {
        addImages(1);
        addImage("_DSC1000.png", noise(1));
        addImage("_x/_MG_1234.png", noise(2));
        Files.createSymbolicLink(input().resolve("l1"), Path.of("."));
        Files.createSymbolicLink(input().resolve("l2"), Path.of("_x"));
        Files.createSymbolicLink(input().resolve("lost.png"), Path.of("gone.png"));
        assertThat(new ProcessBuilder("mkfifo", input().resolve("pipe.jpg").toString()).start().waitFor()).isZero();

        TranslateResult result = translate();

        assertThat(outputs()).containsOnlyKeys("image-0.png", "rejected.jsonl");
        assertThat(output().resolve("_DSC1000.png")).exists();
        assertThat(output().resolve("_x/_MG_1234.png")).exists();
        assertThat(List.of(result.translated(), result.links(), result.noRegularFiles(), result.hidden())).containsExactly(3L, 3L, 1L, 0L);
        List<String> expected = List.of(
                "{\"source\":\"l1\",\"kind\":\"link\",\"reason\":\"a link back to a folder that it lies in\"}",
                "{\"source\":\"l2\",\"kind\":\"link\",\"reason\":\"the same folder as _x, which is read\"}",
                "{\"source\":\"lost.png\",\"kind\":\"link\",\"reason\":\"a link to nothing: gone.png\"}",
                "{\"source\":\"pipe.jpg\",\"kind\":\"no-regular-file\",\"reason\":\"no regular file but a pipe, a socket or a device\"}");
        assertThat(Files.readAllLines(output().resolve("rejected.jsonl"))).isEqualTo(expected);
        TranslateResult again = translate();
        assertThat(List.of(again.translated(), again.skipped(), again.links(), again.noRegularFiles())).containsExactly(0L, 3L, 3L, 1L);
        assertThat(Files.readAllLines(output().resolve("rejected.jsonl"))).isEqualTo(expected);
    }

    @Test
    void whatMayNotBeReadIsARejectWithItsReason() throws Exception {
        addImages(2);
        addImage("denied.png", noise(3));
        addImage("denied folder/unseen.png", noise(4));
        spark.sparkContext().hadoopConfiguration().set("fs.guarded.impl", GuardedFileSystem.class.getName());

        TranslateResult result = translate(new TranslateOptions(null, weights, Direction.A2B, "guarded:" + input(), output().toString(),
                ImageEncoder.PNG, false, false, SIZE, Fit.STRETCH));

        assertThat(List.of(result.translated(), result.rejected())).containsExactly(2L, 2L);
        assertThat(Files.readAllLines(output().resolve("rejected.jsonl"))).containsExactly(
                "{\"source\":\"denied folder\",\"kind\":\"rejected\",\"reason\":\"no permission to list this folder\"}",
                "{\"source\":\"denied.png\",\"kind\":\"rejected\",\"reason\":\"no permission to read it\"}");
    }

    @Test
    void aJobFailsIfNothingCanBeTranslated() throws Exception {
        Files.createDirectories(input());
        Files.writeString(input().resolve("broken.png"), "no image");
        assertThatThrownBy(this::translate).isInstanceOf(JobFailedException.class).hasMessage("none of the 1 files in " + input()
                + " could be translated; the first, broken.png: not a JPEG, PNG, GIF, BMP, WebP or TIFF image");
    }

    @Test
    void heatmapsAreGrayAndSpanAllLevels() throws Exception {
        addImages(1);
        translate(options(true, false));
        byte[] pixels = decode(output().resolve("image-0.heatmap.png")).pixels();
        int min = 255;
        int max = 0;
        for (int i = 0; i < pixels.length; i += 3) {
            assertThat(pixels[i]).isEqualTo(pixels[i + 1]).isEqualTo(pixels[i + 2]);
            min = Math.min(min, Byte.toUnsignedInt(pixels[i]));
            max = Math.max(max, Byte.toUnsignedInt(pixels[i]));
        }
        assertThat(pixels).hasSize(3 * SIZE * SIZE);
        assertThat(max - min).isGreaterThan(150);
    }

    @Test
    void aJobThatWasKilledGoesOnWithWhatIsMissing() throws Exception {
        addImages(3);
        translate();
        Map<String, byte[]> whole = outputs();
        Files.delete(output().resolve("image-1.png"));
        Files.writeString(output().resolve(".tmp-image-1.png-1234"), "half an im");
        FileTime before = Files.getLastModifiedTime(output().resolve("image-0.png"));
        TranslateResult result = translate();
        assertThat(result.translated()).isEqualTo(1);
        assertThat(result.skipped()).isEqualTo(2);
        assertThat(outputs()).containsOnlyKeys(whole.keySet());
        assertThat(outputs().get("image-1.png")).isEqualTo(whole.get("image-1.png"));
        assertThat(Files.getLastModifiedTime(output().resolve("image-0.png"))).isEqualTo(before);
    }

    /** Replaces an image by another one, as {@code cp -p} does. */
    private void replace(String name, RgbImage image, FileTime time) throws IOException {
        addImage(name, image);
        Files.setLastModifiedTime(input().resolve(name), time);
    }

    @Test
    void anImageThatWasReplacedIsTranslatedAgainWhateverItsTime() throws Exception {
        addImages(4);
        FileTime time = Files.getLastModifiedTime(input().resolve("image-0.png"));
        for (int i = 0; i < 4; i++) {
            Files.setLastModifiedTime(input().resolve("image-" + i + ".png"), time);
        }
        translate();
        Map<String, byte[]> before = outputs();
        replace("image-1.png", noise(11), FileTime.fromMillis(1_000_000_000_000L));
        replace("image-2.png", new RgbImage(SIZE, SIZE, new byte[3 * SIZE * SIZE]), time); // of another length
        replace("image-3.png", noise(13), FileTime.fromMillis(System.currentTimeMillis() + 1_000_000));
        TranslateResult result = translate();
        assertThat(List.of(result.translated(), result.skipped())).containsExactly(3L, 1L);
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains(
                "3 images were replaced since they were translated: they are translated again");
        Map<String, byte[]> after = outputs();
        assertThat(after.get("image-0.png")).isEqualTo(before.get("image-0.png"));
        for (int i = 1; i < 4; i++) {
            assertThat(after.get("image-" + i + ".png")).isNotEqualTo(before.get("image-" + i + ".png"));
        }
        assertThat(translate().skipped()).isEqualTo(4);
    }

    @Test
    void aTranslationThatWasNotLoggedBeforeAKillIsMadeAgain() throws Exception {
        addImages(3);
        translate();
        try (Stream<Path> logs = Files.walk(output()).filter(file -> file.getFileName().toString().equals("task-00001.jsonl"))) {
            Files.delete(logs.findFirst().orElseThrow());
        }
        assertThat(translate().translated()).isEqualTo(1);
        assertThat(translate().translated()).isZero();
    }

    @Test
    void translationsOfImagesThatAreGoneStayAndAreSaid() throws Exception {
        addImages(3);
        translate();
        byte[] of = outputs().get("image-1.png");
        Files.delete(input().resolve("image-1.png"));
        addImage("new.png", noise(9));
        assertThat(translate().translated()).isEqualTo(1);
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("1 translations are of images that are no longer there: they stay");
        assertThat(outputs().get("image-1.png")).isEqualTo(of);
        assertThat(translate().translated()).isZero();
    }

    @Test
    void aNameThatLeavesNoRoomForMoreIsTranslatedAndOneThatCannotBeWrittenIsAReject() throws Exception {
        String longest = "ä".repeat(125) + "a.png"; // 255 bytes
        addImage(longest, noise(1));
        addImage("deep/" + "b".repeat(251) + ".jpg", noise(2));
        String name = "c".repeat(255);
        addImage(name, noise(3));
        TranslateResult result = translate();
        assertThat(List.of(result.translated(), result.rejected())).containsExactly(2L, 1L);
        assertThat(Files.readString(output().resolve("rejected.jsonl"))).isEqualTo("{\"source\":\"" + name
                + "\",\"kind\":\"rejected\",\"reason\":\"the name " + name + ".png has 259 bytes, the file system allows 255\"}\n");
        assertThat(outputs()).containsKeys(longest, "deep/" + "b".repeat(251) + ".png");
    }

    @Test
    void pathsThatAreNoneAreNamedWithTheirOption() throws Exception {
        addImages(1);
        TranslateOptions good = options(false, false);
        assertRefused(new TranslateOptions(null, weights, Direction.A2B, "a:b", good.output(), ImageEncoder.PNG, false, false, SIZE, Fit.STRETCH),
                "--input is a:b: what stands before a colon counts as a scheme; if it is a name, write ./a:b or the whole path");
        Path file = input().resolve("image-0.png");
        assertRefused(new TranslateOptions(null, weights, Direction.A2B, good.input(), file + "/out", ImageEncoder.PNG, false, false, SIZE,
                Fit.STRETCH), "--output is " + file + "/out: file:" + file + " is a file, must be a folder");
        assertRefused(new TranslateOptions(null, "foo://w", Direction.A2B, good.input(), good.output(), ImageEncoder.PNG, false, false, SIZE,
                Fit.STRETCH), "--weights is foo://w: no file system is known for it, expected a path of file, hdfs or one that is installed");
    }

    @Test
    void overwriteTranslatesAllAgain() throws Exception {
        addImages(2);
        translate();
        Files.writeString(output().resolve("image-1.png"), "spoiled");
        assertThat(translate(options(false, true)).translated()).isEqualTo(2);
        assertThat(decode(output().resolve("image-1.png")).width()).isEqualTo(SIZE);
    }

    @Test
    void translationsMadeWithSomethingElseAreNotMixed() throws Exception {
        addImages(1);
        translate();
        assertRefused(new TranslateOptions(null, weights, Direction.B2A, input().toString(), output().toString(), ImageEncoder.PNG, false, false,
                SIZE, Fit.STRETCH), "--output is file:" + output()
                + ": its translations were made with direction a2b, not b2a; choose another --output, or --overwrite to translate all again");
    }

    @Test
    void aFolderWithOtherFilesIsNotWrittenTo() throws Exception {
        addImages(1);
        Files.createDirectories(output());
        Files.writeString(output().resolve("image-0.png"), "precious");
        assertRefused(options(false, false), "--output is file:" + output()
                + ": holds files that are no translations; choose another --output, or --overwrite to write among them");
        assertThat(output().resolve("image-0.png")).hasContent("precious");
    }

    @Test
    void anInputThatIsMissingOrEmptyIsRefused() throws Exception {
        assertRefused(options(false, false), "--input is file:" + input() + ": there is no such folder");
        Files.createDirectories(input());
        assertRefused(options(false, false), "--input is file:" + input() + ": holds no images (JPEG, PNG, GIF, BMP, WebP, TIFF)");
        Files.writeString(input().resolve(".hidden.png"), "hidden");
        assertRefused(options(false, false), "--input is file:" + input() + ": holds no images (JPEG, PNG, GIF, BMP, WebP, TIFF); left out are "
                + ".hidden.png (hidden: its name begins with a dot)");
        assertThat(output()).doesNotExist();
    }

    @Test
    void anOutputInsideTheInputIsRefused() throws Exception {
        addImages(1);
        assertRefused(new TranslateOptions(null, weights, Direction.A2B, input().toString(), input().resolve("sub").toString(), ImageEncoder.PNG,
                false, false, SIZE, Fit.STRETCH), "--output is file:" + input().resolve("sub") + ": must be outside --input file:" + input()
                + " and not around it");
    }

    @Test
    void aModelThatIsNoneIsRefusedBeforeAnythingIsWritten() throws Exception {
        addImages(1);
        Map<String, INDArray> tensors = GoldenWeights.tensors("light");
        tensors.get("genA2B.conv1x1.bias").putScalar(0, Float.POSITIVE_INFINITY);
        weights = GoldenWeights.write(folder.resolve("infinite.safetensors"), tensors);
        assertRefused(options(false, false), "file:" + weights
                + ": tensor \"genA2B.conv1x1.bias\" holds values that are infinite or not a number");
        tensors.remove("genA2B.conv1x1.bias");
        weights = GoldenWeights.write(folder.resolve("missing.safetensors"), tensors);
        assertRefused(options(false, false), "file:" + weights + ": tensor \"genA2B.conv1x1.bias\" is missing, expected with shape ["
                + tensors.get("genA2B.conv1x1.weight").size(0) + "]");
        weights = shared.resolve("light.safetensors").toString();
        assertThat(output()).doesNotExist();
    }

    @Test
    void aGeneratorAloneIsEnough() throws Exception {
        addImages(1);
        Map<String, INDArray> tensors = GoldenWeights.tensors("light");
        tensors.keySet().removeIf(name -> !name.startsWith("genA2B."));
        String alone = GoldenWeights.write(folder.resolve("alone.safetensors"), tensors);
        assertThat(translate(new TranslateOptions(null, alone, Direction.A2B, input().toString(), output().toString(), ImageEncoder.PNG, false,
                false, SIZE, Fit.STRETCH)).translated()).isEqualTo(1);
        assertRefused(new TranslateOptions(null, alone, Direction.B2A, input().toString(), folder.resolve("other").toString(), ImageEncoder.PNG,
                false, false, SIZE, Fit.STRETCH), "file:" + alone + ": holds no genB2A, which is needed to translate in this direction;"
                + " it holds genA2B");
    }

    @Test
    void dataParallelsModuleInFrontOfNamesMakesNoDifference() throws Exception {
        addImages(1);
        Map<String, INDArray> wrapped = new TreeMap<>();
        GoldenWeights.tensors("light").forEach((name, tensor) -> wrapped.put(name.replaceFirst("\\.", ".module."), tensor));
        String file = GoldenWeights.write(folder.resolve("wrapped.safetensors"), wrapped);
        translate();
        translate(new TranslateOptions(null, file, Direction.A2B, input().toString(), folder.resolve("wrapped").toString(), ImageEncoder.PNG,
                false, false, SIZE, Fit.STRETCH));
        assertThat(folder.resolve("wrapped/image-0.png")).hasSameBinaryContentAs(output().resolve("image-0.png"));
    }

    @Test
    void aRunWithoutAWholeCheckpointIsRefused() throws Exception {
        addImages(1);
        Path run = folder.resolve("run");
        TranslateOptions options = new TranslateOptions(run.toString(), null, Direction.A2B, input().toString(), output().toString(),
                ImageEncoder.PNG, false, false, null, Fit.STRETCH);
        assertRefused(options, "file:" + run + ": is not a run, it has no config.json");
        new ImportJob(new Configuration(), new ImportOptions(weights, run.toString(), SIZE)).run();
        Path parameters = run.resolve("checkpoints/step-00000000/parameters.safetensors");
        byte[] bytes = Files.readAllBytes(parameters);
        bytes[bytes.length - 1] ^= 1;
        Files.write(parameters, bytes);
        assertRefused(options, "--run is file:" + run + ": has no whole checkpoint: The checkpoint file:" + parameters.getParent()
                + " is damaged and skipped: parameters.safetensors does not match its sha256");
        assertThat(output()).doesNotExist();
    }

    @AfterEach
    void nothingUnfinishedIsLeft() throws IOException {
        if (Files.exists(output())) {
            try (Stream<Path> walk = Files.walk(output())) {
                assertThat(walk.map(path -> path.getFileName().toString())).noneMatch(name -> name.startsWith(".tmp-"));
            }
        }
    }
}
