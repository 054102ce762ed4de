package io.ugatit.tensor;

/** Normalisations, with the activation that follows them, forward and backward. */
public interface NormalizationKernels {

    /**
     * Instance normalisation without parameters: {@code (y - mean) / sqrt(variance + 1e-5)} over every plane, biased variance, as PyTorch's
     * {@code InstanceNorm2d}.
     *
     * @param y (N,C,H,W), only read
     */
    Scaling instanceNorm(FeatureMaps y);

    /**
     * (Adaptive) layer-instance normalisation, equation 1 of the U-GAT-IT paper:
     * {@code gamma * (rho * IN(y) + (1 - rho) * LN(y)) + beta}, IN over a plane, LN over an image; both variances unbiased, as in the
     * authors' code.
     *
     * @param y (N,C,H,W), only read
     * @param rho (1,C,1,1), in [0, 1]
     * @param modulation gamma and beta of this batch, to whose gradients the backward pass adds
     */
    Scaling layerInstanceNorm(FeatureMaps y, Parameter rho, Modulation modulation);

    /**
     * No normalisation: {@code y + bias}.
     *
     * @param y (N,C,H,W)
     * @param bias (C), or null for none
     */
    Scaling shift(FeatureMaps y, Parameter bias);

    /**
     * What spectral normalisation of a convolution's weights does to its output: {@code y / sigma + bias}, y being linear in the weights. As
     * in PyTorch, u and v count as constants in the gradient, so through sigma the weights get {@code -<dy, y> / sigma^2 * u v'}.
     *
     * @param y (N,C,H,W), the convolution with the weights as they are
     * @param weights (C,...)
     * @param pair of these weights, as the forward pass finds it
     * @param bias (C), or null for none
     */
    Scaling spectralNorm(FeatureMaps y, Parameter weights, SpectralPair pair, Parameter bias);

    /**
     * {@code out = activation(scaling(y) + residual)}, with a reflected border.
     *
     * @param y without a border; what the scaling was made of
     * @param residual of y's shape, with any border, or null
     * @param out of y's shape, with any border
     */
    void normalize(FeatureMaps y, Scaling scaling, FeatureMaps residual, Activation activation, FeatureMaps out);

    /**
     * The gradient of {@link #normalize}.
     *
     * @param out what {@code normalize} wrote
     * @param wantsParameters whether to add to the gradients of the scaling's parameters
     * @param dy of y's shape, without a border
     */
    void normalizeBackward(FeatureMaps dOut, FeatureMaps out, Activation activation, FeatureMaps y, Scaling scaling,
            boolean wantsParameters, FeatureMaps dy);

    /**
     * Gamma and beta that differ between a batch's images, as AdaLIN's do.
     *
     * @param gamma (N,C)
     * @param beta (N,C)
     */
    Modulation modulation(Tensor gamma, Tensor beta);

    /** The same learned gamma and beta (1,C,1,1) for every image of a batch, as LIN's. */
    Modulation modulation(Parameter gamma, Parameter beta, int images);

    /** The gradients of gamma and beta, as backward passes have summed them. Both are overwritten: (N,C), contiguous. */
    void gradients(Modulation modulation, Tensor dGamma, Tensor dBeta);

    /** Adds the gradients of gamma and beta, summed over the batch, to those of the parameters that they were made of. */
    void addGradients(Modulation modulation, Parameter gamma, Parameter beta);
}
