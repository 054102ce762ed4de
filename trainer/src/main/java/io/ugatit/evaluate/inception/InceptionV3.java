package io.ugatit.evaluate.inception;

/**
 * Inception-v3 (Szegedy et al., arXiv 1512.00567) from the image to the 2048 features before its classifier. The blocks and their names are
 * those of torchvision; the order of the convolutions is that of Keras, too, which numbers them.
 *
 * @param <M> what stands for feature maps
 */
final class InceptionV3<M> {
    /** Height and width of the images. */
    static final int SIDE = 299;
    /** How many features there are. */
    static final int FEATURES = 2048;
    private static final int LARGE = 35;
    private static final int MIDDLE = 17;
    private static final int SMALL = 8;

    private final Layers<M> layers;
    private String block;

    private InceptionV3(Layers<M> layers) {
        this.layers = layers;
    }

    /**
     * Gives the layers.
     *
     * @param pooling of the pooled branch of the last block
     * @return the features: maps of side 1
     */
    static <M> M layers(Pooling pooling, Layers<M> layers) {
        return new InceptionV3<>(layers).all(pooling);
    }

    private M all(Pooling last) {
        M x = stem();
        x = mixed5("Mixed_5b", x, 192, 32);
        x = mixed5("Mixed_5c", x, 256, 64);
        x = mixed5("Mixed_5d", x, 288, 64);
        x = mixed6a(x);
        x = mixed6("Mixed_6b", x, 128);
        x = mixed6("Mixed_6c", x, 160);
        x = mixed6("Mixed_6d", x, 160);
        x = mixed6("Mixed_6e", x, 192);
        x = mixed7a(x);
        x = mixed7("Mixed_7b", x, 1280, Pooling.MEAN);
        x = mixed7("Mixed_7c", x, FEATURES, last);
        M features = layers.output(FEATURES, 1);
        layers.meanOfAll(x, features);
        return features;
    }

    private M stem() {
        M x = single(new Convolution("Conv2d_1a_3x3", 3, 32, 3, 3, 2, false), layers.images(), SIDE);
        x = single(new Convolution("Conv2d_2a_3x3", 32, 32, 3, 3, 1, false), x, 149);
        x = single(new Convolution("Conv2d_2b_3x3", 32, 64, 3, 3, 1, true), x, 147);
        M pooled = layers.output(64, 73);
        layers.largest(x, 2, pooled);
        x = single(new Convolution("Conv2d_3b_1x1", 64, 80, 1, 1, 1, false), pooled, 73);
        x = single(new Convolution("Conv2d_4a_3x3", 80, 192, 3, 3, 1, false), x, 73);
        pooled = layers.output(192, LARGE);
        layers.largest(x, 2, pooled);
        return pooled;
    }

    private M single(Convolution convolution, M from, int side) {
        M to = layers.output(convolution.outputs(), convolution.outputSide(side));
        layers.convolve(convolution, from, to);
        return to;
    }

    private M mixed5(String name, M x, int inputs, int pooled) {
        block = name;
        M out = layers.output(224 + pooled, LARGE);
        padded("branch1x1", x, inputs, 1, 1, layers.part(out, 0, 64), 64);
        M first = inner("branch5x5_1", x, inputs, 1, 1, 48, LARGE);
        padded("branch5x5_2", first, 48, 5, 5, layers.part(out, 64, 64), 64);
        first = inner("branch3x3dbl_1", x, inputs, 1, 1, 64, LARGE);
        M second = inner("branch3x3dbl_2", first, 64, 3, 3, 96, LARGE);
        padded("branch3x3dbl_3", second, 96, 3, 3, layers.part(out, 128, 96), 96);
        pooled(Pooling.MEAN, x, inputs, LARGE, layers.part(out, 224, pooled), pooled);
        return out;
    }

    private M mixed6a(M x) {
        block = "Mixed_6a";
        M out = layers.output(768, MIDDLE);
        reducing("branch3x3", x, 288, layers.part(out, 0, 384), 384);
        M first = inner("branch3x3dbl_1", x, 288, 1, 1, 64, LARGE);
        M second = inner("branch3x3dbl_2", first, 64, 3, 3, 96, LARGE);
        reducing("branch3x3dbl_3", second, 96, layers.part(out, 384, 96), 96);
        layers.largest(x, 2, layers.part(out, 480, 288));
        return out;
    }

