package io.ugatit.tensor;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The numeric kernels of the networks. A <em>plane</em> is one channel of one image; values of planes are N*C numbers, n-major. The
 * border of {@link FeatureMaps} is a reflection of their interior (the edge pixel is not repeated, as PyTorch's {@code mode="reflect"}), so
 * that the next convolution reads them as they are; it is at most H-1 and W-1 pixels wide. A gradient has the shape of what it is the
 * gradient of; only its interior counts, its border is undefined. Outputs are overwritten unless a method says that it adds.
 *
 * <p>An implementation may keep scratch memory and is used by one thread at a time. All arrays are of one floating point type.
 */
public interface Kernels {

    /** The name that logs and {@code bench} show. */
    String name();

    /** Channels that lie side by side in maps of so many channels, 1 for plain maps. */
    int lanes(int channels);

    /**
     * Copies the interior, and reflects it into the border of {@code out}. The two may differ in padding and in how they lie in memory.
     *
     * @param out interior of x's shape
     */
    void copy(FeatureMaps x, FeatureMaps out);

    /** Adds the interior of {@code x} to that of {@code to}; the border of {@code to} is undefined afterwards. */
    void add(FeatureMaps x, FeatureMaps to);

    /**
     * Convolution of the maps with their border: {@code y[n,o,i,j] = sum_{c,k,l} w[o,c,k,l] x[n,c,i*stride+k,j*stride+l]}.
     *
     * @param weights (O,C,k,k)
     * @param y (N,O,(H+2p-k)/stride+1,(W+2p-k)/stride+1), without a border
     */
    void convolve(FeatureMaps x, INDArray weights, int stride, FeatureMaps y);

    /**
     * The gradients of {@link #convolve}; at least one of them is asked for.
     *
     * @param x its input; not read if {@code dWeights} is null, but its shape is
     * @param dy gradient of its output, without a border
     * @param dx x's shape; the gradient of x's interior, of which the border was a reflection. Null if nobody wants it
     * @param dWeights what the gradient of the weights is added to, or null if nobody wants it
     */
    void convolveBackward(FeatureMaps x, INDArray weights, FeatureMaps dy, int stride, FeatureMaps dx, INDArray dWeights);

    /** Doubles height and width by nearest neighbour: (N,C,H,W), H and W at least 2, to (N,C,2H,2W) with a reflected border. */
    void upsample(FeatureMaps x, FeatureMaps out);

    /** The gradient of {@link #upsample}. */
    void upsampleBackward(FeatureMaps dOut, FeatureMaps dx);

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
    Modulation modulation(INDArray gamma, INDArray beta);

    /** The same learned gamma and beta (1,C,1,1) for every image of a batch, as LIN's. */
    Modulation modulation(Parameter gamma, Parameter beta, int images);

    /** The gradients of gamma and beta, as backward passes have summed them. Both are overwritten: (N,C), contiguous. */
    void gradients(Modulation modulation, INDArray dGamma, INDArray dBeta);

    /** Adds the gradients of gamma and beta, summed over the batch, to those of the parameters that they were made of. */
    void addGradients(Modulation modulation, Parameter gamma, Parameter beta);

    /** The mean of every plane's interior: N*C values. */
    double[] averages(FeatureMaps x);

    /**
     * The sum over channels.
     *
     * @param x (N,C,H,W) with any border
     * @return (N,1,H,W), a new array
     */
    INDArray sumOverChannels(FeatureMaps x);

    /**
     * The 1x1 convolution of the attention module with its weighting by two classifiers in it: that of
     * {@code cat(x * average, x * maximum)}, as one of x.
     *
     * @param weights of the convolution (C,2C,1,1)
     * @param average weights of the classifier of averages (1,C)
     * @param maximum weights of the classifier of maxima (1,C)
     * @param folded overwritten: (C,C,1,1), contiguous
     */
    void foldAttention(Parameter weights, Parameter average, Parameter maximum, INDArray folded);

    /**
     * The gradients of {@link #foldAttention}'s three parameters, added to theirs.
     *
     * @param dFolded gradient of {@code folded}
     */
    void foldAttentionBackward(INDArray dFolded, Parameter weights, Parameter average, Parameter maximum);

    /** The largest value of every plane's interior and where it is. */
    Maxima maxima(FeatureMaps x);

    /**
     * The gradient of global average and maximum pooling: adds {@code dMean[plane]/(H*W)} to every pixel of a plane's interior and
     * {@code dMaximum[plane]} to the pixel that held its maximum.
     *
     * @param dMaximum null if there was no maximum pooling
     * @param maxima null if there was no maximum pooling
     * @param dx added to
     */
    void addPoolingGradient(double[] dMean, double[] dMaximum, Maxima maxima, FeatureMaps dx);

    /**
     * {@code out = matrix vector}, or {@code out = matrix' vector}.
     *
     * @param matrix (R,C), c-ordered and contiguous
     * @param vector C elements, or R if transposed
     * @param out R elements, or C if transposed
     */
    void multiply(INDArray matrix, boolean transposed, INDArray vector, INDArray out);

    /**
     * {@code matrix += factor * u v'}.
     *
     * @param matrix (R,C), c-ordered and contiguous
     * @param u R elements
     * @param v C elements
     */
    void addOuterProduct(INDArray matrix, double factor, INDArray u, INDArray v);

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
        public double secondCorrection() {
            return Math.sqrt(1 - Math.pow(beta2, step));
        }

        /** The learning rate with the first moment's bias corrected. */
        public double correctedRate() {
            return learningRate / (1 - Math.pow(beta1, step));
        }
    }

    /**
     * The largest value of every plane.
     *
     * @param value N*C values
     * @param index its position in the plane's interior, row by row; the first of equals
     */
    record Maxima(double[] value, int[] index) { }
}
