package io.ugatit.prep.version;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class LookIndexTest {
    @Test
    void itFindsWhatComparingWithAllFinds() {
        Random random = new Random(1);
        long[] looks = random.longs(3000).toArray();
        LookIndex index = new LookIndex(looks, 4);
        int found = 0;
        for (int i = 0; i < 3000; i++) {
            long look = looks[random.nextInt(looks.length)];
            for (int flips = random.nextInt(8); flips > 0; flips--) {
                look ^= 1L << random.nextInt(64);
            }
            int nearest = index.nearest(look);
            assertThat(nearest).isEqualTo(ofAll(looks, look, 4));
            found += nearest >= 0 ? 1 : 0;
        }
        assertThat(found).isBetween(1500, 2500);
    }

    @Test
    void ofEquallySimilarOnesItIsTheFirst() {
        long[] looks = {-1, 0b11, 0b1100, 0b1100, 0, 0};
        LookIndex index = new LookIndex(looks, 4);

        assertThat(index.nearest(0)).isEqualTo(4);
        assertThat(index.nearest(0b1111)).isEqualTo(1);
        assertThat(index.nearest(0b1100)).isEqualTo(2);
        assertThat(index.nearest(0xFFFFL)).isEqualTo(-1);
        assertThat(index.nearest(-1L << 4)).isEqualTo(0);
        assertThat(index.nearest(-1L << 5)).isEqualTo(-1);
        assertThat(new LookIndex(new long[0], 4).nearest(5)).isEqualTo(-1);
    }

    private static int ofAll(long[] looks, long look, int distance) {
        int best = -1;
        int least = distance + 1;
        for (int i = 0; i < looks.length; i++) {
            if (Long.bitCount(looks[i] ^ look) < least) {
                best = i;
                least = Long.bitCount(looks[i] ^ look);
            }
        }
        return best;
    }
}
