package io.ugatit.evaluate;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;

/**
 * The yardstick: how far the real images of A are from those of B.
 *
 * @param distances of their features
 * @param pairs of the images of A with their partners in B; null without pairs
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Untranslated(@JsonUnwrapped Distances distances, @JsonUnwrapped PairScores pairs) {

    /** KID of A from B. */
    public double kid() {
        return distances.kid();
    }

    /** FID of A from B. */
    public double fid() {
        return distances.fid();
    }
}
