package io.ugatit.evaluate.distance;

/**
 * FID: the Frechet distance of the normal distributions with the means and unbiased covariances of two sets of features,
 * {@code |m1 - m2|^2 + Tr(C1 + C2 - 2 (C1 C2)^(1/2))} (Heusel et al., NIPS 2017). Biased: fewer samples give a larger distance, so
 * compare figures of the same numbers of images only.
 *
 * <p>With {@code C1 = A^T A} and {@code C2 = B^T B} the trace of the root is the sum of the singular values of {@code A B^T}: no root is
 * taken of anything.
 */
public final class FrechetDistance {
    private FrechetDistance() { }

    /** The distance of two sets, at least 0. */
    public static double between(FeatureSet x, FeatureSet y) {
        CovarianceFactor a = x.factor();
        CovarianceFactor b = y.factor();
        double squares = 0;
        for (int i = 0; i < a.mean().length; i++) {
            squares += (a.mean()[i] - b.mean()[i]) * (a.mean()[i] - b.mean()[i]);
        }
        double[] products = OpenBlas.products(a.matrix(), a.rows(), b.matrix(), b.rows(), a.mean().length);
        // row by row it is the transpose column by column, whose singular values are the same
        double root = OpenBlas.singularValues(products, b.rows(), a.rows());
        return Math.max(0, squares + a.trace() + b.trace() - 2 * root);
    }
}
