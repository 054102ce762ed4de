package io.ugatit.nn;

import io.ugatit.tensor.Activation;
import io.ugatit.tensor.BufferPool;
import io.ugatit.tensor.Compute;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Nearest-neighbour upsampling by two, 3x3 convolution, normalisation, ReLU. */
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
     * @param x (N,C,H,W), not padded
     * @param keep whether a backward pass will follow
     */
    public ConvolutionBlock.Saved forward(INDArray x, Normalization normalization, boolean keep) {
        INDArray upsampled = compute.pool().take(x.size(0), x.size(1), 2 * x.size(2) + 2 * PADDING, 2 * x.size(3) + 2 * PADDING);
        compute.kernels().upsample(x, PADDING, upsampled);
        ConvolutionBlock.Saved saved = block.forward(upsampled, normalization, null, 0, keep);
        if (!keep) {
            compute.pool().release(upsampled);
        }
        return saved;
    }

    /**
     * Adds to the parameters' gradients and gives back the arrays of {@code saved}.
     *
     * @param dOut gradient of the padded output, from the pool; given back here
     * @return gradient of x (N,C,H,W), from the pool
     */
    public INDArray backward(ConvolutionBlock.Saved saved, INDArray dOut) {
        BufferPool pool = compute.pool();
        INDArray dUpsampled = block.backward(saved, dOut, true, false).dx();
        INDArray dx = pool.take(dUpsampled.size(0), dUpsampled.size(1), (dUpsampled.size(2) - 2 * PADDING) / 2,
                (dUpsampled.size(3) - 2 * PADDING) / 2);
        compute.kernels().upsampleBackward(dUpsampled, PADDING, dx);
        pool.release(dUpsampled, saved.x());
        return dx;
    }
}
