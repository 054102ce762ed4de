package io.ugatit.model;

import io.ugatit.model.ParameterSpec.Constant;
import io.ugatit.model.ParameterSpec.Direction;
import io.ugatit.model.ParameterSpec.FanIn;
import java.util.ArrayList;
import java.util.List;

/** The parameters of every network: the authors' names and shapes, PyTorch's initial values. */
final class ParameterSpecs {
    private final List<ParameterSpec> specs = new ArrayList<>();
    private final List<ParameterSpec> directions = new ArrayList<>();

    private ParameterSpecs() { }

    /** The parameters of a network in the order of its flat vector; what is not trained comes last. */
    static List<ParameterSpec> of(Network network, NetworkOptions options) {
        ParameterSpecs specs = new ParameterSpecs();
        if (network.kind() == Network.Kind.GENERATOR) {
            specs.generator(options);
        } else {
            specs.discriminator(options.ch(), options.layers(network));
        }
        specs.specs.addAll(specs.directions);
        return List.copyOf(specs.specs);
    }

    private void generator(NetworkOptions o) {
        int top = o.top();
        convolution("DownBlock.1", o.ch(), 3, 7);
        convolution("DownBlock.5", 2 * o.ch(), o.ch(), 3);
        convolution("DownBlock.9", top, 2 * o.ch(), 3);
        for (int i = 0; i < o.resBlocks(); i++) {
            convolution("DownBlock." + (12 + i) + ".conv_block.1", top, top, 3);
            convolution("DownBlock." + (12 + i) + ".conv_block.5", top, top, 3);
        }
        weight("gap_fc.weight", top, 1, top);
        weight("gmp_fc.weight", top, 1, top);
        attentionConvolution(top);
        long side = o.size() / 4;
        long inputs = o.light() ? top : side * side * top;
        weight("FC.0.weight", inputs, top, inputs);
        for (String key : List.of("FC.2", "gamma", "beta")) {
            weight(key + ".weight", top, top, top);
        }
        for (int i = 1; i <= o.resBlocks(); i++) {
            for (int j = 1; j <= 2; j++) {
                convolution("UpBlock1_" + i + ".conv" + j, top, top, 3);
                constant("UpBlock1_" + i + ".norm" + j + ".rho", 0.9f, 1, top, 1, 1);
            }
        }
        upsampling(2, top);
        upsampling(7, top / 2);
        convolution("UpBlock2.11", 3, o.ch(), 7);
    }

    private void upsampling(int index, int width) {
        convolution("UpBlock2." + index, width / 2, width, 3);
        String norm = "UpBlock2." + (index + 1);
        constant(norm + ".rho", 0, 1, width / 2, 1, 1);
        constant(norm + ".gamma", 1, 1, width / 2, 1, 1);
        constant(norm + ".beta", 0, 1, width / 2, 1, 1);
    }

    private void discriminator(int ch, int layers) {
        int inputs = 3;
        int outputs = ch;
        for (int i = 0; i < layers - 1; i++) {
            normalized("model." + (1 + 3 * i), true, outputs, inputs, 4, 4);
            inputs = outputs;
            outputs *= 2;
        }
        normalized("gap_fc", false, 1, inputs);
        normalized("gmp_fc", false, 1, inputs);
        attentionConvolution(inputs);
        normalized("conv", false, 1, inputs, 4, 4);
    }

    private void attentionConvolution(int channels) {
        weight("conv1x1.weight", 2L * channels, channels, 2L * channels, 1, 1);
        weight("conv1x1.bias", 2L * channels, channels);
    }

    private void convolution(String key, int outputs, int inputs, int kernel) {
        weight(key + ".weight", (long) inputs * kernel * kernel, outputs, inputs, kernel, kernel);
    }

    private void normalized(String key, boolean bias, long... shape) {
        long inputs = 1;
        for (int i = 1; i < shape.length; i++) {
            inputs *= shape[i];
        }
        weight(key + ".weight_orig", inputs, shape);
        if (bias) {
            weight(key + ".bias", inputs, shape[0]);
        }
        directions.add(new ParameterSpec(key + ".weight_u", new long[] {shape[0]}, new Direction()));
        directions.add(new ParameterSpec(key + ".weight_v", new long[] {inputs}, new Direction()));
    }

    private void weight(String key, long fanIn, long... shape) {
        specs.add(new ParameterSpec(key, shape, new FanIn(fanIn)));
    }

    private void constant(String key, float value, long... shape) {
        specs.add(new ParameterSpec(key, shape, new Constant(value)));
    }
}
