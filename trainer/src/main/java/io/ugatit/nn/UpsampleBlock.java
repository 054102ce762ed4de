package io.ugatit.nn;

import io.ugatit.tensor.Activation;
import io.ugatit.tensor.Compute;
import io.ugatit.tensor.FeatureMaps;
import io.ugatit.tensor.Parameter;

/**
 * Nearest-neighbour upsampling by two, 3x3 convolution, normalisation, ReLU. The upsampled maps are four times as large as the input, so
 * they are made again for the backward pass rather than kept.
 */
public final class UpsampleBlock {
    private static final int PADDING = 1;
    private final Compute compute;
    private final ConvolutionBlock block;

    /**
     * @param weights (O,C,3,3)
     * @param outPadding border of the output, pixels
     */
    public UpsampleBlock(Compute compute, Parameter weights, int outPadding) {
        this.compute = compute;
        this.block = new ConvolutionBlock(compute, weights, 1, Activation.RELU, outPadding);
    }

    /**
     * What a forward pass leaves for the backward pass.
     *
     * @param x input, the caller's
     * @param convolved what the convolution left, without its input
     */
    public record Saved(FeatureMaps x, ConvolutionBlock.Saved convolved) {
        /** The block's output (N,O,2H,2W) with a border. */
        public FeatureMaps out() {
            return convolved.out();
        }
    }

    /**
     * @param x (N,C,H,W)
     * @param keep whether a backward pass will follow; without, only the output is kept
     */
    public Saved forward(FeatureMaps x, Normalization normalization, boolean keep) {
        FeatureMaps upsampled = upsample(x);
        ConvolutionBlock.Saved saved = block.forward(upsampled, normalization, null, keep);
        compute.release(upsampled);
        return new Saved(x, saved.withInput(null));
    }

    private FeatureMaps upsample(FeatureMaps x) {
        FeatureMaps upsampled = compute.take(x.images(), x.channels(), 2 * x.height(), 2 * x.width(), PADDING);
        compute.kernels().upsample(x, upsampled);
        return upsampled;
    }

    /**
     * Adds to the parameters' gradients, and gives back the maps of {@code saved} but its input.
     *
     * @param dOut gradient of the output; the caller's
     * @return gradient of the input, of x's shape and from the pool
     */
    public FeatureMaps backward(Saved saved, FeatureMaps dOut) {
        FeatureMaps upsampled = upsample(saved.x());
        FeatureMaps dUpsampled = block.backward(saved.convolved().withInput(upsampled), dOut, true);
        compute.release(upsampled);
        FeatureMaps dx = compute.takeLike(saved.x());
        compute.kernels().upsampleBackward(dUpsampled, dx);
        compute.release(dUpsampled);
        return dx;
    }
}
