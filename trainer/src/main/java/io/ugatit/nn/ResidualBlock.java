package io.ugatit.nn;

import io.ugatit.tensor.Activation;
import io.ugatit.tensor.Compute;
import org.nd4j.linalg.api.ndarray.INDArray;

/** {@code x + normalization(w2 * pad(relu(normalization(w1 * x))))}: two 3x3 convolutions around a shortcut. */
public final class ResidualBlock {
    private static final int PADDING = 1;
    private final Compute compute;
    private final ConvolutionBlock first;
    private final ConvolutionBlock second;

    /**
     * @param outPadding border of the output, pixels
     */
    public ResidualBlock(Compute compute, Parameter weights1, Parameter weights2, int outPadding) {
        this.compute = compute;
        this.first = new ConvolutionBlock(compute, weights1, 1, Activation.RELU, PADDING);
        this.second = new ConvolutionBlock(compute, weights2, 1, Activation.NONE, outPadding);
    }

    /** What the forward passes of both convolutions left. */
    public record Saved(ConvolutionBlock.Saved first, ConvolutionBlock.Saved second) {
        public INDArray out() {
            return second.out();
        }
    }

    /**
     * @param x (N,C,H+2,W+2), padded by one
     * @param keep whether a backward pass will follow
     */
    public Saved forward(INDArray x, Normalization normalization1, Normalization normalization2, boolean keep) {
        ConvolutionBlock.Saved saved1 = first.forward(x, normalization1, null, 0, keep);
        ConvolutionBlock.Saved saved2 = second.forward(saved1.out(), normalization2, x, PADDING, keep);
        if (!keep) {
            compute.pool().release(saved1.out());
        }
        return new Saved(saved1, saved2);
    }

    /**
     * Adds to the parameters' gradients and gives back the arrays of {@code saved} but its input.
     *
     * @param dOut gradient of the output, from the pool; given back here
     * @return the gradient of the padded input, from the pool
     */
    public INDArray backward(Saved saved, INDArray dOut) {
        ConvolutionBlock.Gradients gradients2 = second.backward(saved.second(), dOut, true, true);
        INDArray dx = first.backward(saved.first(), gradients2.dx(), true, false).dx();
        compute.kernels().addToInterior(gradients2.dResidual(), dx, PADDING);
        compute.pool().release(gradients2.dResidual());
        return dx;
    }
}
