package io.ugatit.tensor;

/** The numbers of an update of Adam that change from step to step, where the kernels use them. */
public interface AdamRates {
    /** What the updates that are asked for from now on use. */
    void set(AdamStep step);

    /**
     * The numbers of one update of Adam.
     *
     * @param learningRate of this step
     * @param beta1 decay of the first moment
     * @param beta2 decay of the second moment
     * @param epsilon added to the root of the corrected second moment
     * @param weightDecay multiple of the parameter that is added to the gradient
     * @param step from 1: so many gradients, with this one, have gone into the moments
     */
    record AdamStep(double learningRate, double beta1, double beta2, double epsilon, double weightDecay, long step) {

        /** What the root of the second moment is divided by: {@code sqrt(1 - beta2^step)}. */
        public double secondCorrection() {
            return Math.sqrt(1 - Math.pow(beta2, step));
        }

        /** The learning rate with the first moment's bias corrected. */
        public double correctedRate() {
            return learningRate / (1 - Math.pow(beta1, step));
        }
    }
}
