package io.ugatit.evaluate.distance;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * MIND, the Monge Inception Distance (Berthet et al., arXiv 2605.06797): the squared sliced Wasserstein distance of two sets of d features
 * times 3 d. That is, the mean over random directions of the squared 2-Wasserstein distance between both sets' projections, which sorting
 * gives exactly, for sets of different sizes too. At least 0; biased: two sets of one distribution are apart, the less the larger they are.
 *
 * <p>On all cores; the bits do not depend on their number.
 */
public final class SlicedDistance {
    /** How many directions there are. */
    public static final int DIRECTIONS = 1000;
    /** The factor for each feature that gives it the range of FID. */
    private static final double FACTOR = 3;
    private static final int BLOCK = 50;

    private SlicedDistance() { }

    /** The distance of two sets. @param seed of the directions; another gives others */
    public static double between(FeatureSet x, FeatureSet y, long seed) {
        double[] directions = directions(x.width(), seed);
        double[] squares = IntStream.range(0, DIRECTIONS / BLOCK).parallel().boxed().flatMapToDouble(block -> {
            double[] some = Arrays.copyOfRange(directions, block * BLOCK * x.width(), (block + 1) * BLOCK * x.width());
            double[][] ofX = projections(x, some);
            double[][] ofY = projections(y, some);
            return IntStream.range(0, BLOCK).mapToDouble(i -> squared(ofX[i], ofY[i]));
        }).toArray();
        return FACTOR * x.width() * Arrays.stream(squares).sum() / DIRECTIONS;
    }

    /** Evenly distributed on the sphere, one after the other. */
    private static double[] directions(int width, long seed) {
        // its generator of normal values is specified to the bit
        Random random = new Random(seed);
        double[] directions = new double[DIRECTIONS * width];
        for (int begin = 0; begin < directions.length; begin += width) {
            double norm = 0;
            for (int i = begin; i < begin + width; i++) {
                directions[i] = random.nextGaussian();
                norm += directions[i] * directions[i];
            }
            for (int i = begin; i < begin + width; i++) {
                directions[i] /= Math.sqrt(norm);
            }
        }
        return directions;
    }

    /** For each direction the samples' projections, ascending. */
    private static double[][] projections(FeatureSet set, double[] directions) {
        double[][] result = new double[BLOCK][set.size()];
        for (int from = 0; from < set.size(); from += BLOCK) {
            int columns = Math.min(BLOCK, set.size() - from);
            double[] products = OpenBlas.products(directions, BLOCK, FeatureSet.block(set.rows(), from, from + columns), columns, set.width());
            for (int i = 0; i < BLOCK; i++) {
                System.arraycopy(products, i * columns, result[i], from, columns);
            }
        }
        for (double[] values : result) {
            Arrays.sort(values);
        }
        return result;
    }

    /** The squared 2-Wasserstein distance of two sets of numbers, ascending: that of their quantile functions. */
    static double squared(double[] x, double[] y) {
        double sum = 0;
        // in units of 1 / (n m), so that steps of both functions are whole numbers
        long at = 0;
        int i = 0;
        int j = 0;
        while (i < x.length) {
            long endX = (i + 1L) * y.length;
            long endY = (j + 1L) * x.length;
            long end = Math.min(endX, endY);
            sum += (end - at) * (x[i] - y[j]) * (x[i] - y[j]);
            at = end;
            i += end == endX ? 1 : 0;
            j += end == endY ? 1 : 0;
        }
        return sum / ((double) x.length * y.length);
    }
}