    private M mixed6(String name, M x, int narrow) {
        block = name;
        M out = layers.output(768, MIDDLE);
        padded("branch1x1", x, 768, 1, 1, layers.part(out, 0, 192), 192);
        M y = inner("branch7x7_1", x, 768, 1, 1, narrow, MIDDLE);
        y = inner("branch7x7_2", y, narrow, 1, 7, narrow, MIDDLE);
        padded("branch7x7_3", y, narrow, 7, 1, layers.part(out, 192, 192), 192);
        y = inner("branch7x7dbl_1", x, 768, 1, 1, narrow, MIDDLE);
        y = inner("branch7x7dbl_2", y, narrow, 7, 1, narrow, MIDDLE);
        y = inner("branch7x7dbl_3", y, narrow, 1, 7, narrow, MIDDLE);
        y = inner("branch7x7dbl_4", y, narrow, 7, 1, narrow, MIDDLE);
        padded("branch7x7dbl_5", y, narrow, 1, 7, layers.part(out, 384, 192), 192);
        pooled(Pooling.MEAN, x, 768, MIDDLE, layers.part(out, 576, 192), 192);
        return out;
    }

    private M mixed7a(M x) {
        block = "Mixed_7a";
        M out = layers.output(1280, SMALL);
        M y = inner("branch3x3_1", x, 768, 1, 1, 192, MIDDLE);
        reducing("branch3x3_2", y, 192, layers.part(out, 0, 320), 320);
        y = inner("branch7x7x3_1", x, 768, 1, 1, 192, MIDDLE);
        y = inner("branch7x7x3_2", y, 192, 1, 7, 192, MIDDLE);
        y = inner("branch7x7x3_3", y, 192, 7, 1, 192, MIDDLE);
        reducing("branch7x7x3_4", y, 192, layers.part(out, 320, 192), 192);
        layers.largest(x, 2, layers.part(out, 512, 768));
        return out;
    }

    private M mixed7(String name, M x, int inputs, Pooling pooling) {
        block = name;
        M out = layers.output(FEATURES, SMALL);
        padded("branch1x1", x, inputs, 1, 1, layers.part(out, 0, 320), 320);
        M y = inner("branch3x3_1", x, inputs, 1, 1, 384, SMALL);
        padded("branch3x3_2a", y, 384, 1, 3, layers.part(out, 320, 384), 384);
        padded("branch3x3_2b", y, 384, 3, 1, layers.part(out, 704, 384), 384);
        y = inner("branch3x3dbl_1", x, inputs, 1, 1, 448, SMALL);
        y = inner("branch3x3dbl_2", y, 448, 3, 3, 384, SMALL);
        padded("branch3x3dbl_3a", y, 384, 1, 3, layers.part(out, 1088, 384), 384);
        padded("branch3x3dbl_3b", y, 384, 3, 1, layers.part(out, 1472, 384), 384);
        pooled(pooling, x, inputs, SMALL, layers.part(out, 1856, 192), 192);
        return out;
    }

    private M inner(String branch, M from, int inputs, int height, int width, int outputs, int side) {
        M to = layers.inner(outputs, side);
        padded(branch, from, inputs, height, width, to, outputs);
        return to;
    }

    private void padded(String branch, M from, int inputs, int height, int width, M to, int outputs) {
        layers.convolve(new Convolution(block + "." + branch, inputs, outputs, height, width, 1, true), from, to);
    }

    private void reducing(String branch, M from, int inputs, M to, int outputs) {
        layers.convolve(new Convolution(block + "." + branch, inputs, outputs, 3, 3, 2, false), from, to);
    }

    private void pooled(Pooling pooling, M from, int inputs, int side, M to, int outputs) {
        if (pooling == Pooling.LARGEST) {
            M pooled = layers.inner(inputs, side);
            layers.largest(from, 1, pooled);
            padded("branch_pool", pooled, inputs, 1, 1, to, outputs);
        } else {
            // the mean of sums is the sum of means, and the bias is its own mean: so fewer channels are pooled
            M convolved = layers.inner(outputs, side);
            layers.convolveOnly(new Convolution(block + ".branch_pool", inputs, outputs, 1, 1, 1, true), from, convolved);
            layers.meanAboveZero(convolved, to);
        }
    }
}
