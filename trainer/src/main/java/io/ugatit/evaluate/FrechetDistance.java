package io.ugatit.evaluate;

import io.ugatit.job.JobFailedException;
import org.apache.commons.math3.exception.MathRuntimeException;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.util.Precision;

/**
 * FID: the Frechet distance of the normal distributions with the means and unbiased covariances of two sets of features,
 * {@code |m1 - m2|^2 + Tr(C1 + C2 - 2 (C1 C2)^(1/2))} (Heusel et al., NIPS 2017). Biased: fewer samples give a larger distance, so
 * compare figures of the same numbers of images only.
 *
 * <p>The trace of the root is taken as that of {@code (R C2 R)^(1/2)} with {@code R = C1^(1/2)}, which is symmetric: its eigenvalues are
 * real, and with fewer samples than features, when the covariances have no full rank, what should be zero and is not stays out.
 */
final class FrechetDistance {
    private FrechetDistance() { }

    /**
     * @param x at least two samples of d features
     * @param y at least two samples of d features
     * @return at least 0
     * @throws JobFailedException if the eigenvalues cannot be found
     */
    static double between(float[][] x, float[][] y) {
        double[] meanX = mean(x);
        double[] meanY = mean(y);
        RealMatrix covarianceX = covariance(x, meanX);
        RealMatrix covarianceY = covariance(y, meanY);
        double squares = 0;
        for (int i = 0; i < meanX.length; i++) {
            squares += (meanX[i] - meanY[i]) * (meanX[i] - meanY[i]);
        }
        double trace = covarianceX.getTrace() + covarianceY.getTrace() - 2 * traceOfRoot(covarianceX, covarianceY);
        return Math.max(0, squares + trace);
    }

    private static double traceOfRoot(RealMatrix first, RealMatrix second) {
        try {
            EigenDecomposition parts = new EigenDecomposition(first);
            RealMatrix vectors = parts.getV();
            RealMatrix root = vectors.multiply(MatrixUtils.createRealDiagonalMatrix(roots(parts.getRealEigenvalues())))
                    .multiply(vectors.transpose());
            RealMatrix product = symmetric(root.multiply(second).multiply(root));
            double trace = 0;
            for (double value : roots(new EigenDecomposition(product).getRealEigenvalues())) {
                trace += value;
            }
            return trace;
        } catch (MathRuntimeException e) {
            throw new JobFailedException("cannot compute FID: " + e.getMessage() + "; the run is untouched", e);
        }
    }

    /** Square roots; of what rounding has left of a zero, zero. */
    private static double[] roots(double[] eigenvalues) {
        double largest = 0;
        for (double value : eigenvalues) {
            largest = Math.max(largest, value);
        }
        double noise = largest * eigenvalues.length * Precision.EPSILON;
        double[] roots = new double[eigenvalues.length];
        for (int i = 0; i < roots.length; i++) {
            roots[i] = eigenvalues[i] > noise ? Math.sqrt(eigenvalues[i]) : 0;
        }
        return roots;
    }

    private static RealMatrix symmetric(RealMatrix matrix) {
        return matrix.add(matrix.transpose()).scalarMultiply(0.5);
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

    private static RealMatrix covariance(float[][] samples, double[] mean) {
        int dimension = mean.length;
        double[][] sums = new double[dimension][dimension];
        double[] centred = new double[dimension];
        for (float[] sample : samples) {
            for (int i = 0; i < dimension; i++) {
                centred[i] = sample[i] - mean[i];
            }
            for (int i = 0; i < dimension; i++) {
                for (int j = 0; j <= i; j++) {
                    sums[i][j] += centred[i] * centred[j];
                }
            }
        }
        for (int i = 0; i < dimension; i++) {
            for (int j = 0; j <= i; j++) {
                sums[i][j] /= samples.length - 1;
                sums[j][i] = sums[i][j];
            }
        }
        return MatrixUtils.createRealMatrix(sums);
    }
}
