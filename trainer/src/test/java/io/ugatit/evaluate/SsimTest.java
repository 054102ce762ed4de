package io.ugatit.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import io.ugatit.image.RgbImage;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Expected values were computed with numpy in double precision, by two-dimensional windows. */
class SsimTest {
    private static final int WIDTH = 24;
    private static final int HEIGHT = 17;

    @Test
    void theSimilarityEqualsNumpys() {
        RgbImage smooth = smooth();
        RgbImage noise = noise(5, 60);
        RgbImage noisy = smooth();
        for (int i = 0; i < noisy.pixels().length; i++) {
            int level = (noisy.pixels()[i] & 0xff) + noise.pixels()[i] - 30;
            noisy.pixels()[i] = (byte) Math.max(0, Math.min(255, level));
        }
        assertThat(Ssim.of(smooth, noisy)).isCloseTo(0.7037549229123498, within(1e-10));
        assertThat(Ssim.of(noisy, smooth)).isCloseTo(0.7037549229123498, within(1e-10));
        assertThat(Ssim.of(smooth, noise(9, 256))).isCloseTo(-0.00942229599057223, within(1e-10));
        assertThat(Likeness.of(smooth, noisy).l1()).isCloseTo(0.11466102780981674, within(1e-12));
    }

    @Test
    void anImageIsLikeItselfAndEvenOnesDifferByTheirLevels() {
        assertThat(Ssim.of(smooth(), smooth())).isCloseTo(1, within(1e-12));
        assertThat(Ssim.of(even(100), even(120))).isCloseTo((2 * 100 * 120 + 6.5025) / (100 * 100 + 120 * 120 + 6.5025), within(1e-9));
        assertThat(Likeness.of(even(0), even(255)).l1()).isEqualTo(2);
    }

    @Test
    void moreRowsTakeNoMoreMemory() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        RgbImage x = new RgbImage(16, 4096, new byte[3 * 16 * 4096]);
        RgbImage y = new RgbImage(16, 4096, new byte[3 * 16 * 4096]);
        Ssim.of(x, y);
        long before = threads.getCurrentThreadAllocatedBytes();
        Ssim.of(x, y);
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(16 * 4096);
    }

    @Test
    void imagesOfOtherSizesAreRefused() {
        assertThatThrownBy(() -> Ssim.of(smooth(), even(1))).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("two images of one size of at least 11 x 11 pixels are needed");
    }

    private static RgbImage even(int level) {
        byte[] pixels = new byte[3 * 11 * 11];
        Arrays.fill(pixels, (byte) level);
        return new RgbImage(11, 11, pixels);
    }

    private static RgbImage smooth() {
        byte[] pixels = new byte[3 * WIDTH * HEIGHT];
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                int at = 3 * (y * WIDTH + x);
                pixels[at] = (byte) (x * 7 + y * 3);
                pixels[at + 1] = (byte) (x * 5 + y * 11);
                pixels[at + 2] = (byte) (x * x + y);
            }
        }
        return new RgbImage(WIDTH, HEIGHT, pixels);
    }

    /** Pseudo-random levels below a bound, by a generator that is easy to repeat elsewhere. */
    private static RgbImage noise(long seed, int bound) {
        byte[] pixels = new byte[3 * WIDTH * HEIGHT];
        long state = seed;
        for (int i = 0; i < pixels.length; i++) {
            state = (state * 1103515245L + 12345) % (1L << 31);
            pixels[i] = (byte) ((state >> 16) % bound);
        }
        return new RgbImage(WIDTH, HEIGHT, pixels);
    }
}
