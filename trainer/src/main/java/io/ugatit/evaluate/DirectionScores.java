package io.ugatit.evaluate;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * How well one generator does, on test images.
 *
 * @param kid of its translations from the real images of the target domain: see {@link Distances}
 * @param fid likewise
 * @param cycleL1 mean absolute difference of source images to their translations' translations back, 0 to 2, as in the cycle loss
 * @param identityL1 mean absolute difference of images of the target domain to what it makes of them, 0 to 2, as in the identity loss
 */
public record DirectionScores(@JsonProperty("kid") double kid, @JsonProperty("fid") double fid, @JsonProperty("cycle_l1") double cycleL1,
        @JsonProperty("identity_l1") double identityL1) { }
