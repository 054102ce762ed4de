package io.ugatit.tensor;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The numeric kernels of the networks. A <em>plane</em> is one channel of one image; per-plane values are {@code double[N*C]}, n-major. The
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

    /** Mean and biased variance (the sum of squares divided by H*W) of the interior of every plane. */
    Moments moments(FeatureMaps x);

    /**
     * {@code out = activation(scale * y + shift + residual)}, scale and shift per plane, with a reflected border.
     *
     * @param y without a border
     * @param residual of y's shape, with any border, or null
     * @param out of y's shape, with any border
     */
    void affine(FeatureMaps y, double[] scale, double[] shift, FeatureMaps residual, Activation activation, FeatureMaps out);

    /**
     * The sums from which the gradients of {@link #affine}'s scale and shift follow, with {@code g = dOut * activation'}.
     *
     * @param out what {@code affine} wrote
     * @param y its input
     * @return per plane, the sum of g and the sum of g * y
     */
    PlaneSums affineSums(FeatureMaps dOut, FeatureMaps out, Activation activation, FeatureMaps y);

    /**
     * {@code dy = ofG * g + ofY * y + constant} with {@code g = dOut * activation'}, factors per plane: the gradient of any normalisation.
     *
     * @param out what {@code affine} wrote
     * @param y its input
     * @param dy of y's shape, without a border
     */
    void affineBackward(FeatureMaps dOut, FeatureMaps out, Activation activation, FeatureMaps y, PlaneFactors factors, FeatureMaps dy);

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
     * What {@link #affineBackward} multiplies with, N*C values each.
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
     * @param index its position in the plane's interior, row by row; the first of equals
     */
    record Maxima(double[] value, int[] index) { }
}
