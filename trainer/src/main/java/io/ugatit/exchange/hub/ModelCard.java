package io.ugatit.exchange.hub;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.exchange.hub.Evaluation.Scores;
import io.ugatit.model.NetworkOptions;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The README.md of a folder for a hub: a head in YAML for its search, as the Hugging Face Hub's model cards have it, and a page for people.
 * It says what the run says, and nothing else.
 */
public final class ModelCard {
    /** In a description: which generators they are, if the checkpoint has averages of them. */
    public static final String GENERATORS = "generators";
    /** Those that the training left, which {@code evaluate} does not judge where there are averages. */
    public static final String RAW = "raw";
    private static final String HASH = "[0-9a-f]{64}";
    private static final int DIGITS = 4;
    /** With fewer, {@code evaluate} warns that distances are mostly chance. */
    private static final int FEW_IMAGES = 50;
    private final String name;
    private final String license;
    private final NetworkOptions network;
    private final boolean onnx;
    private final ObjectNode description;
    private final List<Evaluation> evaluations;
    private final StringBuilder text = new StringBuilder();

    private ModelCard(String name, String license, NetworkOptions network, boolean onnx, ObjectNode description,
            List<Evaluation> evaluations) {
        this.name = name.replaceAll("[\\p{Cntrl}]", "?");
        this.license = license;
        this.network = network;
        this.onnx = onnx;
        this.description = description;
        this.evaluations = evaluations;
    }

    /**
     * The whole text.
     *
     * @param name of the model
     * @param license in the hub's spelling
     * @param network sizes of the networks
     * @param onnx whether there are ONNX models of the generators
     * @param description of the run: its step, and its options under {@code training} if it was trained here
     * @param samples names of sample sheets in the folder, by direction
     * @param samplesStep the step they show
     * @throws io.ugatit.job.InvalidRequestException if an evaluation of this step is damaged; names it
     * @throws IOException if the file system fails
     */
    public static String of(String name, String license, NetworkOptions network, boolean onnx, ObjectNode description, RunDirectory run,
            Map<String, String> samples, long samplesStep) throws IOException {
        boolean judged = !description.path(GENERATORS).asText().equals(RAW);
        ModelCard card = new ModelCard(name, license, network, onnx, description,
                judged ? Evaluation.of(run, description.get("step").asLong()) : List.of());
        card.head();
        card.page(samples, samplesStep);
        return card.text.toString();
    }

    private void line(String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    private void head() {
        line("---");
        line("license: %s", quoted(license));
        line("library_name: ugatit-spark");
        line("pipeline_tag: image-to-image");
        line("tags:");
        Stream.of("u-gat-it", "unpaired-image-translation", "onnx", "safetensors").filter(tag -> onnx || !tag.equals("onnx"))
                .forEach(tag -> line("- %s", tag));
        String dataset = description.path("training").path("images").asText();
        if (dataset.matches(HASH)) {
            line("dataset_content_hash: %s", quoted(dataset));
        }
        if (!evaluations.isEmpty()) {
            line("model-index:");
            line("- name: %s", quoted(name));
            line("  results:");
            for (Evaluation evaluation : evaluations) {
                result(evaluation, "A to B", evaluation.a2b());
                result(evaluation, "B to A", evaluation.b2a());
            }
        }
        line("---");
    }

    private void result(Evaluation evaluation, String direction, Scores scores) {
        line("  - task:");
        line("      type: image-to-image");
        line("      name: %s", quoted(direction));
        line("    dataset:");
        line("      type: imagefolder");
        line("      name: %s", quoted(evaluation.imagesA() + " test images of A and " + evaluation.imagesB() + " of B"));
        line("      split: test");
        line("      revision: %s", quoted(evaluation.dataset()));
        line("    metrics:");
        metric("kid", "KID by " + evaluation.extractor() + ", " + direction, scores.kid());
        metric("fid", "FID by " + evaluation.extractor() + ", " + direction, scores.fid());
        metric("mae", "cycle error, " + direction, scores.cycleL1());
        metric("mae", "identity error, " + direction, scores.identityL1());
    }

    private void metric(String type, String label, double value) {
        line("    - type: %s", type);
        line("      name: %s", quoted(label));
        line("      value: %s", number(value));
    }

    /** A JSON string is one of YAML. */
    private static String quoted(String value) {
        return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(value)) + '"';
    }

    /** Without an exponent, which YAML's readers do not agree on. */
    private static String number(double value) {
        String plain = new BigDecimal(value).round(new MathContext(DIGITS)).toPlainString();
        return plain.contains(".") ? plain : plain + ".0";
    }

