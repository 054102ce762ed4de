package io.ugatit.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ugatit.checkpoint.RunConfig;
import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.cli.Ugatit;
import io.ugatit.dataset.Domain;
import io.ugatit.dataset.ImageDataset;
import io.ugatit.dataset.ImageReader;
import io.ugatit.dataset.Sha256;
import io.ugatit.dataset.Split;
import io.ugatit.evaluate.distance.FeatureSet;
import io.ugatit.evaluate.distance.FrechetDistance;
import io.ugatit.evaluate.distance.KernelDistance;
import io.ugatit.evaluate.inception.SyntheticWeights;
import io.ugatit.image.ImageDecoder;
import io.ugatit.image.RgbImage;
import io.ugatit.job.JobFailedException;
import io.ugatit.model.Generator;
import io.ugatit.model.GeneratorPass;
import io.ugatit.model.Network;
import io.ugatit.model.NetworkOptions;
import io.ugatit.model.Pixels;
import io.ugatit.model.UgatitGraph;
import io.ugatit.publish.VanishingFileSystem;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

@Tag("slow")
class EvaluateJobTest extends EvaluateFixture {
    private static final String CAUTION =
            "only 5 test images of A and 5 of B: with fewer than 50 of either, KID and FID vary much by chance";

    @Test
    void theDistancesAreThoseOfTheGeneratorsOwnTranslations() throws IOException {
        EvaluateResult result = evaluate("--run", run, "--data", dataset, "--extractor", "thumbnail");

        ImageDataset images = ImageDataset.open(dataset, new Configuration());
        FeatureExtractor extractor = FeatureExtractor.named("thumbnail");
        float[][] realA = new float[IMAGES][];
        float[][] realB = new float[IMAGES][];
        float[][] drawnB = new float[IMAGES][];
        double cycle = 0;
        double identity = 0;
        try (ImageReader a = images.reader(Domain.A, Split.TEST, new Configuration(), 0);
                ImageReader b = images.reader(Domain.B, Split.TEST, new Configuration(), 0)) {
            for (int i = 0; i < IMAGES; i++) {
                RgbImage source = image(a, i);
                RgbImage target = image(b, i);
                realA[i] = extractor.features(source);
                realB[i] = extractor.features(target);
                INDArray there = translate(Network.GEN_A2B, array(source));
                drawnB[i] = extractor.features(Pixels.write(there));
                cycle += translate(Network.GEN_B2A, there).distance1(array(source)) / there.length() / IMAGES;
                identity += translate(Network.GEN_A2B, array(target)).distance1(array(target)) / there.length() / IMAGES;
            }
        }
        assertThat(result.step()).isEqualTo(12);
        assertThat(result.imagesA()).isEqualTo(IMAGES);
        assertThat(result.dataset()).isEqualTo(images.manifest().contentHash());
        assertThat(result.untranslated().distances())
                .isEqualTo(Distances.between(new FeatureSet(realA), new FeatureSet(realB), result.random()));
        assertThat(result.a2b().kid()).isCloseTo(KernelDistance.between(new FeatureSet(drawnB), new FeatureSet(realB)).value(), within(1e-4));
        assertThat(result.a2b().kidSource())
                .isCloseTo(KernelDistance.between(new FeatureSet(drawnB), new FeatureSet(realA)).value(), within(1e-4));
        assertThat(result.a2b().meanKid()).isCloseTo((0.02 * result.a2b().kid() + 0.98 * result.a2b().kidSource()) / 2, within(1e-12));
        assertThat(result.comparable()).isFalse();
        assertThat(result.a2b().fid()).isCloseTo(FrechetDistance.between(new FeatureSet(drawnB), new FeatureSet(realB)), within(1e-2));
        assertThat(result.a2b().cycleL1()).isCloseTo(cycle, within(1e-4));
        assertThat(result.a2b().identityL1()).isCloseTo(identity, within(1e-4));
        assertThat(result.kid()).isEqualTo((result.a2b().kid() + result.b2a().kid()) / 2);
    }

