package io.ugatit.nn;

import io.ugatit.tensor.Activation;
import io.ugatit.tensor.Compute;
import io.ugatit.tensor.FeatureMaps;
import io.ugatit.tensor.Parameter;
import io.ugatit.tensor.Scaling;
import io.ugatit.tensor.SpectralPair;

/**
 * A spectrally normalised convolution of a discriminator: {@code activation(w * x / sigma + bias)}. The convolution reads the border that
 * its input has, and the output gets the border that the next layer wants.
 */
public final class SpectralConvolution {
    private final Compute compute;
    private final Convolution convolution;
    private final SpectralNorm norm;
    private final Parameter bias;
    private final Activation activation;
    private final int outPadding;

    /**
     * @param weights (O,C,k,k), un-normalised
     * @param norm of these weights
     * @param bias (O), or null for none
     * @param outPadding border of the output, pixels
     */
    public SpectralConvolution(Compute compute, Parameter weights, SpectralNorm norm, Parameter bias, int stride, Activation activation,
            int outPadding) {
        this.compute = compute;
        this.convolution = new Convolution(compute, weights, stride);
        this.norm = norm;
        this.bias = bias;
        this.activation = activation;
        this.outPadding = outPadding;
    }

    /**
     * What a forward pass leaves for the backward pass.
     *
     * @param x input, the caller's
     * @param y the convolution with the un-normalised weights
     * @param pair by whose singular value y was divided
     * @param scaling what was made of y
     * @param out the layer's output (N,O,H',W') with a border
     */
    public record Saved(FeatureMaps x, FeatureMaps y, SpectralPair pair, Scaling scaling, FeatureMaps out) { }

    /**
     * What a {@link #tangent} pass leaves.
     *
     * @param saved for the backward pass: its input and its convolution are those of the derivative, its output is still the layer's own,
     *     whose signs tell where the activation has which slope
     * @param out the derivative of the output (N,O,H',W') with a border, the caller's
     */
    public record Tangent(Saved saved, FeatureMaps out) { }

    /** @param x (N,C,H,W) with a border of p; H' = (H+2p-k)/stride+1 and W' likewise */
    public Saved forward(FeatureMaps x) {
        FeatureMaps y = convolution.forward(x);
        SpectralPair pair = norm.pair();
        Scaling scaling = norm.scaling(y, pair, bias);
        FeatureMaps out = compute.take(y.images(), y.channels(), y.height(), y.width(), outPadding);
        compute.kernels().normalize(y, scaling, null, activation, out);
        return new Saved(x, y, pair, scaling, out);
    }

    /**
     * Gives back the maps of {@code saved} but its input. At least one of the gradients is asked for.
     *
     * @param dOut gradient of the output; the caller's
     * @param wantsWeights whether to add to the parameters' gradients
     * @param wantsInput whether to return the gradient of the input, of x's shape and from the pool; otherwise null
     */
    public FeatureMaps backward(Saved saved, FeatureMaps dOut, boolean wantsWeights, boolean wantsInput) {
        FeatureMaps y = saved.y();
        FeatureMaps dy = compute.takeLike(y);
        compute.kernels().normalizeBackward(dOut, saved.out(), activation, y, saved.scaling(), wantsWeights, dy);
        compute.release(y, saved.out());
        FeatureMaps dx = convolution.backward(saved.x(), dy, wantsInput, wantsWeights);
        compute.release(dy);
        return dx;
    }

    /**
     * The gradient of the input alone, after which {@link #tangent} can follow: gives back the convolution of {@code saved} only.
     *
     * @param dOut gradient of the output; the caller's
     * @return gradient of the input, of x's shape and from the pool
     */
    public FeatureMaps inputGradient(Saved saved, FeatureMaps dOut) {
        FeatureMaps dy = compute.takeLike(saved.y());
        compute.kernels().normalizeBackward(dOut, saved.out(), activation, saved.y(), saved.scaling(), false, dy);
        compute.release(saved.y());
        FeatureMaps dx = convolution.backward(saved.x(), dy, true, false);
        compute.release(dy);
        return dx;
    }

    /**
     * The derivative of the output along a direction of the input, the activation being piecewise linear. It is linear in the normalised
     * weights as the output is, so {@link #backward} of what it leaves gives its gradients, of which the bias has none, and gives back the
     * layer's output with them.
     *
     * @param saved after {@link #inputGradient}
     * @param dx the direction, of x's shape and with its border
     */
    public Tangent tangent(Saved saved, FeatureMaps dx) {
        FeatureMaps dy = convolution.forward(dx);
        FeatureMaps slopes = compute.takeLike(dy);
        // a factor for every pixel, so forward and backward are the same
        compute.kernels().normalizeBackward(dy, saved.out(), activation, dy, saved.scaling(), false, slopes);
        FeatureMaps out = compute.take(dy.images(), dy.channels(), dy.height(), dy.width(), outPadding);
        compute.kernels().copy(slopes, out);
        compute.release(slopes);
        return new Tangent(new Saved(dx, dy, saved.pair(), norm.scaling(dy, saved.pair(), null), saved.out()), out);
    }
}
