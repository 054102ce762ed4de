package io.ugatit.image;

import io.ugatit.image.strip.StripResize;
import io.ugatit.image.strip.Strips;
import io.ugatit.image.strip.Weights;
import io.ugatit.image.strip.WideVectors;
import java.util.Arrays;

/**
 * Pillow's antialiased resizes, byte for byte: a filter as wide as the reduction, in two passes with fixed-point weights, rounded to 8 bits
 * after each pass. Metrics move by points when training and evaluation resize differently, so every image of the project goes through here,
 * by the bilinear filter ({@code Image.resize((w, h), Image.BILINEAR)}) unless something else is wanted by name.
 */
public final class Resize {
    private Resize() {}

    /**
     * Resizes an image by the bilinear filter.
     *
     * @param image the image; returned as it is if it has the size already
     * @param width columns wanted, at least 1
     * @param height rows wanted, at least 1
     * @return the image in the wanted size
     * @throws IllegalArgumentException if the wanted size is not positive or holds more than an array can
     */
    public static RgbImage bilinear(RgbImage image, int width, int height) {
        requirePossible(width, height);
        if (width == image.width() && height == image.height()) {
            return image;
        }
        if (!WideVectors.AVAILABLE || isRowsFirst(image.width(), image.height(), height) || !StripResize.isPossible(image.width(), image.height(), width, height)) {
            return inTwoPasses(image, width, height);
        }
        StripResize resized = new StripResize(0, 0, Weights.triangle(image.width(), width), Weights.triangle(image.height(), height));
        Strips.of(image.pixels(), image.width(), image.height(), resized);
        return new RgbImage(width, height, resized.rgb());
    }

    /**
     * Whether rows are resized before columns: of what is more than a hundred times as high as it is wide and becomes lower, as Pillow's
     * {@code Image.resize} has it. Rounding makes a difference of one level.
     *
     * @param width columns of the image
     * @param height rows of the image
     * @param outHeight rows wanted
     */
    static boolean isRowsFirst(int width, int height, int outHeight) {
        return height > 100L * width && outHeight < height;
    }

    /** The same without vectors. */
    static RgbImage inTwoPasses(RgbImage image, int width, int height) {
        return inTwoPasses(image, width, height, Weights::triangle);
    }

    /**
     * Resizes an image by Pillow's bicubic filter ({@code Image.resize((w, h), Image.BICUBIC)}), without vectors.
     *
     * @param image the image; returned as it is if it has the size already
     * @param width columns wanted, at least 1
     * @param height rows wanted, at least 1
     * @return the image in the wanted size
     * @throws IllegalArgumentException if the wanted size is not positive or holds more than an array can
     */
    public static RgbImage bicubic(RgbImage image, int width, int height) {
        requirePossible(width, height);
        return inTwoPasses(image, width, height, Weights::cubic);
    }

    private static void requirePossible(int width, int height) {
        if (width < 1 || height < 1 || 3L * width * height > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("cannot resize to " + width + " x " + height);
        }
    }

    private interface Filter {
        Weights between(int inSize, int outSize);
    }

    private static RgbImage inTwoPasses(RgbImage image, int width, int height, Filter filter) {
        if (isRowsFirst(image.width(), image.height(), height)) {
            RgbImage low = vertical(image, filter.between(image.height(), height));
            return width == image.width() ? low : horizontal(low, filter.between(image.width(), width));
        }
        RgbImage result = image;
        Weights vertical = filter.between(image.height(), height);
        if (width != image.width()) {
            result = horizontal(result, filter.between(image.width(), width));
        }
        return height == image.height() ? result : vertical(result, vertical);
    }

    private static RgbImage horizontal(RgbImage image, Weights weights) {
        int width = weights.first().length;
        byte[] in = image.pixels();
        byte[] out = new byte[3 * width * image.height()];
        int o = 0;
        for (int y = 0; y < image.height(); y++) {
            int row = 3 * y * image.width();
            for (int x = 0; x < width; x++) {
                int[] w = weights.values()[x];
                int i = row + 3 * weights.first()[x];
                int r = Weights.HALF;
                int g = Weights.HALF;
                int b = Weights.HALF;
                for (int weight : w) {
                    r += (in[i] & 0xff) * weight;
                    g += (in[i + 1] & 0xff) * weight;
                    b += (in[i + 2] & 0xff) * weight;
                    i += 3;
                }
                out[o] = clip(r);
                out[o + 1] = clip(g);
                out[o + 2] = clip(b);
                o += 3;
            }
        }
        return new RgbImage(width, image.height(), out);
    }

    private static RgbImage vertical(RgbImage image, Weights weights) {
        int height = weights.first().length;
        int stride = 3 * image.width();
        byte[] in = image.pixels();
        byte[] out = new byte[stride * height];
        int[] sums = new int[stride];
        for (int y = 0; y < height; y++) {
            Arrays.fill(sums, Weights.HALF);
            int row = weights.first()[y] * stride;
            for (int weight : weights.values()[y]) {
                for (int x = 0; x < stride; x++) {
                    sums[x] += (in[row + x] & 0xff) * weight;
                }
                row += stride;
            }
            for (int x = 0; x < stride; x++) {
                out[y * stride + x] = clip(sums[x]);
            }
        }
        return new RgbImage(image.width(), height, out);
    }

    private static byte clip(int sum) {
        return (byte) Math.max(0, Math.min(255, sum >> Weights.PRECISION_BITS));
    }
}
