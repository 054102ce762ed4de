package io.ugatit.evaluate;

import java.util.function.IntToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * KID: the unbiased estimate of the squared maximum mean discrepancy of two sets of features under the kernel {@code (x.y / d + 1)^3}
 * (Binkowski et al., Demystifying MMD GANs, ICLR 2018), over all samples at once. Its mean is 0 for two samples of one distribution, so
 * it may be negative. Takes time in proportion to the square of the samples, on all cores; the bits do not depend on their number.
 */
final class KernelDistance {
    private KernelDistance() { }

    /**
     * @param x at least two samples of d features
     * @param y at least two samples of d features
     */
    static double between(float[][] x, float[][] y) {
        return withinMean(x) + withinMean(y) - 2 * mean(x, y);
    }

    private static double mean(float[][] x, float[][] y) {
        return rows(x.length, i -> {
            double sum = 0;
            for (float[] other : y) {
                sum += kernel(x[i], other);
            }
            return sum;
        }) / ((double) x.length * y.length);
    }

    /** Over all pairs of two different samples: without them the estimate is unbiased. */
    private static double withinMean(float[][] x) {
        return 2 * rows(x.length, i -> {
            double sum = 0;
            for (int j = 0; j < i; j++) {
                sum += kernel(x[i], x[j]);
            }
            return sum;
        }) / ((double) x.length * (x.length - 1));
    }

    private static double rows(int count, IntToDoubleFunction row) {
        double[] sums = IntStream.range(0, count).parallel().mapToDouble(row).toArray();
        // a sequential stream adds in order
        return DoubleStream.of(sums).sum();
    }

    private static double kernel(float[] x, float[] y) {
        double product = 0;
        for (int i = 0; i < x.length; i++) {
            product += (double) x[i] * y[i];
        }
        double base = product / x.length + 1;
        return base * base * base;
    }
}
