package io.ugatit.tensor.cuda;

import io.ugatit.tensor.FeatureMaps;
import io.ugatit.tensor.Tensor;

/** The convolutions of {@link io.ugatit.tensor.MapKernels} in one lane; the border of what is read is there already. */
interface Convolutions extends AutoCloseable {

    /** Whose they are, as the kernels' name ends. */
    String name();

    /** @param y without a border */
    void convolve(FeatureMaps x, Tensor weights, int stride, FeatureMaps y);

    /** @param dy without a border */
    void inputGradient(FeatureMaps dy, Tensor weights, int stride, FeatureMaps dx);

    /** @param dy without a border */
    void addWeightGradient(FeatureMaps x, FeatureMaps dy, int stride, Tensor dWeights);

    /** Frees what they keep, before the lane is closed. */
    @Override
    void close();
}
