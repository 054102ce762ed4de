package io.ugatit.evaluate;

import io.ugatit.image.RgbImage;
import java.io.Serializable;

/**
 * How much one image is like another.
 *
 * @param ssim structural similarity, -1 to 1
 * @param l1 mean absolute difference of the values, which are -1 to 1
 */
record Likeness(double ssim, double l1) implements Serializable {
    /** Levels of a value from -1 to 1: 255 steps. */
    private static final double STEPS = 127.5;

    /** Of two images of one size, at least 11 x 11 pixels. */
    static Likeness of(RgbImage x, RgbImage y) {
        long sum = 0;
        for (int i = 0; i < x.pixels().length; i++) {
            sum += Math.abs((x.pixels()[i] & 0xff) - (y.pixels()[i] & 0xff));
        }
        return new Likeness(Ssim.of(x, y), sum / STEPS / x.pixels().length);
    }
}
