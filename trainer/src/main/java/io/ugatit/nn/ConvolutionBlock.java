package io.ugatit.nn;

import io.ugatit.tensor.Activation;
import io.ugatit.tensor.Compute;
import io.ugatit.tensor.FeatureMaps;
import io.ugatit.tensor.Kernels;
import io.ugatit.tensor.Parameter;
import io.ugatit.tensor.Scaling;

/**
 * Convolution without bias, normalisation, activation: {@code activation(normalization(w * x) + residual)}. The convolution reads the
 * border that its input has, and the output gets the border that the next layer wants.
 */
public final class ConvolutionBlock {
    private final Compute compute;
    private final Convolution convolution;
    private final Activation activation;
    private final int outPadding;

    /**
     * @param weights (O,C,k,k)
     * @param outPadding border of the output, pixels
     */
    public ConvolutionBlock(Compute compute, Parameter weights, int stride, Activation activation, int outPadding) {
        this.compute = compute;
        this.convolution = new Convolution(compute, weights, stride);
        this.activation = activation;
        this.outPadding = outPadding;
    }

    /**
     * What a forward pass leaves for the backward pass.
     *
     * @param x input, the caller's
     * @param y output of the convolution; null once given back
     * @param out the block's output (N,O,H',W') with a border
     * @param scaling what was made of y
     */
    public record Saved(FeatureMaps x, FeatureMaps y, FeatureMaps out, Scaling scaling) {

        /** The same pass with its input somewhere else: a caller may give x back after the forward pass and make it anew. */
        Saved withInput(FeatureMaps again) {
            return new Saved(again, y, out, scaling);
        }
    }

    /**
     * @param x (N,C,H,W) with a border of p
     * @param residual what is added (N,O,H',W') with any border, H' = (H+2p-k)/stride+1 and W' likewise; or null
     * @param keep whether a backward pass will follow; without, only {@code out} is kept
     * @throws IllegalArgumentException if there is both a residual and an activation
     */
    public Saved forward(FeatureMaps x, Normalization normalization, FeatureMaps residual, boolean keep) {
        if (residual != null && activation != Activation.NONE) {
            throw new IllegalArgumentException("a block with a residual must have the activation NONE, not " + activation);
        }
        Kernels kernels = compute.kernels();
        FeatureMaps y = convolution.forward(x);
        Scaling scaling = normalization.apply(kernels, y);
        FeatureMaps out = compute.take(y.images(), y.channels(), y.height(), y.width(), outPadding);
        kernels.normalize(y, scaling, residual, activation, out);
        if (keep) {
            return new Saved(x, y, out, scaling);
        }
        compute.release(y);
        return new Saved(x, null, out, scaling);
    }

    /**
     * Adds to the parameters' gradients, and gives back the maps of {@code saved} but its input. The gradient of a residual is
     * {@code dOut}.
     *
     * @param dOut gradient of the output; the caller's
     * @param wantsInput whether to return the gradient of the input, of x's shape and from the pool; otherwise null
     */
    public FeatureMaps backward(Saved saved, FeatureMaps dOut, boolean wantsInput) {
        FeatureMaps y = saved.y();
        FeatureMaps dy = compute.takeLike(y);
        compute.kernels().normalizeBackward(dOut, saved.out(), activation, y, saved.scaling(), true, dy);
        compute.release(y, saved.out());
        FeatureMaps dx = convolution.backward(saved.x(), dy, wantsInput, true);
        compute.release(dy);
        return dx;
    }
}
