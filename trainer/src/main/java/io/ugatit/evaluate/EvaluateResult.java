package io.ugatit.evaluate;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Optional;

/**
 * How good a checkpoint's translations are. The same checkpoint, data set and options give the same bits.
 *
 * @param step of the checkpoint
 * @param extractor what the distances were taken with; others' are not comparable
 * @param comparable whether the distances compare with published ones, if those were computed of images of the same size and as many
 * @param resize what the extractor does to an image first
 * @param weights SHA-256 of the extractor's weights if they are in a file; else null
 * @param dataset content hash of the data set
 * @param imagesA test images of domain A that took part
 * @param imagesB test images of domain B that took part
 * @param random what was drawn for the distances
 * @param a2b of the generator from A to B
 * @param b2a of the generator from B to A
 * @param untranslated of the real images of A from those of B: the yardstick, which a translator must stay below
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"step", "extractor", "comparable", "resize", "weights", "dataset", "images_a", "images_b", "random", "a2b", "b2a",
        "untranslated"})
public record EvaluateResult(
        @JsonProperty("step") long step,
        @JsonProperty("extractor") String extractor,
        @JsonProperty("comparable") boolean comparable,
        @JsonProperty("resize") String resize,
        @JsonProperty("weights") String weights,
        @JsonProperty("dataset") String dataset,
        @JsonProperty("images_a") int imagesA,
        @JsonProperty("images_b") int imagesB,
        @JsonUnwrapped Draws random,
        @JsonProperty("a2b") DirectionScores a2b,
        @JsonProperty("b2a") DirectionScores b2a,
        @JsonProperty("untranslated") Untranslated untranslated) {
    /** Test images of each domain from which on distances need no caution: 50. */
    public static final int ENOUGH_IMAGES = 50;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The mean KID of both directions: the one number by which runs are ranked. */
    public double kid() {
        return (a2b.kid() + b2a.kid()) / 2;
    }

    /**
     * What to keep in mind about the distances, in one line: fewer than {@link #ENOUGH_IMAGES} of a domain took part. KID has no bias
     * however few there are, but its variance grows as they become fewer (Binkowski et al., ICLR 2018); FID has both.
     */
    public Optional<String> caution() {
        return Math.min(imagesA, imagesB) >= ENOUGH_IMAGES ? Optional.empty() : Optional.of("only " + imagesA + " test images of A and "
                + imagesB + " of B: with fewer than " + ENOUGH_IMAGES + " of either, KID and FID vary much by chance");
    }

    /** In the JSON there is a caution only where there is need of one. */
    @JsonProperty("caution")
    private String cautionOrNull() {
        return caution().orElse(null);
    }

    /** One line of JSON, without the line's end. */
    public String toJson() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("numbers by name are always JSON", e);
        }
    }
}
