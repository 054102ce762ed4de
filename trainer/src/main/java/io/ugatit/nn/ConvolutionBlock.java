package io.ugatit.nn;

import io.ugatit.tensor.Activation;
import io.ugatit.tensor.BufferPool;
import io.ugatit.tensor.Compute;
import io.ugatit.tensor.Kernels;
import io.ugatit.tensor.Kernels.PlaneFactors;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Convolution without bias, normalisation, activation: {@code pad(activation(normalization(w * x) + residual))}. The input comes already
 * padded, and the output is padded for the layer that follows.
 */
public final class ConvolutionBlock {
    private final Compute compute;
    private final Parameter weights;
    private final int stride;
    private final Activation activation;
    private final int outPadding;

    /**
     * @param weights (O,C,k,k)
     * @param outPadding border of the output, pixels
     */
    public ConvolutionBlock(Compute compute, Parameter weights, int stride, Activation activation, int outPadding) {
        this.compute = compute;
        this.weights = weights;
        this.stride = stride;
        this.activation = activation;
        this.outPadding = outPadding;
    }

    /**
     * What a forward pass leaves for the backward pass.
     *
     * @param x padded input, the caller's
     * @param y output of the convolution; null once given back
     * @param out the block's output (N,O,H+2p,W+2p)
     */
    public record Saved(INDArray x, INDArray y, INDArray out, Normalization.Applied normalization) { }

    /** The gradients of input and residual; both from the pool, for the caller to give back. */
    public record Gradients(INDArray dx, INDArray dResidual) { }

    /**
     * @param x (N,C,H,W), padded
     * @param residual added before the activation, the interior of a padded array, or null
     * @param keep whether a backward pass will follow; without, only {@code out} is kept
     */
    public Saved forward(INDArray x, Normalization normalization, INDArray residual, int residualPadding, boolean keep) {
        BufferPool pool = compute.pool();
        Kernels kernels = compute.kernels();
        long[] shape = outputShape(x);
        INDArray y = pool.take(shape);
        kernels.convolve(x, weights.value(), stride, y);
        Normalization.Applied applied = normalization.apply(kernels.moments(y), shape);
        INDArray out = pool.take(shape[0], shape[1], shape[2] + 2L * outPadding, shape[3] + 2L * outPadding);
        kernels.affine(y, applied.scale(), applied.shift(), residual, residualPadding, activation, out, outPadding);
        if (keep) {
            return new Saved(x, y, out, applied);
        }
        pool.release(y);
        return new Saved(x, null, out, applied);
    }

    private long[] outputShape(INDArray x) {
        long kernel = weights.value().size(2);
        return new long[] {x.size(0), weights.value().size(0), (x.size(2) - kernel) / stride + 1, (x.size(3) - kernel) / stride + 1};
    }

    /**
     * Adds to the parameters' gradients, and gives back the arrays of {@code saved} but its input.
     *
     * @param dOut gradient of the padded output, from the pool; given back here
     * @param wantsInput whether to compute dx (N,C,H,W), the gradient of the padded input; otherwise it is null
     * @param wantsResidual whether to return the residual's gradient (N,O,H,W); otherwise it is null
     */
    public Gradients backward(Saved saved, INDArray dOut, boolean wantsInput, boolean wantsResidual) {
        BufferPool pool = compute.pool();
        Kernels kernels = compute.kernels();
        INDArray g = pool.take(saved.y().shape());
        PlaneFactors factors = saved.normalization().backward(
                kernels.affineBackward(dOut, saved.out(), outPadding, activation, saved.y(), g));
        pool.release(dOut, saved.out());
        INDArray dy = wantsResidual ? pool.take(g.shape()) : g;
        kernels.combine(g, saved.y(), factors, dy);
        pool.release(saved.y());
        INDArray dx = wantsInput ? pool.take(saved.x().shape()) : null;
        INDArray dWeights = pool.take(weights.value().shape());
        kernels.convolveBackward(saved.x(), weights.value(), dy, stride, dx, dWeights);
        weights.addGradient(dWeights);
        pool.release(dWeights, dy);
        return new Gradients(dx, wantsResidual ? g : null);
    }
}
