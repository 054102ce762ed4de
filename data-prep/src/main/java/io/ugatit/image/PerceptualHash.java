package io.ugatit.image;

import java.util.Arrays;

/**
 * A hash of what an image looks like: similar images have hashes that differ in few bits. This is pHash (Zauner, "Implementation and
 * Benchmarking of Perceptual Image Hash Functions", 2010): the discrete cosine transform of the gray image at 32 x 32, of which the 64
 * lowest frequencies give a bit each, whether they are above their median. Brightness, compression and size hardly change them. Images of
 * one thing in different colours may have the same hash, and those without any contrast have about the same.
 */
public final class PerceptualHash {
    /** Bits of a hash. */
    public static final int BITS = 64;

    /** Side of the gray image. */
    private static final int CELLS = 32;
    /** Frequencies along each axis. */
    private static final int FREQUENCIES = 8;
    /** {@code WAVES[u * CELLS + x]} is cos(pi (2x + 1) u / 64); StrictMath gives the same bits on every machine. */
    private static final double[] WAVES = waves();

    private PerceptualHash() {}

    /**
     * Hashes an image. Allocates about 10 kB.
     *
     * @param image of any size
     * @return 64 bits; bit {@code 8 v + u} belongs to the frequencies v down and u across
     */
    public static long of(RgbImage image) {
        double[] waves = WAVES;
        double[] gray = gray(image);
        double[] across = new double[CELLS * FREQUENCIES];
        for (int y = 0; y < CELLS; y++) {
            for (int u = 0; u < FREQUENCIES; u++) {
                double sum = 0;
                for (int x = 0; x < CELLS; x++) {
                    sum += gray[y * CELLS + x] * waves[u * CELLS + x];
                }
                across[y * FREQUENCIES + u] = sum;
            }
        }
        double[] lowest = new double[BITS];
        for (int v = 0; v < FREQUENCIES; v++) {
            for (int u = 0; u < FREQUENCIES; u++) {
                double sum = 0;
                for (int y = 0; y < CELLS; y++) {
                    sum += across[y * FREQUENCIES + u] * waves[v * CELLS + y];
                }
                lowest[v * FREQUENCIES + u] = sum;
            }
        }
        return aboveMedian(lowest);
    }

    /**
     * In how many bits two hashes differ, 0 to 64: 32 or so if the images have nothing in common.
     *
     * @param one a hash
     * @param other a hash
     */
    public static int distance(long one, long other) {
        return Long.bitCount(one ^ other);
    }

    /** The means of 32 x 32 rectangles; where the image has fewer pixels, of the pixel that is there. */
    private static double[] gray(RgbImage image) {
        byte[] pixels = image.pixels();
        double[] gray = new double[CELLS * CELLS];
        for (int row = 0; row < CELLS; row++) {
            int top = start(row, image.height());
            int bottom = Math.max(top + 1, start(row + 1, image.height()));
            for (int column = 0; column < CELLS; column++) {
                int left = start(column, image.width());
                int right = Math.max(left + 1, start(column + 1, image.width()));
                long sum = 0;
                for (int y = top; y < bottom; y++) {
                    int end = 3 * (y * image.width() + right);
                    for (int at = 3 * (y * image.width() + left); at < end; at += 3) {
                        // ITU-R BT.601, as for television
                        sum += 299 * (pixels[at] & 255) + 587 * (pixels[at + 1] & 255) + 114 * (pixels[at + 2] & 255);
                    }
                }
                gray[row * CELLS + column] = (double) sum / ((long) (bottom - top) * (right - left));
            }
        }
        return gray;
    }

    private static int start(int cell, int length) {
        return (int) ((long) cell * length / CELLS);
    }

    /** The median leaves the lowest frequency out, the image's brightness. */
    private static long aboveMedian(double[] lowest) {
        double[] sorted = Arrays.copyOfRange(lowest, 1, BITS);
        Arrays.sort(sorted);
        double median = sorted[sorted.length / 2];
        long hash = 0;
        for (int i = 0; i < BITS; i++) {
            if (lowest[i] > median) {
                hash |= 1L << i;
            }
        }
        return hash;
    }

    private static double[] waves() {
        double[] waves = new double[FREQUENCIES * CELLS];
        for (int u = 0; u < FREQUENCIES; u++) {
            for (int x = 0; x < CELLS; x++) {
                waves[u * CELLS + x] = StrictMath.cos(StrictMath.PI * (2 * x + 1) * u / (2 * CELLS));
            }
        }
        return waves;
    }
}
