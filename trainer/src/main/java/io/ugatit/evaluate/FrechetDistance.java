package io.ugatit.evaluate;

import java.util.Arrays;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.QRDecomposition;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.SingularValueDecomposition;

/**
 * FID: the Frechet distance of the normal distributions with the means and unbiased covariances of two sets of features,
 * {@code |m1 - m2|^2 + Tr(C1 + C2 - 2 (C1 C2)^(1/2))} (Heusel et al., NIPS 2017). Biased: fewer samples give a larger distance, so
 * compare figures of the same numbers of images only.
 *
 * <p>With {@code C1 = A^T A} and {@code C2 = B^T B}, where the rows of A and B are the centred samples over the root of their number less
 * one, the trace of the root is the sum of the singular values of {@code A B^T}. No covariance is formed and no root taken, so fewer
 * samples than features, whose covariances have no full rank, cost no accuracy.
 */
final class FrechetDistance {
    private FrechetDistance() { }

    /**
     * @param x at least two samples of d features
     * @param y at least two samples of d features
     * @return at least 0
     */
    static double between(float[][] x, float[][] y) {
        double[] meanX = mean(x);
        double[] meanY = mean(y);
        double squares = 0;
        for (int i = 0; i < meanX.length; i++) {
            squares += (meanX[i] - meanY[i]) * (meanX[i] - meanY[i]);
        }
        RealMatrix a = factor(x, meanX);
        RealMatrix b = factor(y, meanY);
        double root = Arrays.stream(new SingularValueDecomposition(a.multiply(b.transpose())).getSingularValues()).sum();
        return Math.max(0, squares + trace(a) + trace(b) - 2 * root);
    }

    /** A matrix F of at most as many rows as there are features, with {@code F^T F} the covariance. */
    private static RealMatrix factor(float[][] samples, double[] mean) {
        double scale = 1 / Math.sqrt(samples.length - 1);
        double[][] centred = new double[samples.length][mean.length];
        for (int i = 0; i < samples.length; i++) {
            for (int j = 0; j < mean.length; j++) {
                centred[i][j] = (samples[i][j] - mean[j]) * scale;
            }
        }
        RealMatrix factor = new Array2DRowRealMatrix(centred, false);
        return samples.length <= mean.length ? factor
                : new QRDecomposition(factor).getR().getSubMatrix(0, mean.length - 1, 0, mean.length - 1);
    }

    /** The trace of the covariance. */
    private static double trace(RealMatrix factor) {
        double norm = factor.getFrobeniusNorm();
        return norm * norm;
    }

    private static double[] mean(float[][] samples) {
        double[] mean = new double[samples[0].length];
        for (float[] sample : samples) {
            for (int i = 0; i < mean.length; i++) {
                mean[i] += sample[i];
            }
        }
        for (int i = 0; i < mean.length; i++) {
            mean[i] /= samples.length;
        }
        return mean;
    }
}
