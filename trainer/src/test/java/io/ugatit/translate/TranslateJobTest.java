package io.ugatit.translate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.ugatit.checkpoint.CheckpointStore;
import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.exchange.ImportJob;
import io.ugatit.exchange.ImportOptions;
import io.ugatit.golden.Golden;
import io.ugatit.golden.GoldenWeights;
import io.ugatit.image.Fit;
import io.ugatit.image.ImageDecoder;
import io.ugatit.image.ImageEncoder;
import io.ugatit.image.RgbImage;
import io.ugatit.job.JobFailedException;
import io.ugatit.job.Options;
import io.ugatit.model.Network;
import io.ugatit.model.UgatitGraph;
import io.ugatit.tensor.Compute;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What translate makes of a folder of images. */
@Tag("slow")
class TranslateJobTest extends TranslateFixture {
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
                Compute compute = graph.compute(Network.GEN_B2A);
                INDArray in = Nd4j.create(DataType.FLOAT, 1, 3, SIZE, SIZE);
                for (int i = 0; i < 3 * SIZE * SIZE; i++) {
                    int c = i / (SIZE * SIZE);
                    int pixel = i % (SIZE * SIZE);
                    in.putScalar(new int[] {0, c, pixel / SIZE, pixel % SIZE}, Byte.toUnsignedInt(image.pixels()[3 * pixel + c]) / 127.5 - 1);
                }
                INDArray drawn = compute.read(graph.generator(Network.GEN_B2A).forward(compute.write(in), false).image());
                // what 8 bits take from the input moves the output less than a few levels
                assertThat(drawn.sub(reference.tensor("forward.genB2A.image")).normmaxNumber().doubleValue()).isLessThan(0.05);
                float[] expected = drawn.data().asFloat();
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
        assertThat(result.folders().get(0).model()).endsWith("run/checkpoints/step-00000000/parameters.safetensors");
        assertThat(folder.resolve("of-run/image-0.png")).hasSameBinaryContentAs(output().resolve("image-0.png"));
    }

    @Test
    void theAskedForCheckpointOfARunTranslatesWithItsAveragesUnlessThoseAreNotWanted() throws Exception {
        addImages(1);
        Path run = folder.resolve("run");
        new ImportJob(new Configuration(), new ImportOptions(weights, run.toString(), SIZE)).run();
        CheckpointStore store = new CheckpointStore(RunDirectory.open(run.toString(), new Configuration()));
        Map<String, INDArray> tensors = GoldenWeights.tensors("light");
        Map<String, INDArray> averages = new TreeMap<>(GoldenWeights.tensors("light"));
        averages.keySet().removeIf(name -> !name.startsWith("gen"));
        averages.get("genA2B.UpBlock2.11.weight").muli(0.5); // the last convolution
        tensors.get("genA2B.UpBlock2.11.weight").muli(2);
        store.publish(10, tensors, Map.of(), averages, JsonNodeFactory.instance.objectNode());
        store.publishBest(0);
        translate();
        String raw = run + "/checkpoints/step-00000010/parameters.safetensors";
        String averaged = run + "/checkpoints/step-00000010/ema.safetensors";
        assertTranslatedBy(averaged, run, "latest", "newest");
        assertTranslatedBy(raw, run, "10", "plain", "--no-ema");
        assertTranslatedBy(run + "/checkpoints/step-00000000/parameters.safetensors", run, "best", "best");
        assertThat(folder.resolve("best/image-0.png")).hasSameBinaryContentAs(output().resolve("image-0.png"));
        byte[] newest = Files.readAllBytes(folder.resolve("newest/image-0.png"));
        assertThat(newest).isNotEqualTo(Files.readAllBytes(folder.resolve("plain/image-0.png")))
                .isNotEqualTo(Files.readAllBytes(folder.resolve("best/image-0.png")));
        translate(Options.parse(TranslateOptions.class, "--weights", averaged, "--size", String.valueOf(SIZE), "--direction", "a2b", "--input",
                input().toString(), "--output", folder.resolve("file").toString()));
        assertThat(folder.resolve("file/image-0.png")).hasBinaryContent(newest);
    }

    private void assertTranslatedBy(String model, Path run, String checkpoint, String output, String... more) {
        String[] words = Stream.concat(Stream.of("--run", run.toString(), "--direction", "a2b", "--input", input().toString(), "--output",
                folder.resolve(output).toString(), "--checkpoint", checkpoint), Stream.of(more)).toArray(String[]::new);
        assertThat(translate(Options.parse(TranslateOptions.class, words)).folders().get(0).model()).isEqualTo("file:" + model);
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
    void aBatchLeavesOutWhatIsNoImageAndGivesTheOthersWithinOneLevel() throws Exception {
        addImages(9);
        translate(options(true, false));
        Map<String, byte[]> alone = outputs();
        Files.writeString(input().resolve("image-3.txt"), "no image");
        Files.write(input().resolve("image-4-cut.png"), Arrays.copyOf(Files.readAllBytes(input().resolve("image-4.png")), 100));
        TranslateResult result = translate(Options.parse(TranslateOptions.class, "--weights", weights, "--size", "" + SIZE, "--direction", "a2b",
                "--input", input().toString(), "--output", output().toString(), "--batch", "4", "--heatmaps", "--overwrite"));
        assertThat(List.of(result.translated(), result.rejected(), result.notImages())).containsExactly(9L, 1L, 1L);
        Map<String, byte[]> together = outputs();
        assertThat(together.keySet()).isEqualTo(alone.keySet());
        assertThat(Files.readString(output().resolve("rejected.jsonl"))).contains("image-3.txt", "image-4-cut.png");
        for (int i = 0; i < 9; i++) {
            byte[] expected = new ImageDecoder().decode(alone.get("image-" + i + ".png")).pixels();
            byte[] pixels = decode(output().resolve("image-" + i + ".png")).pixels();
            for (int at = 0; at < expected.length; at++) {
                assertThat(Math.abs(Byte.toUnsignedInt(pixels[at]) - Byte.toUnsignedInt(expected[at]))).isLessThanOrEqualTo(1);
            }
        }
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
    void whatAFolderOrAFileInTheOutputStandsInTheWayOfIsAReject() throws Exception {
        addImage("k.png", noise(1));
        addImage("deep/l.png", noise(2));
        addImage("m.png", noise(3));
        Files.createDirectories(output().resolve("k.png"));
        Files.writeString(output().resolve("deep"), "");
        TranslateResult result = translate(options(false, true));
        assertThat(List.of(result.translated(), result.rejected())).containsExactly(1L, 2L);
        assertThat(Files.readAllLines(output().resolve("rejected.jsonl"))).containsExactlyInAnyOrder(
                "{\"source\":\"k.png\",\"kind\":\"rejected\",\"reason\":\"a folder is where its translation would be: file:" + output()
                        + "/k.png\"}",
                "{\"source\":\"deep/l.png\",\"kind\":\"rejected\",\"reason\":\"a file is where the folder of its translation would be: file:"
                        + output() + "/deep\"}");
        assertThat(output().resolve("k.png")).isEmptyDirectory();
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
}
