package io.ugatit.model;

import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.Range;
import java.io.Serializable;

/**
 * Sizes of the networks.
 *
 * @param size height and width of the images in pixels, a multiple of 4 from 16 to 2048
 * @param ch channels of the first convolution, 1 to 512; the generator's widest layer has 4 times as many
 * @param resBlocks residual blocks on each side of the generator's attention module, 1 to 32
 * @param light whether gamma and beta follow from the features' averages; always the opposite of {@code full}
 * @param full whether gamma and beta follow from all features, as in the paper: 27 times the parameters at 256 px
 * @param globalLayers layers of the discriminators with the larger receptive field, 3 to 11
 * @param localLayers layers of the other discriminators, 3 to 11
 */
public record NetworkOptions(int size, int ch, int resBlocks, boolean light, boolean full, int globalLayers, int localLayers)
        implements Serializable {

    /** The authors' sizes, with the light generator. */
    public static final NetworkOptions DEFAULT = new NetworkOptions(256, 64, 4, true, false, 7, 5);

    /** Channels that kernels lay side by side at most. */
    private static final int MOST_LANES = 16;
    private static final int MIN_LAYERS = 3;
    private static final int MAX_LAYERS = 11;

    /** @throws InvalidRequestException if a value is out of its range or the discriminators do not fit the size */
    public NetworkOptions {
        if (light && full) {
            throw new InvalidRequestException("--light and --full exclude each other: give one of them");
        }
        light = !full;
        requireSize(size);
        Range.require("--ch", ch, 1, 512);
        Range.require("--res-blocks", resBlocks, 1, 32);
        requireLayers("--global-layers", globalLayers, size);
        requireLayers("--local-layers", localLayers, size);
    }

    /** @throws InvalidRequestException if images of this height and width in pixels are not possible */
    public static void requireSize(int size) {
        if (size < 16 || size > 2048 || size % 4 != 0) {
            throw new InvalidRequestException("--size is " + size + ": must be a multiple of 4 from 16 to 2048");
        }
    }

    private static void requireLayers(String option, int layers, int size) {
        Range.require(option, layers, MIN_LAYERS, MAX_LAYERS);
        if (size < minSize(layers)) {
            int most = MIN_LAYERS;
            while (size >= minSize(most + 1)) {
                most++;
            }
            throw new InvalidRequestException(option + " is " + layers + ": needs --size " + minSize(layers) + " or more; at --size " + size
                    + " at most " + most + " layers work");
        }
    }

    /**
     * The smallest image that a discriminator of so many layers works on: all but the first and the last of its convolutions halve the
     * image, the last two take one pixel each, and a reflected border needs two pixels.
     */
    static int minSize(int layers) {
        return Math.max(16, 3 << (layers - 2));
    }

    /** Channels of the generator's residual blocks. */
    public int top() {
        return 4 * ch;
    }

    /**
     * Bytes that the largest feature map takes at most, border and surplus channels included: what the generator's second upsampling makes,
     * or the last convolution reads.
     *
     * @param images that the networks compute together
     */
    public long largestMapBytes(int images) {
        long upsampled = wholeBlocks(2L * ch) * (size + 2L) * (size + 2L);
        long drawn = wholeBlocks(ch) * (size + 6L) * (size + 6L);
        return images * Math.max(upsampled, drawn) * Float.BYTES;
    }

    private static long wholeBlocks(long channels) {
        return (channels + MOST_LANES - 1) / MOST_LANES * MOST_LANES;
    }

    /** Layers of a network's discriminator. */
    int layers(Network network) {
        return network.kind() == Network.Kind.GLOBAL_DISCRIMINATOR ? globalLayers : localLayers;
    }
}
