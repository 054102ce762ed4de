package io.ugatit.nn;

import io.ugatit.tensor.FeatureMaps;
import io.ugatit.tensor.Kernels;
import io.ugatit.tensor.Scaling;

/** A normalisation of feature maps (N,C,H,W), such as {@link Kernels#instanceNorm}. */
@FunctionalInterface
public interface Normalization {
    /**
     * Fixes the normalisation of one batch.
     *
     * @param kernels take the statistics that it needs
     * @param y the input (N,C,H,W), only read
     */
    Scaling apply(Kernels kernels, FeatureMaps y);
}