    private void page(Map<String, String> samples, long samplesStep) {
        line("");
        line("# %s", name);
        line("");
        line("Two generators that translate images of a domain A into a domain B and back, by [U-GAT-IT](https://arxiv.org/abs/1907.10830)%s.",
                trained() ? ", trained with ugatit-spark" : "");
        samples.forEach((direction, file) -> {
            line("");
            line("![%s](%s)", direction, file);
        });
        if (!samples.isEmpty()) {
            line("");
            line("*After step %d, from the left: images, where the generator looked, their translations, the translations brought back;"
                    + " first a2b, then b2a.*", samplesStep);
        }
        line("");
        line("| | |");
        line("|---|---|");
        row("Image size", network.size() + " px");
        row("Channels of the first convolution", String.valueOf(network.ch()));
        row("Residual blocks", network.resBlocks() + " each side of the attention");
        row("AdaLIN's parameters from", network.light() ? "averaged features (light)" : "all features (full)");
        row("Step", description.get("step").asText() + (trained() ? "" : " (imported weights)"));
        JsonNode training = description.path("training");
        for (String option : List.of("steps", "workers", "batch", "lr")) {
            if (training.has(option)) {
                row("--" + option, training.get(option).asText());
            }
        }
        row("Exported by", description.get("exported_by").asText());
        scores();
        use();
    }

    private boolean trained() {
        return description.has("training");
    }

    private void row(String key, String value) {
        line("| %s | %s |", key, value);
    }

    private void scores() {
        if (evaluations.isEmpty()) {
            return;
        }
        line("");
        line("## Evaluation");
        line("");
        line("| Features | Direction | KID | FID | Cycle error | Identity error |");
        line("|---|---|---|---|---|---|");
        for (Evaluation evaluation : evaluations) {
            scores(evaluation.extractor(), "A to B", evaluation.a2b());
            scores(evaluation.extractor(), "B to A", evaluation.b2a());
        }
        line("");
        Evaluation first = evaluations.get(0);
        line("On %d test images of A and %d of B%s", first.imagesA(), first.imagesB(),
                Math.min(first.imagesA(), first.imagesB()) < FEW_IMAGES ? ": too few for KID and FID to mean much." : ".");
        String published = evaluations.stream().filter(Evaluation::comparable).map(Evaluation::extractor).collect(Collectors.joining(", "));
        line(published.isEmpty() ? "These are not the features of publications: KID and FID can be compared only with others of the"
                : "The features of publications are those of " + published + "; KID and FID can be compared only with others of the");
        line("same features and images. Errors are mean absolute ones of values in [-1, 1].");
    }

    private void scores(String extractor, String direction, Scores scores) {
        line("| %s | %s | %s | %s | %s | %s |", extractor, direction, number(scores.kid()), number(scores.fid()), number(scores.cycleL1()),
                number(scores.identityL1()));
    }

    private void use() {
        line("");
        line("## Use");
        line("");
        line("With ugatit-spark, on folders of any size:");
        line("");
        line("```sh");
        line("submit/ugatit translate --weights model.safetensors --direction a2b%s --input photos --output translations",
                network.light() ? " --size " + network.size() : "");
        line("```");
        if (onnx) {
            useInOnnxRuntime();
        }
        line("");
        line("With PyTorch and the authors' `networks.py`:");
        line("");
        line("```python");
        line("from networks import ResnetGenerator");
        line("from safetensors.torch import load_file");
        line("weights = load_file(\"model.safetensors\")  # of six networks: genA2B, genB2A, disGA, disGB, disLA, disLB");
        line("generator = ResnetGenerator(3, 3, ngf=%d, n_blocks=%d, img_size=%d, light=%s)", network.ch(), network.resBlocks(), network.size(),
                network.light() ? "True" : "False");
        line("generator.load_state_dict({key[7:]: value for key, value in weights.items() if key.startswith(\"genA2B.\")}, strict=True)");
        line("```");
    }

    private void useInOnnxRuntime() {
        line("");
        line("With ONNX Runtime; `genA2B.onnx` translates A to B, `genB2A.onnx` B to A:");
        line("");
        line("```python");
        line("import numpy, onnxruntime, PIL.Image");
        line("generator = onnxruntime.InferenceSession(\"genA2B.onnx\")");
        line("image = PIL.Image.open(\"photo.jpg\").convert(\"RGB\").resize((%d, %d), PIL.Image.BILINEAR)", network.size(), network.size());
        line("pixels = numpy.asarray(image, \"float32\").transpose(2, 0, 1)[None] / 127.5 - 1");
        line("translation, heatmap = generator.run(None, {\"image\": pixels})");
        line("levels = ((translation[0].transpose(1, 2, 0) + 1) * 127.5).round().clip(0, 255)");
        line("PIL.Image.fromarray(levels.astype(\"uint8\")).save(\"translation.png\")");
        line("```");
    }
}
