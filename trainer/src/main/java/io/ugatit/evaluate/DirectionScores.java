package io.ugatit.evaluate;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonUnwrapped;

/**
 * How well one generator does, on test images.
 *
 * @param distances of its translations from the real images of the target domain
 * @param kidSource KID of its translations from the real images of the source domain
 * @param cycleL1 mean absolute difference of source images to their translations' translations back, 0 to 2, as in the cycle loss
 * @param identityL1 mean absolute difference of images of the target domain to what it makes of them, 0 to 2, as in the identity loss
 * @param pairs of its translations with the source images' partners; null without pairs
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"distances", "kid_source", "mean_kid", "cycle_l1", "identity_l1", "pairs"})
public record DirectionScores(
        @JsonUnwrapped Distances distances,
        @JsonProperty("kid_source") double kidSource,
        @JsonProperty("cycle_l1") double cycleL1,
        @JsonProperty("identity_l1") double identityL1,
        @JsonUnwrapped PairScores pairs) {
    private static final double SOURCE_SHARE = 0.98;

    /** KID of the translations from the real images of the target domain. */
    public double kid() {
        return distances.kid();
    }

    /** FID likewise. */
    public double fid() {
        return distances.fid();
    }

    /**
     * The blend that U-GAT-IT's authors compute beside KID, {@code (0.02 KID(target) + 0.98 KID(source)) / 2}: nearly half the distance to
     * the source domain, so small for translations that change little.
     */
    @JsonProperty("mean_kid")
    public double meanKid() {
        return ((1 - SOURCE_SHARE) * kid() + SOURCE_SHARE * kidSource) / 2;
    }
}
