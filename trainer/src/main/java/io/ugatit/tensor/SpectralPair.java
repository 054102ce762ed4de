package io.ugatit.tensor;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The singular vectors of a weight, seen as a matrix (O, everything else), that belong to its largest singular value, as far as the power
 * iteration has come.
 *
 * @param u (O), left
 * @param v (product of the other dimensions), right
 * @param sigma the singular value
 */
public record SpectralPair(INDArray u, INDArray v, double sigma) {

    /**
     * Makes of the weight's gradient through raw, where a layer's output is {@code y = raw / sigma} and raw is linear in W, the gradient
     * through sigma too: {@code dW += -<dy, raw> / sigma^2 * u v'}. What goes through raw alone the layer adds itself.
     *
     * @param gradient of the weight, added to
     * @param dyRaw the inner product of dy and raw
     */
    public void addGradient(Kernels kernels, INDArray gradient, double dyRaw) {
        kernels.addOuterProduct(gradient.reshape(u.length(), v.length()), -dyRaw / (sigma * sigma), u, v);
    }
}
