package io.ugatit.gpucheck;

import io.ugatit.model.NetworkOptions;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A convolution of the networks, on one image.
 *
 * @param kernel its height and width
 * @param padding pixels of border on each side of its input
 * @param size height and width of its input without the border
 */
record ConvolutionShape(int kernel, int stride, int padding, int inputs, int outputs, int size) {

    /** Each that the networks have, once, in their order. */
    static List<ConvolutionShape> of(NetworkOptions o) {
        int ch = o.ch();
        int top = o.top();
        int size = o.size();
        Set<ConvolutionShape> shapes = new LinkedHashSet<>(List.of(
                new ConvolutionShape(7, 1, 3, 3, ch, size),
                new ConvolutionShape(3, 2, 1, ch, 2 * ch, size),
                new ConvolutionShape(3, 2, 1, 2 * ch, top, size / 2),
                new ConvolutionShape(3, 1, 1, top, top, size / 4),
                new ConvolutionShape(1, 1, 0, top, top, size / 4),
                new ConvolutionShape(3, 1, 1, top, top / 2, size / 2),
                new ConvolutionShape(3, 1, 1, top / 2, ch, size),
                new ConvolutionShape(7, 1, 3, ch, 3, size)));
        for (int layers : new int[] {o.globalLayers(), o.localLayers()}) {
            shapes.addAll(ofDiscriminator(layers, ch, size));
        }
        return List.copyOf(shapes);
    }

    private static List<ConvolutionShape> ofDiscriminator(int layers, int ch, int imageSize) {
        List<ConvolutionShape> shapes = new ArrayList<>();
        int inputs = 3;
        int outputs = ch;
        int size = imageSize;
        for (int i = 0; i < layers - 1; i++) {
            ConvolutionShape shape = new ConvolutionShape(4, i < layers - 2 ? 2 : 1, 1, inputs, outputs, size);
            shapes.add(shape);
            size = shape.outputSize();
            inputs = outputs;
            outputs *= 2;
        }
        shapes.add(new ConvolutionShape(1, 1, 0, inputs, inputs, size));
        shapes.add(new ConvolutionShape(4, 1, 1, inputs, 1, size));
        return shapes;
    }

    int outputSize() {
        return (size + 2 * padding - kernel) / stride + 1;
    }

    /** Floating point operations: two for each product. */
    double operations() {
        return 2.0 * outputSize() * outputSize() * outputs * inputs * kernel * kernel;
    }

    @Override
    public String toString() {
        return kernel + "x" + kernel + " by " + stride + ", " + inputs + " to " + outputs + " channels, " + size + "x" + size;
    }
}
