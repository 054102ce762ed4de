package io.ugatit.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.ugatit.checkpoint.CheckpointChoice;
import io.ugatit.checkpoint.CheckpointStore;
import io.ugatit.checkpoint.RunConfig;
import io.ugatit.image.RgbImage;
import io.ugatit.model.NetworkOptions;
import io.ugatit.model.UgatitGraph;
import io.ugatit.publish.Publishing.Content;
import io.ugatit.report.sample.Heatmap;
import io.ugatit.report.sample.SampleRow;
import io.ugatit.report.sample.SampleWriter;
import io.ugatit.weights.WeightsFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

class HubExportTest extends ExportFixture {
    private static final String SCORES = "{\"kid\": 1.25E-5, \"fid\": 123456.7, \"cycle_l1\": 0.25, \"identity_l1\": 1}";

    private Path hub() {
        return folder.resolve("models/selfie2anime");
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(hub())) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private String card() throws IOException {
        return Files.readString(hub().resolve("README.md"));
    }

    private Map<String, Object> head() throws IOException {
        String card = card();
        assertThat(card).startsWith("---\n");
        return new Yaml(new SafeConstructor(new LoaderOptions())).load(card.substring(4, card.indexOf("\n---\n", 4)));
    }

    private void evaluate(long step, String content) throws IOException {
        Files.createDirectories(runFolder().resolve("evaluation"));
        Files.writeString(runFolder().resolve(String.format("evaluation/step-%08d-random-conv.json", step)), content);
    }

    private static String evaluation(String a2b) {
        return "{\"step\": 9, \"extractor\": \"random-conv\", \"dataset\": \"" + IMAGES + "\", \"images_a\": 60, \"images_b\": 70, \"a2b\": "
                + a2b + ", \"b2a\": " + SCORES + "}";
    }

    @Test
    void theFolderHoldsWeightsModelsAndACard() throws Exception {
        train(LIGHT, 9);
        assertThat(export("--hub", hub().toString())).isEqualTo(new ExportResult(9, List.of(), null, "file:" + hub()));
        assertThat(names()).containsExactly("README.md", "config.json", "genA2B.onnx", "genB2A.onnx", "model.safetensors");
        try (WeightsFile weights = WeightsFile.open(configuration, new org.apache.hadoop.fs.Path("file:" + hub() + "/model.safetensors"))) {
            assertThat(weights.allNetworks(32)).isEqualTo(LIGHT);
        }
        for (String model : List.of("genA2B", "genB2A")) {
            try (OrtSession session = OrtEnvironment.getEnvironment().createSession(hub().resolve(model + ".onnx").toString())) {
                assertThat(session.getMetadata().getCustomMetadata()).containsEntry("network", model);
            }
        }
        JsonNode config = new ObjectMapper().readTree(hub().resolve("config.json").toFile());
        assertThat(config.at("/network/size").asInt()).isEqualTo(32);
        assertThat(config.at("/step").asInt()).isEqualTo(9);
        assertThat(config.at("/training/lr").asDouble()).isEqualTo(1e-4);
        assertThat(config.toString()).as("nothing of the machine").doesNotContain(folder.toString());
    }

    @Test
    void modelsThatOnnxDoesNotHoldAreLeftOut() throws Exception {
        train(LIGHT, 9);
        ExportSource small = ExportSource.find(run(), CheckpointChoice.NEWEST, line -> { });
        NetworkOptions large = new NetworkOptions(364, 64, 4, false, true, 7, 5);
        ExportSource source = new ExportSource(small.run(), small.checkpoint(), false, large, small.description());
        List<String> said = new ArrayList<>();

        Map<String, Content> files = new HubFolder(source, said::add).files("large", "unknown", null);

        assertThat(files.keySet()).containsExactlyInAnyOrder("README.md", "config.json", "model.safetensors");
        ByteArrayOutputStream card = new ByteArrayOutputStream();
        files.get("README.md").writeTo(card);
        assertThat(card.toString(StandardCharsets.UTF_8)).containsIgnoringCase("img_size=364, light=False").doesNotContainIgnoringCase("onnx");
        assertThat(said).containsExactly("--hub: the folder is made without ONNX models, which hold at most 2 GiB: a full generator for images of"
                + " 364 x 364 takes more");
    }

    @Test
    void theCardsHeadIsYamlThatSaysWhatIsKnown() throws Exception {
        train(LIGHT, 9);
        export("--hub", hub().toString());
        assertThat(head()).isEqualTo(Map.of("license", "unknown", "library_name", "ugatit-spark", "pipeline_tag", "image-to-image", "tags",
                List.of("u-gat-it", "unpaired-image-translation", "onnx", "safetensors"), "dataset_content_hash", IMAGES));
        assertThat(card()).contains("# selfie2anime", "| Image size | 32 px |", "--direction a2b --size 32 ", "ngf=4, n_blocks=2, img_size=32, light=True")
                .doesNotContain("## Evaluation", "samples");
    }

    @Test
    void importedWeightsAreNotCalledTrained() throws Exception {
        run().publishConfig(RunConfig.of(FULL));
        publish(graph(FULL, 1), 0);
        export("--hub", hub().toString());
        assertThat(head()).doesNotContainKey("dataset_content_hash");
        assertThat(card()).contains("| Step | 0 (imported weights) |", "--direction a2b --input", "light=False").doesNotContain("trained");
    }

