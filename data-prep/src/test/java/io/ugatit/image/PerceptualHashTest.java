package io.ugatit.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PerceptualHashTest {
    /** By the definition: a wave of few periods is one frequency. */
    @Test
    void aFrequencyIsItsBit() {
        int side = 64;
        byte[] pixels = new byte[3 * side * side];
        for (int y = 0; y < side; y++) {
            for (int x = 0; x < side; x++) {
                double wave = Math.cos(Math.PI * (2 * x + 1) * 3 / (2 * side)) * Math.cos(Math.PI * (2 * y + 1) * 5 / (2 * side));
                Arrays.fill(pixels, 3 * (y * side + x), 3 * (y * side + x) + 3, (byte) Math.round(127.5 + 100 * wave));
            }
        }
        long hash = PerceptualHash.of(new RgbImage(side, side, pixels));
        assertThat(hash & 1L << 5 * 8 + 3).as("three across, five down").isNotZero();
    }

    @Test
    void copiesOfOtherSizesQualityAndBrightnessHaveSimilarHashesAndOtherImagesHaveNot() throws IOException {
        ImageDecoder decoder = new ImageDecoder();
        for (int seed = 0; seed < 10; seed++) {
            RgbImage image = drawn(seed);
            long hash = PerceptualHash.of(image);
            assertThat(PerceptualHash.distance(hash, PerceptualHash.of(Resize.bilinear(image, 120, 120)))).isLessThan(5);
            assertThat(PerceptualHash.distance(hash, PerceptualHash.of(decoder.decode(ImageEncoder.JPEG.encode(image))))).isLessThan(5);
            byte[] darker = image.pixels().clone();
            for (int i = 0; i < darker.length; i++) {
                darker[i] = (byte) ((darker[i] & 255) * 3 / 4);
            }
            assertThat(PerceptualHash.distance(hash, PerceptualHash.of(new RgbImage(256, 256, darker)))).isLessThan(5);
            assertThat(PerceptualHash.distance(hash, PerceptualHash.of(drawn(seed + 100)))).isGreaterThan(10);
        }
    }

    @Test
    void anySizeHasAHash() {
        assertThat(PerceptualHash.of(new RgbImage(1, 1, new byte[3]))).isEqualTo(PerceptualHash.of(new RgbImage(5, 700, new byte[3 * 5 * 700])));
        assertThat(Long.bitCount(PerceptualHash.of(Resize.bilinear(drawn(3), 20, 20)))).isBetween(30, 33);
    }

    /** Fixed: hashes of one version are compared with those of the next. */
    @Test
    void theHashOfAnImageNeverChanges() {
        assertThat(PerceptualHash.of(drawn(1))).isEqualTo(7588597367693580247L);
    }

    private static RgbImage drawn(int seed) {
        byte[] few = new byte[3 * 9 * 9];
        new Random(seed).nextBytes(few);
        return Resize.bilinear(new RgbImage(9, 9, few), 256, 256);
    }
}