    @Test
    void theResultIsPublishedAndTheSameBitsForAnyNumberOfTasks() throws IOException {
        String[] words = {"--run", run, "--data", dataset, "--extractor", "random-conv"};
        EvaluateResult onTwo = evaluate(words);
        Path file = folder.resolve("run/evaluation/step-00000012-random-conv.json");
        String published = Files.readString(file);
        assertThat(published).isEqualTo(onTwo.toJson() + "\n");
        JsonNode json = new ObjectMapper().readTree(published);
        assertThat(json.at("/b2a/kid").doubleValue()).isEqualTo(onTwo.b2a().kid());
        assertThat(json.at("/untranslated/fid").doubleValue()).isEqualTo(onTwo.untranslated().fid());
        assertThat(json.path("images_b").intValue()).isEqualTo(IMAGES);
        assertThat(json.path("caution").textValue()).isEqualTo(CAUTION);

        spark.stop();
        spark = session("local[1]");
        // 4 tasks a slot: now each has other images than before
        assertThat(evaluate(words)).isEqualTo(onTwo);
        assertThat(Files.readString(file)).isEqualTo(published);
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("evaluate 10/10 images");
    }

    @Test
    void inceptionsFeaturesAreComparedUnlessOthersAreAskedFor() {
        EvaluateResult result = evaluate("--run", run, "--data", dataset);

        assertThat(result.extractor()).isEqualTo("inception");
        assertThat(folder.resolve("run/evaluation/step-00000012-inception.json")).exists();
        assertThat(result.untranslated().kid()).isNotZero().isFinite();
        assertThat(evaluate("--run", run, "--data", dataset, "--extractor", "inception")).isEqualTo(result);
    }

    @Test
    void aUsersWeightsGiveTheNetworkOfPublications() throws IOException {
        Path weights = folder.resolve("pt_inception-2015-12-05.safetensors");
        SyntheticWeights.write(weights);
        EvaluateResult result = evaluate("--run", run, "--data", dataset, "--fid-weights", weights.toString(), "--max-images", "2");

        assertThat(result.extractor()).isEqualTo("inception-2015-12-05");
        assertThat(result.comparable()).isTrue();
        assertThat(result.weights()).isEqualTo(Sha256.hex(Files.readAllBytes(weights)));
        JsonNode json = new ObjectMapper().readTree(folder.resolve("run/evaluation/step-00000012-inception-2015-12-05.json").toFile());
        assertThat(json.path("resize").textValue()).isEqualTo("299 x 299, bilinear, not antialiased, as pytorch-fid");
        assertThat(json.path("comparable").booleanValue()).isTrue();
        assertThat(json.at("/a2b/kid").doubleValue()).isFinite().isEqualTo(result.a2b().kid());

        refused("there is no such file", "--run", run, "--data", dataset, "--fid-weights", folder.resolve("none.pt").toString());
        refused("--extractor is 'thumbnail' beside --fid-weights, whose extractor is inception-2015-12-05: leave one of them out",
                "--run", run, "--data", dataset, "--fid-weights", weights.toString(), "--extractor", "thumbnail");
        refused("--extractor is 'inception-2015-12-05': needs its weights, --fid-weights FILE", "--run", run, "--data", dataset,
                "--extractor", "inception-2015-12-05");
    }

    @Test
    void theRealImagesFeaturesAreComputedOnceAndADamagedFileAnew() throws IOException {
        String[] words = {"--run", run("cached", graph), "--data", dataset, "--extractor", "thumbnail"};
        EvaluateResult first = evaluate(words);
        Path kept = folder.resolve("cached/evaluation/features/thumbnail-testB.features");
        byte[] whole = Files.readAllBytes(kept);
        Object time = Files.getLastModifiedTime(kept);
        assertThat(evaluate(words)).isEqualTo(first);
        assertThat(Files.getLastModifiedTime(kept)).isEqualTo(time);
        assertThat(printed.toString(StandardCharsets.UTF_8)).doesNotContain("features");

        byte[] damaged = whole.clone();
        damaged[damaged.length - 1] ^= 1;
        Files.write(kept, damaged);
        assertThat(evaluate(words)).isEqualTo(first);
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains("the features kept in file:" + kept + " are damaged (its SHA-256 is not that in it): they are computed anew");
        assertThat(Files.readAllBytes(kept)).isEqualTo(whole);
    }

