package io.ugatit.report;

/**
 * One quantity over the steps.
 *
 * @param steps ascending
 * @param values finite, one for each step
 */
record Curve(double[] steps, double[] values) {
    /** The moving mean spans about this part of the curve on either side. */
    private static final int REACHES_PER_CURVE = 40;

    boolean isEmpty() {
        return values.length == 0;
    }

    double last() {
        return values[values.length - 1];
    }

    /** The centred moving mean: no lag, unlike an exponential one; at both ends the window is cut. */
    Curve smoothed() {
        int n = values.length;
        double[] sums = new double[n + 1];
        for (int i = 0; i < n; i++) {
            sums[i + 1] = sums[i] + values[i];
        }
        double[] means = new double[n];
        for (int i = 0; i < n; i++) {
            int from = Math.max(0, i - n / REACHES_PER_CURVE);
            int to = Math.min(n, i + n / REACHES_PER_CURVE + 1);
            means[i] = (sums[to] - sums[from]) / (to - from);
        }
        return new Curve(steps, means);
    }
}
