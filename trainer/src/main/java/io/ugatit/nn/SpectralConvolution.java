package io.ugatit.nn;

import io.ugatit.tensor.Activation;
import io.ugatit.tensor.BufferPool;
import io.ugatit.tensor.Compute;
import io.ugatit.tensor.Kernels;
import io.ugatit.tensor.Kernels.PlaneFactors;
import io.ugatit.tensor.Kernels.PlaneSums;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A spectrally normalised convolution of a discriminator: {@code pad(activation(w * x / sigma + bias))}; its input comes already padded. */
public final class SpectralConvolution {
    private final Compute compute;
    private final Parameter weights;
    private final SpectralNorm norm;
    private final Parameter bias;
    private final int stride;
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
        this.weights = weights;
        this.norm = norm;
        this.bias = bias;
        this.stride = stride;
        this.activation = activation;
        this.outPadding = outPadding;
    }

    /**
     * What a forward pass leaves for the backward pass.
     *
     * @param x padded input, the caller's
     * @param y the convolution with the un-normalised weights
     * @param out the layer's output (N,O,H+2p,W+2p)
     */
    public record Saved(INDArray x, INDArray y, double sigma, INDArray out) { }

    /** @param x (N,C,H,W), padded */
    public Saved forward(INDArray x) {
        BufferPool pool = compute.pool();
        long kernel = weights.value().size(2);
        long channels = weights.value().size(0);
        long height = (x.size(2) - kernel) / stride + 1;
        long width = (x.size(3) - kernel) / stride + 1;
        INDArray y = pool.take(x.size(0), channels, height, width);
        compute.kernels().convolve(x, weights.value(), stride, y);
        double sigma = norm.sigma();
        double[] scale = new double[(int) (x.size(0) * channels)];
        Arrays.fill(scale, 1 / sigma);
        INDArray out = pool.take(x.size(0), channels, height + 2L * outPadding, width + 2L * outPadding);
        compute.kernels().affine(y, scale, shift(scale.length), null, 0, activation, out, outPadding);
        return new Saved(x, y, sigma, out);
    }

    private double[] shift(int planes) {
        double[] shift = new double[planes];
        if (bias != null) {
            double[] values = bias.toArray();
            for (int p = 0; p < planes; p++) {
                shift[p] = values[p % values.length];
            }
        }
        return shift;
    }

    /**
     * Gives back the arrays of {@code saved} but its input.
     *
     * @param dOut gradient of the padded output, from the pool; given back here
     * @param wantsWeights whether to add to the parameters' gradients
     * @param wantsInput whether to return the gradient of the padded input, from the pool; otherwise null
     */
    public INDArray backward(Saved saved, INDArray dOut, boolean wantsWeights, boolean wantsInput) {
        BufferPool pool = compute.pool();
        Kernels kernels = compute.kernels();
        INDArray g = pool.take(saved.y().shape());
        PlaneSums sums = kernels.affineBackward(dOut, saved.out(), outPadding, activation, saved.y(), g);
        pool.release(dOut, saved.out());
        double[] factor = new double[sums.g().length];
        Arrays.fill(factor, 1 / saved.sigma());
        kernels.combine(g, saved.y(), new PlaneFactors(factor, null, null), g);
        pool.release(saved.y());
        INDArray dx = wantsInput ? pool.take(saved.x().shape()) : null;
        INDArray dWeights = wantsWeights ? pool.take(weights.value().shape()) : null;
        kernels.convolveBackward(saved.x(), weights.value(), g, stride, dx, dWeights);
        if (wantsWeights) {
            norm.addGradient(dWeights, saved.sigma(), Arrays.stream(sums.gy()).sum(), pool);
            if (bias != null) {
                bias.addGradient(Modulation.sumOverBatch(sums.g(), (int) bias.value().length()));
            }
        }
        pool.release(g, dWeights);
        return dx;
    }
}
