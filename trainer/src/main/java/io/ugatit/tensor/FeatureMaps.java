package io.ugatit.tensor;

/**
 * Feature maps or images (N,C,H,W) with a border of {@code padding} pixels on each side, in one piece of memory. Height and width are those
 * of the <em>interior</em>, the maps without the border. How the maps lie in memory is the choice of the {@link Kernels} that use them:
 * <em>plain</em>, (N,C,H+2p,W+2p) row by row, or <em>blocked</em> by {@code lanes} channels, (N,ceil(C/lanes),H+2p,W+2p,lanes), so that a
 * vector instruction works on many channels of one pixel. Lanes beyond the last channel hold zeros.
 */
public final class FeatureMaps {
    private final Tensor data;
    private final int lanes;
    private final int images;
    private final int channels;
    private final int height;
    private final int width;
    private final int padding;

    /**
     * @param data a vector, one element after the other
     * @param lanes channels side by side, 1 for plain maps
     * @param height of the interior
     * @param width of the interior
     * @param padding pixels of border on each side
     */
    FeatureMaps(Tensor data, int lanes, int images, int channels, int height, int width, int padding) {
        this.data = data;
        this.lanes = lanes;
        this.images = images;
        this.channels = channels;
        this.height = height;
        this.width = width;
        this.padding = padding;
    }

    /**
     * A tensor seen as plain maps; nothing is copied.
     *
     * @param tensor (N,C,H+2p,W+2p)
     * @param padding p
     */
    public static FeatureMaps of(Tensor tensor, int padding) {
        return new FeatureMaps(tensor, 1, (int) tensor.size(0), (int) tensor.size(1), (int) tensor.size(2) - 2 * padding,
                (int) tensor.size(3) - 2 * padding, padding);
    }

    /** Maps from a pool, with undefined content. */
    public static FeatureMaps take(BufferPool pool, int lanes, int images, int channels, int height, int width, int padding) {
        long length = (long) images * blocks(channels, lanes) * lanes * (height + 2L * padding) * (width + 2L * padding);
        return new FeatureMaps(lanes == 1 ? pool.take(length) : pool.takeAligned(length), lanes, images, channels, height, width, padding);
    }

    private static int blocks(int channels, int lanes) {
        return (channels + lanes - 1) / lanes;
    }

    /**
     * Plain maps as a tensor (N,C,H+2p,W+2p); nothing is copied.
     *
     * @throws IllegalStateException if the maps are blocked
     */
    public Tensor plain() {
        if (lanes != 1) {
            throw new IllegalStateException("blocked maps are no plain tensor: copy them to plain ones");
        }
        return data.reshape(images, channels, height + 2L * padding, width + 2L * padding);
    }

    /** The same memory, with the border counted to the interior. */
    public FeatureMaps withoutPadding() {
        return new FeatureMaps(data, lanes, images, channels, height + 2 * padding, width + 2 * padding, 0);
    }

    /** The memory as it is. */
    public Tensor data() {
        return data;
    }

    /** Channels that lie side by side; 1 if the maps are plain. */
    public int lanes() {
        return lanes;
    }

    /** Groups of {@code lanes} channels, of all images. */
    public int blocks() {
        return images * blocks(channels, lanes);
    }

    /** N. */
    public int images() {
        return images;
    }

    /** C. */
    public int channels() {
        return channels;
    }

    /** Channels of an image, counted with the lanes beyond the last. */
    public int channelsWithSurplus() {
        return blocks(channels, lanes) * lanes;
    }

    /** H, without the border. */
    public int height() {
        return height;
    }

    /** W, without the border. */
    public int width() {
        return width;
    }

    /** Pixels of border on each side. */
    public int padding() {
        return padding;
    }

    /** Planes, one a channel and image. */
    public int planes() {
        return images * channels;
    }

    /** Pixels of a plane's interior. */
    public int pixels() {
        return height * width;
    }
}
