package io.ugatit.evaluate;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ugatit.dataset.Domain;
import io.ugatit.dataset.ImageDataset;
import io.ugatit.dataset.ImageReader;
import io.ugatit.dataset.Split;
import io.ugatit.image.ImageEncoder;
import io.ugatit.image.Resize;
import io.ugatit.image.RgbImage;
import io.ugatit.model.Pixels;
import io.ugatit.publish.Publishing;
import io.ugatit.tensor.choice.KernelChoice;
import io.ugatit.translate.generator.Translator;
import io.ugatit.translate.generator.TranslatorPool;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The images whose translations look least and most real, drawn once more, small, for the report: lines of
 * {@code RUN/evaluation/step-NNNNNNNN-EXTRACTOR-extremes.jsonl}, the worst first, with JPEGs in base64.
 */
final class Extremes {
    /** Of each kind and direction. */
    static final int EACH = 4;
    /** Pixels of the longer side, at most. */
    private static final int SIDE = 128;
    private static final byte[] LINE_END = {'\n'};

    private final Configuration configuration;
    private final ImageDataset dataset;
    private final KernelChoice kernels;
    private final ObjectMapper json = new ObjectMapper();
    private final ByteArrayOutputStream lines = new ByteArrayOutputStream();

    Extremes(Configuration configuration, ImageDataset dataset, KernelChoice kernels) {
        this.configuration = configuration;
        this.dataset = dataset;
        this.kernels = kernels;
    }

    /** A line. */
    @JsonPropertyOrder({"direction", "worst", "image", "realism", "source", "translation"})
    private record Drawn(@JsonProperty("direction") String direction, @JsonProperty("worst") boolean worst,
            @JsonProperty("image") String image, @JsonProperty("realism") double realism, @JsonProperty("source") byte[] source,
            @JsonProperty("translation") byte[] translation) { }

    /**
     * Draws those of a domain; of few images none is among the worst and the best at once.
     *
     * @param scores of the domain's images
     * @throws IOException if the generator's parameters cannot be read
     */
    void draw(Domain domain, List<ImageScores> scores, Generators generators) throws IOException {
        List<ImageScores> ranked = ImageScores.ranked(scores);
        int each = Math.min(EACH, ranked.size() / 2);
        List<ImageScores> chosen = new ArrayList<>(ranked.subList(0, each));
        chosen.addAll(ranked.subList(ranked.size() - each, ranked.size()));
        Translator translator = TranslatorPool.SHARED.borrow(configuration, generators.from(domain), kernels);
        try (ImageReader reader = dataset.reader(domain, Split.TEST, configuration, 0)) {
            for (int i = 0; i < chosen.size(); i++) {
                ImageScores image = chosen.get(i);
                RgbImage source = MeasureTask.image(reader.read(image.index()));
                lines.write(json.writeValueAsBytes(new Drawn(image.direction(), i < each, image.image(), image.realism(), small(source),
                        small(translated(source, translator)))));
                lines.write(LINE_END);
            }
        } finally {
            TranslatorPool.SHARED.giveBack(generators.from(domain), kernels, translator);
        }
    }

    private static RgbImage translated(RgbImage source, Translator translator) {
        try (INDArray image = Nd4j.createUninitialized(DataType.FLOAT, 1, 3, source.height(), source.width())) {
            Pixels.read(source, image);
            translator.translate(image);
            return Pixels.write(image);
        }
    }

    private static byte[] small(RgbImage image) {
        double scale = Math.min(1, (double) SIDE / Math.max(image.width(), image.height()));
        return ImageEncoder.JPEG.encode(Resize.bilinear(image, (int) Math.max(1, Math.round(image.width() * scale)),
                (int) Math.max(1, Math.round(image.height() * scale))));
    }

    /** Publishes what was drawn. @throws IOException if the file system fails */
    void publish(Path file) throws IOException {
        Publishing.write(configuration, file, lines.toByteArray());
    }
}
