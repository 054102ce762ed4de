package io.ugatit.image.strip;

import java.util.function.DoubleUnaryOperator;

/**
 * One of Pillow's filters for one direction: for each output position the first input position it draws from and the fixed-point weights
 * from there on.
 *
 * @param first per output position
 * @param values per output position, as many as it draws from
 */
public record Weights(int[] first, int[][] values) {
    /** Pillow's: 32 bits hold an 8-bit value times a weight, with 2 bits to spare for the sum. */
    public static final int PRECISION_BITS = 32 - 8 - 2;

    /** What rounds a weighted sum that is shifted by {@link #PRECISION_BITS}. */
    public static final int HALF = 1 << (PRECISION_BITS - 1);

    /**
     * Pillow's BILINEAR.
     *
     * @param inSize positions there are, at least 1
     * @param outSize positions wanted, at least 1
     */
    public static Weights triangle(int inSize, int outSize) {
        return of(inSize, outSize, 1, x -> Math.max(1.0 - Math.abs(x), 0.0));
    }

    /**
     * Pillow's BICUBIC: Keys' kernel with a = -1/2.
     *
     * @param inSize positions there are, at least 1
     * @param outSize positions wanted, at least 1
     */
    public static Weights cubic(int inSize, int outSize) {
        return of(inSize, outSize, 2, Weights::cubic);
    }

    private static double cubic(double signed) {
        double x = Math.abs(signed);
        if (x < 1) {
            return (1.5 * x - 2.5) * x * x + 1;
        }
        return x < 2 ? (((x - 5) * x + 8) * x - 4) * -0.5 : 0;
    }

    /**
     * Pillow's precompute_coeffs and normalize_coeffs_8bpc, in the same order of double operations.
     *
     * @param reach beyond which the filter is 0
     */
    private static Weights of(int inSize, int outSize, double reach, DoubleUnaryOperator filter) {
        double scale = (double) inSize / outSize;
        double widening = Math.max(scale, 1.0);
        double support = reach * widening;
        double inverse = 1.0 / widening;
        int[] first = new int[outSize];
        int[][] values = new int[outSize][];
        for (int i = 0; i < outSize; i++) {
            double center = (i + 0.5) * scale;
            int from = Math.max((int) (center - support + 0.5), 0);
            int to = Math.min((int) (center + support + 0.5), inSize);
            double[] w = new double[to - from];
            double total = 0;
            for (int k = 0; k < w.length; k++) {
                w[k] = filter.applyAsDouble((k + from - center + 0.5) * inverse);
                total += w[k];
            }
            first[i] = from;
            values[i] = new int[w.length];
            for (int k = 0; k < w.length; k++) {
                double weight = total == 0 ? w[k] : w[k] / total;
                values[i][k] = (int) ((weight < 0 ? -0.5 : 0.5) + weight * (1 << PRECISION_BITS));
            }
        }
        return new Weights(first, values);
    }

    /** The bytes that {@link #triangle} takes, about: neighbours overlap by half. */
    static long bytes(int inSize, int outSize) {
        return Integer.BYTES * (3L * inSize + 12L * outSize);
    }

    /** The same for input and output that both run the other way. */
    public Weights reversed() {
        int count = first.length;
        int end = end();
        int[] reversedFirst = new int[count];
        int[][] reversedValues = new int[count][];
        for (int i = 0; i < count; i++) {
            int[] weights = values[count - 1 - i];
            reversedFirst[i] = end - first[count - 1 - i] - weights.length;
            reversedValues[i] = new int[weights.length];
            for (int k = 0; k < weights.length; k++) {
                reversedValues[i][k] = weights[weights.length - 1 - k];
            }
        }
        return new Weights(reversedFirst, reversedValues);
    }

    /** How many input positions there are. */
    int end() {
        int last = first.length - 1;
        return first[last] + values[last].length;
    }

    /** How many input positions an output position draws from, at most. */
    int longest() {
        int longest = 0;
        for (int[] weights : values) {
            longest = Math.max(longest, weights.length);
        }
        return longest;
    }
}
