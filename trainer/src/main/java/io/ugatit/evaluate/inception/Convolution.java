package io.ugatit.evaluate.inception;

/**
 * A convolution without bias, its batch normalization and ReLU.
 *
 * @param name as in torchvision's {@code inception_v3}, such as {@code Mixed_5b.branch1x1}
 * @param inputs channels of the input
 * @param outputs channels of the output
 * @param height of the kernel
 * @param width of the kernel
 * @param stride between two windows, both ways
 * @param padded whether zeros around the input keep its size; only with stride 1
 */
record Convolution(String name, int inputs, int outputs, int height, int width, int stride, boolean padded) {

    /** Rows of zeros above and below the input. */
    int paddingHeight() {
        return padded ? height / 2 : 0;
    }

    /** Columns of zeros left and right of the input. */
    int paddingWidth() {
        return padded ? width / 2 : 0;
    }

    /** Height and width of the output for an input of this height and width. */
    int outputSide(int side) {
        return padded ? side : (side - height) / stride + 1;
    }

    /** The shape of the weights, (O,C,h,w). */
    long[] shape() {
        return new long[] {outputs, inputs, height, width};
    }

    /** How many weights it has. */
    int weights() {
        return outputs * inputs * height * width;
    }
}
