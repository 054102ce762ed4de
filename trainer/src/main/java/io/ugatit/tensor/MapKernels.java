package io.ugatit.tensor;

/**
 * Passes over maps and convolutions. The border of {@link FeatureMaps} is a reflection of their interior (the edge pixel is not repeated, as
 * PyTorch's {@code mode="reflect"}), so that the next convolution reads them as they are; it is at most H-1 and W-1 pixels wide.
 */
public interface MapKernels {

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
    void convolve(FeatureMaps x, Tensor weights, int stride, FeatureMaps y);

    /**
     * The gradients of {@link #convolve}; at least one of them is asked for.
     *
     * @param x its input; not read if {@code dWeights} is null, but its shape is
     * @param dy gradient of its output, without a border
     * @param dx x's shape; the gradient of x's interior, of which the border was a reflection. Null if nobody wants it
     * @param dWeights what the gradient of the weights is added to, or null if nobody wants it
     */
    void convolveBackward(FeatureMaps x, Tensor weights, FeatureMaps dy, int stride, FeatureMaps dx, Tensor dWeights);

    /** Doubles height and width by nearest neighbour: (N,C,H,W), H and W at least 2, to (N,C,2H,2W) with a reflected border. */
    void upsample(FeatureMaps x, FeatureMaps out);

    /** The gradient of {@link #upsample}. */
    void upsampleBackward(FeatureMaps dOut, FeatureMaps dx);
}
