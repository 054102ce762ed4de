package io.ugatit.evaluate.distance;

import java.util.OptionalDouble;
import java.util.stream.DoubleStream;

/**
 * KID: the unbiased estimate of the squared maximum mean discrepancy of two sets of features under the kernel {@code (x.y / d + 1)^3}
 * (Binkowski et al., Demystifying MMD GANs, ICLR 2018), over all samples at once. Its mean is 0 for two samples of one distribution, so
 * it may be negative. Takes time in proportion to the square of the samples, on all cores; the bits do not depend on their number.
 *
 * @param value the estimate
 * @param standardError how far it may be from the mean over all such sets: by the jackknife, which leaves out one sample at a time
 *     (Efron and Stein, The Jackknife Estimate of Variance, Annals of Statistics 1981); empty with fewer than three samples in a set
 */
public record KernelDistance(double value, OptionalDouble standardError) {

    /** The distance of two sets. */
    public static KernelDistance between(FeatureSet x, FeatureSet y) {
        return of(x.within(), y.within(), KernelSums.between(x.rows(), y.rows()));
    }

    /**
     * The estimate alone.
     *
     * @param x at least two samples of d features
     * @param y at least two samples of d features
     */
    static double between(float[][] x, float[][] y) {
        return of(KernelSums.within(x), KernelSums.within(y), KernelSums.between(x, y)).value();
    }

    private static KernelDistance of(double[] x, double[] y, KernelSums across) {
        double n = x.length;
        double m = y.length;
        double sumX = sum(x);
        double sumY = sum(y);
        double sum = sum(across.byX());
        double value = sumX / (n * (n - 1)) + sumY / (m * (m - 1)) - 2 * sum / (n * m);
        if (Math.min(n, m) < 3) {
            return new KernelDistance(value, OptionalDouble.empty());
        }
        double variance = jackknife(x, sumX, across.byX(), sum, sumY / (m * (m - 1)), m)
                + jackknife(y, sumY, across.byY(), sum, sumX / (n * (n - 1)), n);
        return new KernelDistance(value, OptionalDouble.of(Math.sqrt(variance)));
    }

    /** What leaving out one sample of the first set at a time says of the estimate's variance. */
    private static double jackknife(double[] within, double sumWithin, double[] across, double sumAcross, double other, double m) {
        int n = within.length;
        double[] without = new double[n];
        for (int i = 0; i < n; i++) {
            without[i] = (sumWithin - 2 * within[i]) / ((n - 1.0) * (n - 2.0)) + other - 2 * (sumAcross - across[i]) / ((n - 1.0) * m);
        }
        double mean = sum(without) / n;
        double squares = 0;
        for (double value : without) {
            squares += (value - mean) * (value - mean);
        }
        return squares * (n - 1) / n;
    }

    private static double sum(double[] values) {
        // a sequential stream adds in order
        return DoubleStream.of(values).sum();
    }
}
