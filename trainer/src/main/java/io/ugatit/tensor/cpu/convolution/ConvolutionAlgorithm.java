package io.ugatit.tensor.cpu.convolution;

import io.ugatit.tensor.FeatureMaps;
import io.ugatit.tensor.MapKernels;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A way to convolve maps, with its gradients. Used by one thread at a time. */
public interface ConvolutionAlgorithm {

    /** {@link MapKernels#convolve}. */
    void convolve(FeatureMaps x, INDArray weights, int stride, FeatureMaps y);

    /**
     * The gradient of the input.
     *
     * @param dy gradient of the output, without a border
     * @param dx the gradient of the input with its border, which is not folded
     */
    void inputGradient(FeatureMaps dy, INDArray weights, int stride, FeatureMaps dx);

    /**
     * The gradient of the weights.
     *
     * @param x the input with its border
     * @param dy gradient of the output, without a border
     * @param dWeights what it is added to
     */
    void addWeightGradient(FeatureMaps x, FeatureMaps dy, int stride, INDArray dWeights);

    /** Both gradients, of which an algorithm may share the work. */
    default void backward(FeatureMaps x, INDArray weights, FeatureMaps dy, int stride, FeatureMaps dx, INDArray dWeights) {
        addWeightGradient(x, dy, stride, dWeights);
        inputGradient(dy, weights, stride, dx);
    }
}
