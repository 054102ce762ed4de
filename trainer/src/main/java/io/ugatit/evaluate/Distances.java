package io.ugatit.evaluate;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * How far one set of images is from another.
 *
 * @param kid squared maximum mean discrepancy, unbiased: near 0, perhaps below, for images of one kind
 * @param fid Frechet distance, at least 0; larger for fewer images
 */
public record Distances(@JsonProperty("kid") double kid, @JsonProperty("fid") double fid) {

    /** The distances of two sets of at least two samples each. */
    static Distances between(float[][] x, float[][] y) {
        return new Distances(KernelDistance.between(x, y), FrechetDistance.between(x, y));
    }
}
