package io.ugatit.tensor.host;

import io.ugatit.tensor.Scaling;
import io.ugatit.tensor.host.HostKernels.PlaneFactors;
import io.ugatit.tensor.host.HostKernels.PlaneSums;

/** The normalisation of one batch: {@code scale * y + shift} per plane. */
interface HostScaling extends Scaling {
    /** N*C factors. */
    double[] scale();

    /** N*C summands. */
    double[] shift();

    /** Whether the gradient of y takes {@link #backward}; without, it is scale times that of the output. */
    default boolean needsSums(boolean wantsParameters) {
        return true;
    }

    /**
     * Adds to the gradients of the normalisation's own parameters.
     *
     * @param sums over every plane, of the output's gradient g and of g * y
     * @return what makes the input's gradient of g and y
     */
    PlaneFactors backward(PlaneSums sums);
}
