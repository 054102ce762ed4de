package io.ugatit.report.chart;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * One quantity over the steps.
 *
 * @param steps ascending
 * @param values finite, one for each step
 */
public record Curve(double[] steps, double[] values) {
    /** What is larger than this is no measurement, and could not be summed up. */
    private static final double LARGEST = 1e100;
    /** The moving mean spans about this part of the curve on either side. */
    private static final int REACHES_PER_CURVE = 40;

    /** Whether a number can be a value: it is finite, and of a size that sums can be taken of. */
    public static boolean canHold(double value) {
        return Math.abs(value) <= LARGEST;
    }

    /** Whether there is no value. */
    public boolean isEmpty() {
        return values.length == 0;
    }

    /** What can be drawn by equal ratios: the values above zero. */
    Curve positive() {
        int[] kept = IntStream.range(0, values.length).filter(i -> values[i] > 0).toArray();
        return new Curve(Arrays.stream(kept).mapToDouble(i -> steps[i]).toArray(), Arrays.stream(kept).mapToDouble(i -> values[i]).toArray());
    }

    /** The value at the last step; there must be one. */
    public double last() {
        return values[values.length - 1];
    }

    /**
     * The mean of two curves, at the steps that both have.
     *
     * @param one a curve
     * @param other another curve
     */
    public static Curve mean(Curve one, Curve other) {
        double[] steps = new double[Math.min(one.steps.length, other.steps.length)];
        double[] values = new double[steps.length];
        int shared = 0;
        for (int i = 0, j = 0; i < one.steps.length && j < other.steps.length;) {
            if (one.steps[i] == other.steps[j]) {
                steps[shared] = one.steps[i];
                values[shared++] = (one.values[i++] + other.values[j++]) / 2;
            } else if (one.steps[i] < other.steps[j]) {
                i++;
            } else {
                j++;
            }
        }
        return new Curve(Arrays.copyOf(steps, shared), Arrays.copyOf(values, shared));
    }

    /** The centred moving mean: no lag, unlike an exponential one; at both ends the window is cut. */
    Curve smoothed() {
        int n = values.length;
        double[] means = new double[n];
        for (int i = 0; i < n; i++) {
            int from = Math.max(0, i - n / REACHES_PER_CURVE);
            int to = Math.min(n, i + n / REACHES_PER_CURVE + 1);
            double sum = 0; // of these alone: a running sum keeps nothing of what is small after one value that is very large
            for (int j = from; j < to; j++) {
                sum += values[j];
            }
            means[i] = sum / (to - from);
        }
        return new Curve(steps, means);
    }
}