    @Test
    void everyImageHasItsFiguresAndTheWorstAndBestAreDrawn() throws IOException {
        EvaluateResult result = evaluate("--run", run("images-told", graph), "--data", dataset, "--extractor", "thumbnail", "--pairs");

        List<JsonNode> images = lines("images-told/evaluation/step-00000012-thumbnail-images.jsonl");
        assertThat(images).hasSize(2 * IMAGES);
        assertThat(images.subList(0, IMAGES)).allMatch(image -> image.path("direction").asText().equals("a2b"));
        assertThat(images.subList(IMAGES, 2 * IMAGES)).extracting(image -> image.path("image").asText())
                .containsExactly("0.png", "1.png", "2.png", "3.png", "4.png");
        assertThat(mean(images.subList(0, IMAGES), "cycle_l1")).isCloseTo(result.a2b().cycleL1(), within(1e-12));
        assertThat(mean(images.subList(0, IMAGES), "identity_l1")).isCloseTo(result.b2a().identityL1(), within(1e-12));
        assertThat(mean(images.subList(IMAGES, 2 * IMAGES), "pair_ssim")).isCloseTo(result.b2a().pairs().ssim(), within(1e-12));
        assertThat(mean(images.subList(IMAGES, 2 * IMAGES), "pair_l1")).isCloseTo(result.b2a().pairs().l1(), within(1e-12));

        List<JsonNode> extremes = lines("images-told/evaluation/step-00000012-thumbnail-extremes.jsonl");
        assertThat(extremes).extracting(image -> image.path("direction").asText() + " " + image.path("worst").asBoolean())
                .containsExactly("a2b true", "a2b true", "a2b false", "a2b false", "b2a true", "b2a true", "b2a false", "b2a false");
        double least = images.subList(0, IMAGES).stream().mapToDouble(image -> image.path("realism").doubleValue()).min().orElseThrow();
        assertThat(extremes.get(0).path("realism").doubleValue()).isEqualTo(least).isPositive();
        assertThat(extremes.get(3).path("realism").doubleValue()).isGreaterThanOrEqualTo(extremes.get(2).path("realism").doubleValue());
        RgbImage drawn = new ImageDecoder().decode(extremes.get(0).path("translation").binaryValue());
        assertThat(drawn.width()).isEqualTo(TinyImages.SIDE);
        assertThat(extremes.get(0).path("source").binaryValue()).isNotEqualTo(extremes.get(0).path("translation").binaryValue());
    }

    @Test
    void runsJudgedByOneDataSetMayShareTheFeaturesOfItsImages() throws IOException {
        Path shared = folder.resolve("shared features");
        String[] words = {"--data", dataset, "--extractor", "thumbnail", "--features", shared.toString(), "--run"};
        EvaluateResult first = evaluate(Stream.concat(Stream.of(words), Stream.of(run("one", graph))).toArray(String[]::new));
        Path kept = shared.resolve("thumbnail-testA.features");
        Object time = Files.getLastModifiedTime(kept);

        UgatitGraph other = UgatitGraph.create(NETWORK, 4);
        EvaluateResult second = evaluate(Stream.concat(Stream.of(words), Stream.of(run("other", other))).toArray(String[]::new));

        assertThat(second.untranslated()).isEqualTo(first.untranslated());
        assertThat(second.a2b()).isNotEqualTo(first.a2b());
        assertThat(Files.getLastModifiedTime(kept)).isEqualTo(time);
        assertThat(folder.resolve("other/evaluation/features")).doesNotExist();
        refused("--features is " + kept + ": is a file, must be a folder", "--run", run, "--data", dataset, "--features", kept.toString());
        refused("--features is empty: must be a folder", "--run", run, "--data", dataset, "--features", " ");
    }

