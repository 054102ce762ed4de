package io.ugatit.retrain;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * One turn of the nightly cycle, as {@code WORKSPACE/cycles/NNNN.json} keeps it: published when it begins, and again with the verdict.
 *
 * @param number from 1
 * @param dataset content hash of its images
 * @param start name of the run whose parameters it began with and is compared to; null in a first cycle
 * @param kid mean KID of its run on its images; null until judged
 * @param startKid mean KID of the run it began with on the same images; null until judged, and in a first cycle
 * @param promoted whether its run was promoted; null until judged
 * @param reason why or why not, in one line; null until judged
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Cycle(
        @JsonProperty(value = "number", required = true) int number,
        @JsonProperty(value = "dataset", required = true) String dataset,
        @JsonProperty("start") String start,
        @JsonProperty("kid") Double kid,
        @JsonProperty("start_kid") Double startKid,
        @JsonProperty("promoted") Boolean promoted,
        @JsonProperty("reason") String reason) {

    /** A cycle without a verdict. */
    static Cycle begun(int number, String dataset, String start) {
        return new Cycle(number, dataset, start, null, null, null, null);
    }

    /** The cycle with its verdict. */
    Cycle judged(double ownKid, Double kidOfStart, boolean isPromoted, String why) {
        return new Cycle(number, dataset, start, ownKid, kidOfStart, isPromoted, why);
    }

    /** Whether it has a verdict. */
    boolean isJudged() {
        return promoted != null;
    }

    /** The name of its run, its data set and its record. */
    String name() {
        return name(number);
    }

    /** The name of a cycle's run, data set and record. */
    static String name(int number) {
        return String.format("%04d", number);
    }
}
