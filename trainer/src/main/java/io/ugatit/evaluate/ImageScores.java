package io.ugatit.evaluate;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ugatit.dataset.Domain;
import io.ugatit.publish.Publishing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * What an evaluation says of one test image: a line of {@code RUN/evaluation/step-NNNNNNNN-EXTRACTOR-images.jsonl}.
 *
 * @param direction into the other domain, a2b or b2a
 * @param image path below its folder of the input
 * @param index of the image among its domain's test images; not in the file
 * @param realism of its translation among the real images of the other domain, 0 to 1000
 * @param cycleL1 mean absolute difference to its translation's translation back, 0 to 2
 * @param identityL1 mean absolute difference to what the generator into its own domain makes of it, 0 to 2
 * @param pairSsim structural similarity of its translation with its partner; null without one
 * @param pairL1 mean absolute difference likewise
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"direction", "image", "realism", "cycle_l1", "identity_l1", "pair_ssim", "pair_l1"})
record ImageScores(
        @JsonProperty("direction") String direction,
        @JsonProperty("image") String image,
        long index,
        @JsonProperty("realism") double realism,
        @JsonProperty("cycle_l1") double cycleL1,
        @JsonProperty("identity_l1") double identityL1,
        @JsonProperty("pair_ssim") Double pairSsim,
        @JsonProperty("pair_l1") Double pairL1) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Of a domain's images. @param realism of each of them */
    static List<ImageScores> of(Domain domain, List<Measured> measured, double[] realism) {
        List<ImageScores> scores = new ArrayList<>();
        for (int i = 0; i < realism.length; i++) {
            Measured image = measured.get(i);
            Likeness pair = image.translation();
            scores.add(new ImageScores(domain == Domain.A ? "a2b" : "b2a", image.source(), image.index(), realism[i], image.cycleL1(),
                    image.identityL1(), pair == null ? null : Double.valueOf(pair.ssim()), pair == null ? null : Double.valueOf(pair.l1())));
        }
        return scores;
    }

    /** The least real first; of equals the one that comes first in the data set. */
    static List<ImageScores> ranked(List<ImageScores> scores) {
        return scores.stream().sorted(Comparator.comparingDouble(ImageScores::realism).thenComparingLong(ImageScores::index)).toList();
    }

    /** Publishes a table, a line of JSON an image. @throws IOException if the file system fails; a table from before is still there then */
    static void publish(Configuration configuration, Path file, List<ImageScores> scores) throws IOException {
        Publishing.write(configuration, file, out -> {
            for (ImageScores image : scores) {
                out.write((image.toJson() + "\n").getBytes(StandardCharsets.UTF_8));
            }
        });
    }

    private String toJson() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("words and numbers by name are always JSON", e);
        }
    }
}
