package io.ugatit.tensor.cpu;

import io.ugatit.device.Threads;
import io.ugatit.tensor.FeatureMaps;
import java.util.stream.IntStream;

/**
 * What oneDNN has to know of a convolution to compile it. Channels are counted with the surplus lanes of blocked maps: oneDNN's fast
 * implementations want whole blocks.
 *
 * @param images N
 * @param inputs channels of the input
 * @param height of the input, its border included
 * @param width of the input, its border included
 * @param outputs channels of the output
 * @param kernel height and width of the weights
 * @param stride between two windows
 * @param inputLanes input channels side by side
 * @param outputLanes output channels side by side
 * @param threads that will compute it
 */
record ConvolutionShape(int images, int inputs, int height, int width, int outputs, int kernel, int stride, int inputLanes, int outputLanes,
        int threads) {
    private static final int WINOGRAD_LANES = 16;
    /** Rows and columns of the input that one tile gives. */
    static final int WINOGRAD_TILE = 4;
    private static final int MOST_TILES = 16;
    /** A thread does so many multiplications in less than a millisecond: waking another would take as long. */
    private static final long PARALLEL_MULTIPLICATIONS = 1 << 26;

    /** A convolution of maps with their border, on as many threads as the caller may use and as it is worth. */
    static ConvolutionShape of(FeatureMaps x, FeatureMaps y, int kernel, int stride) {
        long multiplications = (long) y.images() * y.pixels() * withSurplus(x) * withSurplus(y) * kernel * kernel;
        return new ConvolutionShape(x.images(), withSurplus(x), x.height() + 2 * x.padding(), x.width() + 2 * x.padding(), withSurplus(y),
                kernel, stride, x.lanes(), y.lanes(), multiplications < PARALLEL_MULTIPLICATIONS ? 1 : Threads.inUse());
    }

    private static int withSurplus(FeatureMaps maps) {
        return maps.blocks() / maps.images() * maps.lanes();
    }

    /**
     * Whether Winograd's gradient of the input is faster with a column of tiles more. oneDNN works on as many tiles at a time as divide
     * their number: of 17 x 17, the deepest maps of 256-pixel images with their border, it takes 1.3 times as long as of 17 x 18.
     */
    boolean wantsWiderInputGradient() {
        int tiles = (height + WINOGRAD_TILE - 1) / WINOGRAD_TILE * ((width + WINOGRAD_TILE - 1) / WINOGRAD_TILE);
        return suitsWinograd() && IntStream.rangeClosed(2, MOST_TILES).noneMatch(divisor -> tiles % divisor == 0);
    }

    int outputHeight() {
        return (height - kernel) / stride + 1;
    }

    int outputWidth() {
        return (width - kernel) / stride + 1;
    }

    /** Whether Winograd's algorithm applies: a quarter of the multiplications, as exact as the direct one in single precision. */
    boolean suitsWinograd() {
        return kernel == 3 && stride == 1 && inputLanes == WINOGRAD_LANES && outputLanes == WINOGRAD_LANES;
    }
}
