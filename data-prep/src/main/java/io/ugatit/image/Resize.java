package io.ugatit.image;

import java.util.Arrays;

/**
 * Pillow's antialiased bilinear resize ({@code Image.resize((w, h), Image.BILINEAR)}), byte for byte: a triangle filter as wide as the
 * reduction, in two passes with fixed-point weights, rounded to 8 bits after each pass. Metrics move by points when training and
 * evaluation resize differently, so every image of the project goes through here.
 */
public final class Resize {
    /** Pillow's: 32 bits hold an 8-bit value times a weight, with 2 bits to spare for the sum. */
    private static final int PRECISION_BITS = 32 - 8 - 2;

    private static final int HALF = 1 << (PRECISION_BITS - 1);

    private Resize() {}

    /**
     * Resizes an image.
     *
     * @param image the image; returned as it is if it has the size already
     * @param width columns wanted, at least 1
     * @param height rows wanted, at least 1
     * @return the image in the wanted size
     * @throws IllegalArgumentException if the wanted size is not positive or holds more than an array can
     */
    public static RgbImage bilinear(RgbImage image, int width, int height) {
        if (width < 1 || height < 1 || 3L * width * height > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("cannot resize to " + width + " x " + height);
        }
        RgbImage result = image;
        Weights vertical = Weights.triangle(image.height(), height);
        if (width != image.width()) {
            result = horizontal(result, Weights.triangle(image.width(), width));
        }
        return height == image.height() ? result : vertical(result, vertical);
    }

    private static RgbImage horizontal(RgbImage image, Weights weights) {
        int width = weights.first.length;
        byte[] in = image.pixels();
        byte[] out = new byte[3 * width * image.height()];
        int o = 0;
        for (int y = 0; y < image.height(); y++) {
            int row = 3 * y * image.width();
            for (int x = 0; x < width; x++) {
                int[] w = weights.values[x];
                int i = row + 3 * weights.first[x];
                int r = HALF;
                int g = HALF;
                int b = HALF;
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
        int height = weights.first.length;
        int stride = 3 * image.width();
        byte[] in = image.pixels();
        byte[] out = new byte[stride * height];
        int[] sums = new int[stride];
        for (int y = 0; y < height; y++) {
            Arrays.fill(sums, HALF);
            int row = weights.first[y] * stride;
            for (int weight : weights.values[y]) {
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
        return (byte) Math.max(0, Math.min(255, sum >> PRECISION_BITS));
    }

    /**
     * For each output position the first input position it draws from and the fixed-point weights from there on.
     *
     * @param first per output position
     * @param values per output position, as many as it draws from
     */
    private record Weights(int[] first, int[][] values) {
        /** Pillow's precompute_coeffs and normalize_coeffs_8bpc, in the same order of double operations. */
        static Weights triangle(int inSize, int outSize) {
            double scale = (double) inSize / outSize;
            double filterScale = Math.max(scale, 1.0);
            double support = filterScale;
            double inverse = 1.0 / filterScale;
            int[] first = new int[outSize];
            int[][] values = new int[outSize][];
            for (int i = 0; i < outSize; i++) {
                double center = (i + 0.5) * scale;
                int from = Math.max((int) (center - support + 0.5), 0);
                int to = Math.min((int) (center + support + 0.5), inSize);
                double[] w = new double[to - from];
                double total = 0;
                for (int k = 0; k < w.length; k++) {
                    w[k] = Math.max(1.0 - Math.abs((k + from - center + 0.5) * inverse), 0.0);
                    total += w[k];
                }
                first[i] = from;
                values[i] = new int[w.length];
                for (int k = 0; k < w.length; k++) {
                    double weight = total == 0 ? w[k] : w[k] / total;
                    values[i][k] = (int) (0.5 + weight * (1 << PRECISION_BITS));
                }
            }
            return new Weights(first, values);
        }
    }
}
