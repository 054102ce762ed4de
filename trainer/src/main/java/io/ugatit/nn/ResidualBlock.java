package io.ugatit.nn;

import io.ugatit.tensor.Activation;
import io.ugatit.tensor.Compute;
import io.ugatit.tensor.FeatureMaps;
import io.ugatit.tensor.Parameter;

/** {@code x + normalization(w2 * relu(normalization(w1 * x)))}: two 3x3 convolutions around a shortcut. */
public final class ResidualBlock {
    private static final int PADDING = 1;
    private final Compute compute;
    private final ConvolutionBlock first;
    private final ConvolutionBlock second;

    /**
     * @param weights1 (C,C,3,3)
     * @param weights2 (C,C,3,3)
     * @param outPadding border of the output, pixels
     */
    public ResidualBlock(Compute compute, Parameter weights1, Parameter weights2, int outPadding) {
        this.compute = compute;
        this.first = new ConvolutionBlock(compute, weights1, 1, Activation.RELU, PADDING);
        this.second = new ConvolutionBlock(compute, weights2, 1, Activation.NONE, outPadding);
    }

    /** What the forward passes of both convolutions left. */
    public record Saved(ConvolutionBlock.Saved first, ConvolutionBlock.Saved second) {
        /** The block's output (N,C,H,W) with a border. */
        public FeatureMaps out() {
            return second.out();
        }
    }

    /**
     * @param x (N,C,H,W) with a border of one
     * @param keep whether a backward pass will follow; without, only the output is kept
     */
    public Saved forward(FeatureMaps x, Normalization normalization1, Normalization normalization2, boolean keep) {
        ConvolutionBlock.Saved saved1 = first.forward(x, normalization1, null, keep);
        ConvolutionBlock.Saved saved2 = second.forward(saved1.out(), normalization2, x, keep);
        if (!keep) {
            compute.release(saved1.out());
        }
        return new Saved(saved1, saved2);
    }

    /**
     * Adds to the parameters' gradients, and gives back the maps of {@code saved} but its input.
     *
     * @param dOut gradient of the output; the caller's
     * @return gradient of the input, of x's shape and from the pool
     */
    public FeatureMaps backward(Saved saved, FeatureMaps dOut) {
        FeatureMaps dHidden = second.backward(saved.second(), dOut, true);
        FeatureMaps dx = first.backward(saved.first(), dHidden, true);
        compute.release(dHidden);
        compute.kernels().add(dOut, dx);
        return dx;
    }
}