    @Test
    void metricsAreThoseOfTheExportedStep() throws Exception {
        train(LIGHT, 9);
        evaluate(8, "of another step, not even read");
        evaluate(9, evaluation(SCORES.replace("1.25E-5", "-0.0012345")));
        export("--hub", hub().toString(), "--license", "cc-by-4.0");
        Map<String, Object> head = head();
        assertThat(head).containsEntry("license", "cc-by-4.0");
        JsonNode results = new ObjectMapper().valueToTree(head).at("/model-index/0/results");
        assertThat(results).hasSize(2);
        assertThat(results.at("/0/task/type").asText()).isEqualTo("image-to-image");
        assertThat(results.at("/0/task/name").asText()).isEqualTo("A to B");
        assertThat(results.at("/0/dataset/name").asText()).isEqualTo("60 test images of A and 70 of B");
        assertThat(results.at("/0/dataset/revision").asText()).isEqualTo(IMAGES);
        assertThat(results.at("/0/metrics/0/type").asText()).isEqualTo("kid");
        assertThat(results.at("/0/metrics/0/name").asText()).isEqualTo("KID by random-conv, A to B");
        assertThat(results.at("/0/metrics/0/value").decimalValue()).isEqualByComparingTo("-0.001234");
        assertThat(results.at("/1/metrics/0/value").decimalValue()).isEqualByComparingTo("0.0000125");
        assertThat(results.at("/1/metrics/1/value").doubleValue()).isEqualTo(123500);
        assertThat(results.at("/1/metrics/3/value").isNumber()).isTrue();
        assertThat(card()).contains("| random-conv | A to B | -0.001234 | 123500.0 | 0.25 | 1.0 |");
    }

    @Test
    void metricsOfAveragesAreNotToldOfTheGeneratorsBeforeThem() throws Exception {
        UgatitGraph graph = train(LIGHT, 5);
        Map<String, INDArray> averages = new TreeMap<>(graph(LIGHT, 6).namedParameters());
        averages.keySet().removeIf(name -> !name.startsWith("gen"));
        new CheckpointStore(run()).publish(9, graph.namedParameters(), Map.of(), averages, JsonNodeFactory.instance.objectNode());
        evaluate(9, evaluation(SCORES));
        export("--hub", hub().toString());
        assertThat(card()).contains("| random-conv | A to B |");
        assertThat(config(hub()).at("/generators").asText()).isEqualTo("ema");
        Path raw = folder.resolve("models/raw");
        export("--hub", raw.toString(), "--no-ema");
        assertThat(Files.readString(raw.resolve("README.md"))).doesNotContain("random-conv");
        assertThat(config(raw).at("/generators").asText()).isEqualTo("raw");
        train(LIGHT, 10);
        export("--hub", folder.resolve("models/plain").toString());
        assertThat(config(folder.resolve("models/plain")).has("generators")).isFalse();
    }

    private static JsonNode config(Path hub) throws IOException {
        return new ObjectMapper().readTree(hub.resolve("config.json").toFile());
    }

    @Test
    void aDamagedEvaluationIsNamedAndNothingIsWritten() throws Exception {
        train(LIGHT, 9);
        String file = "file:" + runFolder() + "/evaluation/step-00000009-random-conv.json";
        evaluate(9, evaluation("{}"));
        assertRefused(file + ": /a2b/kid must be a number; run evaluate again", "--hub", hub().toString());
        evaluate(9, evaluation(SCORES).replace("random-conv", "a\\nb"));
        assertRefused(file + ": /extractor must be letters, digits and hyphens; run evaluate again", "--hub", hub().toString());
    }

    private void sample(long step) throws IOException {
        byte[] pixels = new byte[3 * 32 * 32];
        pixels[0] = (byte) step;
        RgbImage image = new RgbImage(32, 32, pixels);
        List<SampleRow> rows = List.of(new SampleRow("one.png", image, new Heatmap(8, 8, new float[64]), image, image));
        SampleWriter.write(run(), step, rows, rows);
    }

    @Test
    void theSampleSheetsAreTheLastUpToTheExportedStep() throws Exception {
        train(LIGHT, 9);
        sample(3);
        sample(5);
        sample(12);
        export("--hub", hub().toString());
        assertThat(names()).contains("samples-a2b.png", "samples-b2a.png");
        assertThat(hub().resolve("samples-a2b.png")).hasSameBinaryContentAs(runFolder().resolve("samples/step-00000005-a2b.png"));
        assertThat(card()).contains("![a2b](samples-a2b.png)", "![b2a](samples-b2a.png)", "*After step 5, ");
    }

    @Test
    void aNameThatYamlWouldMisreadIsQuoted() throws Exception {
        train(LIGHT, 9);
        evaluate(9, evaluation(SCORES));
        Path odd = folder.resolve("models/\"a\": #b\\n");
        export("--hub", odd.toString());
        String card = Files.readString(odd.resolve("README.md"));
        Map<String, Object> head = new Yaml(new SafeConstructor(new LoaderOptions())).load(card.substring(4, card.indexOf("\n---\n", 4)));
        assertThat(new ObjectMapper().valueToTree(head).at("/model-index/0/name").asText()).isEqualTo("\"a\": #b\\n");
    }
}
