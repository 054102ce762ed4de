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

    /**
     * The sums of 32 x 32 equal rectangles, of pixels at their edges as much as lies inside: differences of the sums from the left and the
     * top up to their edges.
     */
    private static double[] gray(RgbImage image) {
        double[] gray = new double[CELLS * CELLS];
        double[] above = new double[CELLS];
        double[] aboveEdge = new double[CELLS];
        double[] row = new double[CELLS];
        int cell = 0;
        for (int y = 0; y < image.height(); y++) {
            row(image, y, row);
            for (double edge = edge(cell + 1, image.height()); cell < CELLS && edge <= y + 1; edge = edge(cell + 1, image.height())) {
                for (int column = 0; column < CELLS; column++) {
                    double sum = above[column] + (edge - y) * row[column];
                    gray[cell * CELLS + column] = sum - aboveEdge[column];
                    aboveEdge[column] = sum;
                }
                cell++;
            }
            for (int column = 0; column < CELLS; column++) {
                above[column] += row[column];
            }
        }
        return gray;
    }

    private static void row(RgbImage image, int y, double[] row) {
        byte[] pixels = image.pixels();
        int width = image.width();
        int at = 3 * y * width;
        int start = at;
        int red = 0;
        int green = 0;
        int blue = 0;
        double leftOfEdge = 0;
        for (int cell = 0; cell < CELLS; cell++) {
            double edge = edge(cell + 1, width);
            int whole = (int) edge;
            for (int end = start + 3 * whole; at < end; at += 3) {
                red += pixels[at] & 255;
                green += pixels[at + 1] & 255;
                blue += pixels[at + 2] & 255;
            }
            double sum = gray(red, green, blue);
            if (edge > whole) {
                sum += (edge - whole) * gray(pixels[at] & 255, pixels[at + 1] & 255, pixels[at + 2] & 255);
            }
            row[cell] = sum - leftOfEdge;
            leftOfEdge = sum;
        }
    }

    /** A thousand times the gray of ITU-R BT.601, as for television. */
    private static long gray(int red, int green, int blue) {
        return 299L * red + 587L * green + 114L * blue;
    }

    /** In pixels; exact, since a double holds 32nds. */
    private static double edge(int cell, int length) {
        return (double) cell * length / CELLS;
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
