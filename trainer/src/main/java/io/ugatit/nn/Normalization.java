package io.ugatit.nn;

import io.ugatit.tensor.FeatureMaps;
import io.ugatit.tensor.Kernels;
import io.ugatit.tensor.Kernels.PlaneFactors;
import io.ugatit.tensor.Kernels.PlaneSums;

/**
 * A normalisation of feature maps (N,C,H,W). For given statistics each of them is one affine function a plane, and its gradient is affine
 * in the gradient and the input, so the kernels make one pass over the maps forward and two backward whatever the normalisation is.
 */
public interface Normalization {

    /** Added to every variance. */
    double EPSILON = 1e-5;

    /**
     * Fixes the normalisation of one batch.
     *
     * @param kernels take the statistics that it needs
     * @param y the input (N,C,H,W), only read
     */
    Applied apply(Kernels kernels, FeatureMaps y);

    /** The normalisation of one batch: {@code scale * y + shift} per plane. */
    interface Applied {
        /** N*C factors. */
        double[] scale();

        /** N*C summands. */
        double[] shift();

        /**
         * Adds to the gradients of the normalisation's own parameters.
         *
         * @param sums over every plane, of the output's gradient g and of g * y
         * @return what makes the input's gradient of g and y
         */
        PlaneFactors backward(PlaneSums sums);
    }
}
