package io.ugatit.tensor.cpu.convolution;

import io.ugatit.device.Threads;
import io.ugatit.tensor.FeatureMaps;

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
    /** A thread does so many multiplications in less than a millisecond: waking another would take as long. */
    private static final long PARALLEL_MULTIPLICATIONS = 1 << 26;

    /** A convolution of maps with their border, on as many threads as the caller may use and as it is worth. */
    static ConvolutionShape of(FeatureMaps x, FeatureMaps y, int kernel, int stride) {
        int inputs = x.channelsWithSurplus();
        int outputs = y.channelsWithSurplus();
        long multiplications = (long) y.images() * y.pixels() * inputs * outputs * kernel * kernel;
        return new ConvolutionShape(x.images(), inputs, x.height() + 2 * x.padding(), x.width() + 2 * x.padding(), outputs, kernel, stride,
                x.lanes(), y.lanes(), multiplications < PARALLEL_MULTIPLICATIONS ? 1 : Threads.inUse());
    }

    int outputHeight() {
        return (height - kernel) / stride + 1;
    }

    int outputWidth() {
        return (width - kernel) / stride + 1;
    }
}
