package io.ugatit.evaluate.distance;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * How real single images look to the features (Kynkaanniemi et al., Improved Precision and Recall Metric for Assessing Generative Models,
 * NeurIPS 2019, section 5): {@code R(x) = max over y of |y - y'| / |x - y|}, where y are real samples and y' is the third nearest other real
 * sample of y. It is 1 or more where x is as near to a real sample as real samples are to each other. As in the paper, only those y count
 * whose own distance is not above the median: those alone in a wide place would vouch for anything.
 */
public final class Realism {
    /** Of a sample that is a real one, bit by bit, or as good as. */
    public static final double MOST = 1000;
    private static final int NEIGHBOUR = 3;
    private static final int BLOCK = 256;

    private Realism() { }

    /**
     * The figure for each sample of a set, by blocks of constant size on all cores; the bits do not depend on how many there are.
     *
     * @param x to be judged
     * @param real at least two; with fewer than four the farthest other one is taken for the third nearest
     * @return 0 to {@link #MOST}
     */
    public static double[] of(FeatureSet x, FeatureSet real) {
        float[][] y = real.rows();
        double[] radii = radii(y);
        double[] sorted = radii.clone();
        Arrays.sort(sorted);
        double median = sorted[(sorted.length - 1) / 2];
        double[] realism = new double[x.size()];
        forEachDistance(x.rows(), y, (i, j, distance) -> {
            if (radii[j] <= median) {
                realism[i] = Math.max(realism[i], distance * MOST > radii[j] ? radii[j] / distance : MOST);
            }
        });
        return realism;
    }

    /** From each sample to its third nearest other one. */
    private static double[] radii(float[][] y) {
        int neighbour = Math.min(NEIGHBOUR, y.length - 1);
        double[][] nearest = new double[y.length][neighbour];
        for (double[] distances : nearest) {
            Arrays.fill(distances, Double.POSITIVE_INFINITY);
        }
        forEachDistance(y, y, (i, j, distance) -> {
            double[] sorted = nearest[i];
            if (i != j && distance < sorted[neighbour - 1]) {
                int place = neighbour - 1;
                while (place > 0 && sorted[place - 1] > distance) {
                    sorted[place] = sorted[place - 1];
                    place--;
                }
                sorted[place] = distance;
            }
        });
        return Arrays.stream(nearest).mapToDouble(distances -> distances[neighbour - 1]).toArray();
    }

    private interface Pair {
        void at(int i, int j, double distance);
    }

    /** All pairs of one i come one after the other in the same thread. */
    private static void forEachDistance(float[][] x, float[][] y, Pair pair) {
        double[] squaresX = squares(x);
        double[] squaresY = squares(y);
        IntStream.range(0, (x.length + BLOCK - 1) / BLOCK).parallel().forEach(block -> {
            int from = block * BLOCK;
            int rows = Math.min(BLOCK, x.length - from);
            double[] left = FeatureSet.block(x, from, from + rows);
            for (int begin = 0; begin < y.length; begin += BLOCK) {
                int columns = Math.min(BLOCK, y.length - begin);
                double[] products = OpenBlas.products(left, rows, FeatureSet.block(y, begin, begin + columns), columns, x[0].length);
                for (int i = 0; i < rows; i++) {
                    for (int j = 0; j < columns; j++) {
                        double squared = squaresX[from + i] + squaresY[begin + j] - 2 * products[i * columns + j];
                        pair.at(from + i, begin + j, Math.sqrt(Math.max(0, squared)));
                    }
                }
            }
        });
    }

    private static double[] squares(float[][] rows) {
        return Arrays.stream(rows).mapToDouble(row -> {
            double sum = 0;
            for (float value : row) {
                sum += (double) value * value;
            }
            return sum;
        }).toArray();
    }
}
