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
    /** Directions whose projections a core holds at once, fewer for large sets: 32 MB of them at most. */
    private static final int[] BLOCKS = {50, 25, 10, 5, 2, 1};
    private static final int MOST_PROJECTIONS = 4_000_000;
    private static final int SAMPLES = 50;

    private SlicedDistance() { }

    /** The distance of two sets. @param seed of the directions; another gives others */
    public static double between(FeatureSet x, FeatureSet y, long seed) {
        double[] directions = directions(x.width(), seed);
        int block = block(x.size() + y.size());
        double[] squares = IntStream.range(0, DIRECTIONS / block).parallel().boxed().flatMapToDouble(number -> {
            double[] some = Arrays.copyOfRange(directions, number * block * x.width(), (number + 1) * block * x.width());
            double[][] ofX = projections(x, some, block);
            double[][] ofY = projections(y, some, block);
            return IntStream.range(0, block).mapToDouble(i -> squared(ofX[i], ofY[i]));
        }).toArray();
        return FACTOR * x.width() * Arrays.stream(squares).sum() / DIRECTIONS;
    }

    /** How many directions are taken at once, of both sets' samples together. */
    static int block(int samples) {
        return Arrays.stream(BLOCKS).filter(block -> (long) block * samples <= MOST_PROJECTIONS).findFirst().orElse(1);
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

    /** For each of so many directions the samples' projections, ascending. */
    private static double[][] projections(FeatureSet set, double[] directions, int count) {
        double[][] result = new double[count][set.size()];
        for (int from = 0; from < set.size(); from += SAMPLES) {
            int columns = Math.min(SAMPLES, set.size() - from);
            double[] products = OpenBlas.products(directions, count, FeatureSet.block(set.rows(), from, from + columns), columns, set.width());
            for (int i = 0; i < count; i++) {
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
