package io.ugatit.evaluate.inception;

import java.util.ArrayList;
import java.util.List;

/** The convolutions of {@link InceptionV3}, and nothing else of it. */
final class ConvolutionList implements Layers<Void> {
    private final List<Convolution> convolutions = new ArrayList<>();

    private ConvolutionList() { }

    /** All 94, in the order of the network. */
    static List<Convolution> all() {
        ConvolutionList list = new ConvolutionList();
        InceptionV3.layers(Pooling.MEAN, list);
        return List.copyOf(list.convolutions);
    }

    @Override
    public Void images() {
        return null;
    }

    @Override
    public Void output(int channels, int side) {
        return null;
    }

    @Override
    public Void inner(int channels, int side) {
        return null;
    }

    @Override
    public Void part(Void maps, int first, int channels) {
        return null;
    }

    @Override
    public void convolve(Convolution convolution, Void from, Void to) {
        convolutions.add(convolution);
    }

    @Override
    public void convolveOnly(Convolution convolution, Void from, Void to) {
        convolutions.add(convolution);
    }

    @Override
    public void largest(Void from, int stride, Void to) {
        // has no weights
    }

    @Override
    public void meanAboveZero(Void from, Void to) {
        // has no weights
    }

    @Override
    public void meanOfAll(Void from, Void to) {
        // has no weights
    }
}
