package io.ugatit.cluster.feeding;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PermutationTest {
    private static List<Long> all(long n, long seed) {
        Permutation permutation = new Permutation(n, seed);
        return LongStream.range(0, n).map(permutation::at).boxed().toList();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 15, 16, 17, 63, 64, 65, 1000, 4097})
    void everyElementComesOnceWhateverTheirNumber(long n) {
        for (long seed = -3; seed < 30; seed++) {
            assertThat(all(n, seed)).as("seed " + seed).containsExactlyInAnyOrderElementsOf(LongStream.range(0, n).boxed().toList());
        }
    }

    @Test
    void theOrderFollowsFromTheSeed() {
        assertThat(all(1000, 1)).isEqualTo(all(1000, 1)).isNotEqualTo(all(1000, 2)).isNotEqualTo(LongStream.range(0, 1000).boxed().toList());
    }

    @Test
    void anElementComesToEveryPlaceAboutEquallyOften() {
        int[][] counts = new int[5][5];
        int seeds = 20_000;
        for (int seed = 0; seed < seeds; seed++) {
            List<Long> order = all(5, Permutation.mix(seed));
            for (int place = 0; place < 5; place++) {
                counts[place][order.get(place).intValue()]++;
            }
        }
        for (int[] ofPlace : counts) {
            for (int count : ofPlace) {
                // 4000 with a standard deviation of 57
                assertThat(count).isBetween(seeds / 5 - 300, seeds / 5 + 300);
            }
        }
    }

    @Test
    void moreElementsThanAnIntCountsAreNoTrouble() {
        long n = (1L << 40) + 7;
        Permutation permutation = new Permutation(n, 5);
        assertThat(LongStream.range(0, 1000).map(permutation::at)).allMatch(value -> value >= 0 && value < n).doesNotHaveDuplicates();
    }
}
