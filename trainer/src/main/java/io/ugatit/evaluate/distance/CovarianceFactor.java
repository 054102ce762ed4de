package io.ugatit.evaluate.distance;

/**
 * The mean of a set of samples, and a matrix F with {@code F^T F} the unbiased covariance: the centred samples over the root of their number
 * less one, or, of more samples than features, the triangle of their QR decomposition. No covariance is formed, so fewer samples than
 * features, whose covariance has no full rank, cost no accuracy.
 *
 * @param mean a number for each feature
 * @param matrix {@code rows * mean.length} numbers, row by row
 * @param rows at most as many as there are features
 */
record CovarianceFactor(double[] mean, double[] matrix, int rows) {

    /** Of at least two samples. Holds two squares of as many numbers as features besides, however many samples there are. */
    static CovarianceFactor of(float[][] samples) {
        double[] mean = mean(samples);
        int width = mean.length;
        double[] first = centred(samples, 0, Math.min(samples.length, width), mean);
        if (samples.length <= width) {
            return new CovarianceFactor(mean, first, samples.length);
        }
        double[] triangle = first;
        for (int from = width; from < samples.length; from += width) {
            int to = Math.min(samples.length, from + width);
            triangle = triangle(triangle, centred(samples, from, to, mean), to - from, width);
        }
        return new CovarianceFactor(mean, triangle, width);
    }

    /** The triangle of a square on top of further rows. */
    private static double[] triangle(double[] square, double[] more, int rows, int width) {
        int height = width + rows;
        double[] stacked = new double[height * width];
        for (int column = 0; column < width; column++) {
            for (int row = 0; row < width; row++) {
                stacked[column * height + row] = square[row * width + column];
            }
            for (int row = 0; row < rows; row++) {
                stacked[column * height + width + row] = more[row * width + column];
            }
        }
        OpenBlas.triangle(stacked, height, width);
        double[] triangle = new double[width * width];
        for (int column = 0; column < width; column++) {
            for (int row = 0; row <= column; row++) {
                triangle[row * width + column] = stacked[column * height + row];
            }
        }
        return triangle;
    }

    private static double[] centred(float[][] samples, int from, int to, double[] mean) {
        double scale = 1 / Math.sqrt(samples.length - 1);
        double[] block = FeatureSet.block(samples, from, to);
        for (int i = 0; i < block.length; i++) {
            block[i] = (block[i] - mean[i % mean.length]) * scale;
        }
        return block;
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

    /** The trace of the covariance. */
    double trace() {
        double squares = 0;
        for (double value : matrix) {
            squares += value * value;
        }
        return squares;
    }
}
