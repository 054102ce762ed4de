package io.ugatit.evaluate.inception;

/**
 * A convolution that does its batch normalization's work, too.
 *
 * @param weights the numbers, in the given order
 * @param order how they lie
 * @param bias O numbers
 */
record FoldedConvolution(float[] weights, Order order, float[] bias) {
    /** What Inception-v3's batch normalizations add to the variance. */
    private static final double EPSILON = 1e-3;

    /** Which index of a weight counts slowest, and which fastest. */
    enum Order {
        /** PyTorch's (O,C,h,w). */
        OUTPUTS_FIRST,
        /** TensorFlow's (h,w,C,O). */
        OUTPUTS_LAST;

        /** Numbers from one index to the next of O, C, h and w. @param shape (O,C,h,w) */
        long[] strides(long[] shape) {
            long taps = shape[2] * shape[3];
            return this == OUTPUTS_FIRST ? new long[] {shape[1] * taps, taps, shape[3], 1}
                    : new long[] {1, shape[0], shape[3] * shape[1] * shape[0], shape[1] * shape[0]};
        }
    }

    /**
     * Folds {@code gamma (x - mean) / sqrt(variance + 0.001) + beta} into a convolution.
     *
     * @param weights become the folded ones
     * @param gamma O factors, or null for ones
     */
    static FoldedConvolution of(float[] weights, Order order, float[] gamma, float[] beta, float[] mean, float[] variance) {
        int outputs = beta.length;
        double[] factors = new double[outputs];
        float[] bias = new float[outputs];
        for (int output = 0; output < outputs; output++) {
            factors[output] = (gamma == null ? 1 : gamma[output]) / Math.sqrt(variance[output] + EPSILON);
            bias[output] = (float) (beta[output] - mean[output] * factors[output]);
        }
        int each = order == Order.OUTPUTS_FIRST ? weights.length / outputs : 1;
        for (int begin = 0; begin < weights.length; begin += outputs * each) {
            for (int output = 0; output < outputs; output++) {
                for (int i = 0; i < each; i++) {
                    int at = begin + output * each + i;
                    weights[at] = (float) (weights[at] * factors[output]);
                }
            }
        }
        return new FoldedConvolution(weights, order, bias);
    }
}
