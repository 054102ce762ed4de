package io.ugatit.evaluate.inception;

/**
 * A convolution that does its batch normalization's work, too.
 *
 * @param weights (O,C,h,w), row by row
 * @param bias O numbers
 */
record FoldedConvolution(float[] weights, float[] bias) {
    /** What Inception-v3's batch normalizations add to the variance. */
    private static final double EPSILON = 1e-3;

    /**
     * Folds {@code gamma (x - mean) / sqrt(variance + 0.001) + beta} into a convolution.
     *
     * @param weights (O,C,h,w), row by row; become the folded ones
     * @param gamma O factors, or null for ones
     */
    static FoldedConvolution of(float[] weights, float[] gamma, float[] beta, float[] mean, float[] variance) {
        int outputs = beta.length;
        int each = weights.length / outputs;
        float[] bias = new float[outputs];
        for (int output = 0; output < outputs; output++) {
            double factor = (gamma == null ? 1 : gamma[output]) / Math.sqrt(variance[output] + EPSILON);
            for (int i = output * each; i < (output + 1) * each; i++) {
                weights[i] = (float) (weights[i] * factor);
            }
            bias[output] = (float) (beta[output] - mean[output] * factor);
        }
        return new FoldedConvolution(weights, bias);
    }
}
