package io.ugatit.tensor;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The numeric kernels of the networks. Arrays are (N,C,H,W), c-ordered and contiguous, all of one floating point type. A <em>plane</em> is
 * one channel of one image; per-plane values are {@code double[N*C]}, n-major. A <em>padded</em> array carries a reflected border of
 * {@code padding} pixels (the edge pixel is not repeated, as PyTorch's {@code mode="reflect"}), so that the next convolution reads it as it
 * is; its <em>interior</em> is the array without the border. Outputs are overwritten unless a method says that it adds.
 *
 * <p>An implementation may keep scratch memory and is used by one thread at a time.
 */
public interface Kernels {

    /** The name that logs and {@code bench} show. */
    String name();

    /**
     * Convolution without padding: {@code y[n,o,i,j] = sum_{c,k,l} w[o,c,k,l] x[n,c,i*stride+k,j*stride+l]}.
     *
     * @param x (N,C,H,W), already padded
     * @param weights (O,C,k,k)
     * @param y (N,O,(H-k)/stride+1,(W-k)/stride+1)
     */
    void convolve(INDArray x, INDArray weights, int stride, INDArray y);

    /**
     * The gradients of {@link #convolve}; at least one of the outputs is asked for.
     *
     * @param x its input; not read if {@code dWeights} is null, but its shape is
     * @param dy gradient of its output
     * @param dx gradient of its padded input, or null if nobody wants it
     * @param dWeights gradient of its weights, or null if nobody wants it
     */
    void convolveBackward(INDArray x, INDArray weights, INDArray dy, int stride, INDArray dx, INDArray dWeights);

    /** {@code out} = {@code x} with a reflected border: (N,C,H,W) to (N,C,H+2p,W+2p). */
    void pad(INDArray x, int padding, INDArray out);

    /**
     * The gradient of {@link #pad}: adds what fell on the border to the pixels it came from.
     *
     * @param dOut gradient of the padded array; used up
     * @param dx (N,C,H,W)
     */
    void fold(INDArray dOut, int padding, INDArray dx);

    /** Doubles height and width by nearest neighbour, then pads: (N,C,H,W), H and W at least 2, to (N,C,2H+2p,2W+2p). */
    void upsample(INDArray x, int padding, INDArray out);

    /**
     * The gradient of {@link #upsample}.
     *
     * @param dOut gradient of the upsampled, padded array; used up
     * @param dx (N,C,H,W)
     */
    void upsampleBackward(INDArray dOut, int padding, INDArray dx);

    /** Mean and biased variance (the sum of squares divided by H*W) of every plane. */
    Moments moments(INDArray x);

    /**
     * {@code out = pad(activation(scale * y + shift + residual))}, scale and shift per plane.
     *
     * @param residual a padded array whose interior has y's shape, or null
     * @param residualPadding its padding
     * @param out (N,C,H+2p,W+2p)
     */
    void affine(INDArray y, double[] scale, double[] shift, INDArray residual, int residualPadding, Activation activation, INDArray out,
            int padding);

    /**
     * The gradient of {@link #affine} before scale and shift: {@code g = fold(dOut) * activation'}, which is also the gradient of the
     * residual, with the two sums from which the gradients of scale and shift follow.
     *
     * @param dOut gradient of {@code out}; used up
     * @param out what {@code affine} wrote
     * @param y its input
     * @param g (N,C,H,W)
     * @return per plane, the sum of g and the sum of g * y
     */
    PlaneSums affineBackward(INDArray dOut, INDArray out, int padding, Activation activation, INDArray y, INDArray g);

    /** {@code out = ofG * g + ofY * y + constant}, factors per plane: the gradient of any normalisation. {@code out} may be {@code g}. */
    void combine(INDArray g, INDArray y, PlaneFactors factors, INDArray out);

    /** Adds {@code x} (N,C,H,W) to the interior of {@code padded}. */
    void addToInterior(INDArray x, INDArray padded, int padding);

    /** Copies the interior of {@code padded} to {@code out} (N,C,H,W). */
    void copyInterior(INDArray padded, int padding, INDArray out);

    /** The largest value of every plane and where it is. */
    Maxima maxima(INDArray x);

    /**
     * The gradient of global average and maximum pooling: adds {@code dMean[plane]/(H*W)} to every pixel of a plane and
     * {@code dMaximum[plane]} to the pixel that held its maximum.
     *
     * @param dx (N,C,H,W), added to
     */
    void addPoolingGradient(double[] dMean, double[] dMaximum, Maxima maxima, INDArray dx);

    /**
     * One update of Adam (Kingma and Ba, arXiv 1412.6980) with L2 weight decay in the gradient, as PyTorch's {@code torch.optim.Adam}. All
     * four are vectors of one length.
     *
     * @param parameters updated
     * @param gradients used up
     * @param first running mean of the gradients, updated
     * @param second running mean of their squares, updated
     */
    void adam(INDArray parameters, INDArray gradients, INDArray first, INDArray second, AdamStep step);

    /**
     * The numbers of one update of Adam.
     *
     * @param learningRate of this step
     * @param beta1 decay of the first moment
     * @param beta2 decay of the second moment
     * @param epsilon added to the root of the corrected second moment
     * @param weightDecay multiple of the parameter that is added to the gradient
     * @param step counts from 1
     */
    record AdamStep(double learningRate, double beta1, double beta2, double epsilon, double weightDecay, long step) {

        /** What the root of the second moment is divided by: {@code sqrt(1 - beta2^step)}. */
        double secondCorrection() {
            return Math.sqrt(1 - Math.pow(beta2, step));
        }

        /** The learning rate with the first moment's bias corrected. */
        double correctedRate() {
            return learningRate / (1 - Math.pow(beta1, step));
        }
    }

    /**
     * Mean and biased variance of every plane.
     *
     * @param mean N*C values
     * @param variance N*C values, the sum of squares divided by H*W
     */
    record Moments(double[] mean, double[] variance) { }

    /**
     * Two sums over every plane.
     *
     * @param g the sum of g
     * @param gy the sum of g * y
     */
    record PlaneSums(double[] g, double[] gy) { }

    /**
     * What {@link #combine} multiplies with, N*C values each.
     *
     * @param ofG factor of g
     * @param ofY factor of y, or null for zero
     * @param constant what is added, or null for zero
     */
    record PlaneFactors(double[] ofG, double[] ofY, double[] constant) { }

    /**
     * The largest value of every plane.
     *
     * @param value N*C values
     * @param index its position in the plane, row by row; the first of equals
     */
    record Maxima(double[] value, int[] index) { }
}
