package io.ugatit.evaluate.inception;

/**
 * Takes the layers of {@link InceptionV3} one by one in the order of their computation: to compute them, or to know them.
 *
 * @param <M> what stands for square feature maps
 */
interface Layers<M> {

    /** The images: three channels, {@link InceptionV3#SIDE} x {@link InceptionV3#SIDE}. */
    M images();

    /**
     * The output of a block, which now begins. Its inputs are the output of the block before; everything older is no longer needed.
     *
     * @param channels a multiple of 16
     */
    M output(int channels, int side);

    /**
     * Maps that are needed within the block only.
     *
     * @param channels a multiple of 16
     */
    M inner(int channels, int side);

    /**
     * Some channels of maps; whoever writes them writes the maps.
     *
     * @param first a multiple of 16
     * @param channels a multiple of 16
     */
    M part(M maps, int first, int channels);

    /** Convolution, batch normalization, ReLU. */
    void convolve(Convolution convolution, M from, M to);

    /** The largest of 3 x 3 values. @param stride 1, with a border that is never the largest, or 2, without one */
    void largest(M from, int stride, M to);

    /** Convolution and batch normalization alone. */
    void convolveOnly(Convolution convolution, M from, M to);

    /** The mean of those of 3 x 3 values that lie inside, with stride 1; then ReLU. */
    void meanAboveZero(M from, M to);

    /** The mean of each channel. @param to maps of side 1 */
    void meanOfAll(M from, M to);
}
