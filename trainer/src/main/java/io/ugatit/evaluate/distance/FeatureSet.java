package io.ugatit.evaluate.distance;

/**
 * The features of one set of images, and what every comparison with another set needs of them, computed when it is first needed: the sums of
 * the kernel (a number an image), and a factor of the covariance (at most as many rows as there are features). Not thread-safe.
 */
public final class FeatureSet {
    private final float[][] rows;
    private double[] within;
    private CovarianceFactor factor;

    /** @param rows at least two samples, each of as many finite features; not copied */
    public FeatureSet(float[][] rows) {
        if (rows.length < 2) {
            throw new IllegalArgumentException("at least two samples are needed, not " + rows.length);
        }
        this.rows = rows;
    }

    /** The samples. */
    float[][] rows() {
        return rows;
    }

    /** How many samples there are. */
    public int size() {
        return rows.length;
    }

    /** How many features each has. */
    int width() {
        return rows[0].length;
    }

    /** For each sample the sum of the kernel with all others. */
    double[] within() {
        if (within == null) {
            within = KernelSums.within(rows);
        }
        return within;
    }

    CovarianceFactor factor() {
        if (factor == null) {
            factor = CovarianceFactor.of(rows);
        }
        return factor;
    }

    /** Some samples one after the other, as 64-bit floats. */
    static double[] block(float[][] rows, int from, int to) {
        int width = rows[0].length;
        double[] block = new double[(to - from) * width];
        for (int i = from; i < to; i++) {
            float[] row = rows[i];
            int begin = (i - from) * width;
            for (int j = 0; j < width; j++) {
                block[begin + j] = row[j];
            }
        }
        return block;
    }
}