    private static List<JsonNode> lines(String file) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(folder.resolve(file))) {
            lines.add(new ObjectMapper().readTree(line));
        }
        return lines;
    }

    private static double mean(List<JsonNode> lines, String key) {
        return lines.stream().mapToDouble(line -> line.path(key).doubleValue()).average().orElseThrow();
    }

    @Test
    void fewerImagesAreSpreadEvenlyOverAll() {
        EvaluateResult result = evaluate("--run", run, "--data", dataset, "--extractor", "thumbnail", "--max-images", "2");
        assertThat(result.imagesA()).isEqualTo(2);
        assertThat(result.imagesB()).isEqualTo(2);
        assertThat(new Slice(Domain.A, 0, 2, 2, 5).index(1)).isEqualTo(2);
    }

    @Test
    void theNetworksMustHaveACheckpointOfFiniteValues() throws IOException {
        RunDirectory empty = new RunDirectory(new Configuration(), new org.apache.hadoop.fs.Path(folder.resolve("empty").toUri()));
        empty.publishConfig(RunConfig.of(NETWORK));
        refused("--run is file:" + folder.resolve("empty") + ": has no whole checkpoint yet", "--run", folder.resolve("empty").toString(),
                "--data", dataset);
        refused("--run " + folder.resolve("none") + " has no config.json; it must name the folder of a training run",
                "--run", folder.resolve("none").toString(), "--data", dataset);
        UgatitGraph broken = UgatitGraph.create(NETWORK, 3);
        broken.namedParameters().get("genB2A.conv1x1.bias").assign(Double.NaN);
        refused("tensor \"genB2A.conv1x1.bias\" holds values that are infinite or not a number", "--run", run("broken", broken),
                "--data", dataset);
        assertThat(folder.resolve("broken/evaluation")).doesNotExist();
    }

    @Test
    void aCheckpointThatIsPrunedAfterItWasChosenIsToldAsThat() {
        String pruned = run("pruned", graph);
        Path checkpoint = Path.of(pruned, "checkpoints/step-00000012");
        VanishingFileSystem.configure(spark.sparkContext().hadoopConfiguration());
        VanishingFileSystem.delete(checkpoint.toString(), "parameters.safetensors", 2); // its hash is read the first time
        assertThatThrownBy(() -> evaluate("--run", "vanishing:" + pruned, "--data", dataset, "--extractor", "thumbnail"))
                .isInstanceOf(JobFailedException.class).hasMessage("cannot evaluate vanishing:" + pruned + ": vanishing:" + checkpoint
                        + " was pruned meanwhile; the run is untouched; start the job again");
    }

    @Test
    void theDataSetMustHaveTestImagesOfTheRunsSize() throws IOException {
        String larger = prep("images", "larger", 32);
        refused("--data " + larger + " is prepared for --size 32, but --run " + run + " has 16: prepare the images with --size 16", "--run", run,
                "--data", larger);
        TinyImages.write(folder.resolve("untested"), 2, 4);
        for (int i = 0; i < 2; i++) {
            Files.delete(folder.resolve("untested/testB/" + i + ".png"));
        }
        String untested = prep("untested", "without-b", TinyImages.SIDE);
        refused("--data " + untested + " has no test images of domain B: needs at least 2 in testB", "--run", run, "--data", untested);
    }

    @Test
    void theCommandPrintsTheResultAsTheLastLine() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status = Ugatit.run(new String[] {"evaluate", "--run", run, "--data", dataset, "--extractor", "thumbnail"}, out,
                new PrintStream(err, true, StandardCharsets.UTF_8));
        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(status).isZero();
        List<String> lines = printed.toString(StandardCharsets.UTF_8).lines().toList();
        assertThat(lines).endsWith("caution: " + CAUTION, evaluate("--run", run, "--data", dataset, "--extractor", "thumbnail").toJson());
    }

    @Test
    void kernelsForCpusThatDoNotReachAreRefused() {
        RunDirectory large = new RunDirectory(new Configuration(), new org.apache.hadoop.fs.Path(folder.resolve("large").toUri()));
        large.publishConfig(RunConfig.of(new NetworkOptions(2048, 64, 1, true, false, 3, 3)));
        refused("--kernels is cpu, which reaches 2147483647 bytes of a feature map, but the largest takes 2151680000: give --kernels nd4j,"
                + " or make size, batch or channels smaller", "--run", folder.resolve("large").toString(), "--data", dataset, "--kernels", "cpu");
    }

    @Test
    void fiftyImagesOfEachDomainNeedNoCaution() {
        EvaluateResult enough = result(50, 60);
        assertThat(enough.caution()).isEmpty();
        assertThat(enough.toJson()).doesNotContain("caution");
        assertThat(result(60, 49).caution())
                .hasValueSatisfying(caution -> assertThat(caution).startsWith("only 60 test images of A and 49 of B"));
    }

    private static EvaluateResult result(int imagesA, int imagesB) {
        Distances distances = new Distances(0.1, 0.01, 0.1, null, 1, 1);
        DirectionScores scores = new DirectionScores(distances, 0.3, 0.1, 0.1, null);
        return new EvaluateResult(12, "thumbnail", false, "8 x 8", null, "hash", imagesA, imagesB, new Draws(100, 49, 1000, 0), scores, scores,
                new Untranslated(distances, null));
    }

    private static INDArray translate(Network network, INDArray image) {
        Generator generator = graph.generator(network);
        GeneratorPass pass = generator.forward(graph.compute(network).write(image), false);
        INDArray copy = graph.compute(network).read(pass.image());
        generator.release(pass);
        return copy;
    }
}
