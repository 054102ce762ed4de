package io.ugatit.evaluate;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.ugatit.evaluate.distance.FeatureSet;
import io.ugatit.evaluate.distance.FrechetDistance;
import io.ugatit.evaluate.distance.KernelDistance;
import io.ugatit.evaluate.distance.KernelSubsets;
import io.ugatit.evaluate.distance.SlicedDistance;

/**
 * How far one set of images is from another.
 *
 * @param kid squared maximum mean discrepancy, unbiased, of all images at once: near 0, perhaps below, for images of one kind
 * @param kidError standard error of {@code kid} by the jackknife; null with fewer than three images in a set
 * @param kidSubsetMean mean of the same estimate over random subsets
 * @param kidSubsetStd standard deviation over these subsets, which is what torch-fidelity reports beside the mean; null where all subsets are
 *     the same whole sets
 * @param fid Frechet distance, at least 0; larger for fewer images
 * @param mind sliced Wasserstein distance squared, times three for each feature, at least 0; larger for fewer images
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Distances(
        @JsonProperty("kid") double kid,
        @JsonProperty("kid_error") Double kidError,
        @JsonProperty("kid_subset_mean") double kidSubsetMean,
        @JsonProperty("kid_subset_std") Double kidSubsetStd,
        @JsonProperty("fid") double fid,
        @JsonProperty("mind") double mind) {

    /** The distances of two sets. @param random what is drawn for it */
    static Distances between(FeatureSet x, FeatureSet y, Draws random) {
        KernelDistance kernel = KernelDistance.between(x, y);
        Double error = kernel.standardError().isPresent() ? Double.valueOf(kernel.standardError().getAsDouble()) : null;
        double fid = FrechetDistance.between(x, y);
        double mind = SlicedDistance.between(x, y, random.seed());
        if (random.subsetSize() >= Math.max(x.size(), y.size())) {
            return new Distances(kernel.value(), error, kernel.value(), null, fid, mind);
        }
        KernelSubsets subsets = KernelSubsets.of(x, y, random.subsets(), Math.min(random.subsetSize(), Math.min(x.size(), y.size())),
                random.seed());
        return new Distances(kernel.value(), error, subsets.mean(), subsets.deviation(), fid, mind);
    }
}
