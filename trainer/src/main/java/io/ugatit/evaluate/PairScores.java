package io.ugatit.evaluate;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * How much images are like their partners of the other domain, pixel by pixel.
 *
 * @param count how many have one
 * @param ssim mean structural similarity, -1 to 1, 1 for the same image: see {@link Ssim}
 * @param l1 mean absolute difference, 0 to 2, as the cycle and identity errors
 */
public record PairScores(@JsonProperty("pairs") int count, @JsonProperty("pair_ssim") double ssim, @JsonProperty("pair_l1") double l1) {

    /** The means of pairs; null of none. */
    static PairScores mean(List<Likeness> pairs) {
        return pairs.isEmpty() ? null : new PairScores(pairs.size(), pairs.stream().mapToDouble(Likeness::ssim).average().orElseThrow(),
                pairs.stream().mapToDouble(Likeness::l1).average().orElseThrow());
    }
}
