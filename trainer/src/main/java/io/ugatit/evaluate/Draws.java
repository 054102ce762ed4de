package io.ugatit.evaluate;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What is drawn at random for the distances: which images the subsets of KID hold, and the directions of MIND.
 *
 * @param subsets how many subsets, at least 1
 * @param subsetSize images in each, at least 2; no more than the smaller set has
 * @param directions of MIND
 * @param seed of both; the same seed draws the same
 */
public record Draws(
        @JsonProperty("kid_subsets") int subsets,
        @JsonProperty("kid_subset_size") int subsetSize,
        @JsonProperty("mind_directions") int directions,
        @JsonProperty("seed") long seed) { }
