package io.ugatit.exchange.onnx;

import static io.ugatit.exchange.onnx.GraphBuilder.attribute;

import io.ugatit.model.NetworkOptions;
import io.ugatit.tensor.Scaling;
import java.util.List;
import onnx.Onnx.GraphProto;

/**
 * The arithmetic of {@link io.ugatit.model.Generator} as ONNX nodes. Weights are inputs under the authors' keys; they are not in the graph.
 * (Ada)LIN is computed as {@link io.ugatit.model.Generator} does, from the moments of the channels, whose mean is taken off first, so that
 * single precision is enough for images of any size. The operators' versions are those of opset 18.
 */
final class GeneratorGraph {
    /** In ONNX since its version 1.13, in ONNX Runtime since 1.14; the first in which all reductions take their axes alike. */
    static final int OPSET = 18;
    static final String INPUT = "image";
    static final String TRANSLATION = "translation";
    static final String HEATMAP = "heatmap";

    private final NetworkOptions options;
    private final GraphBuilder graph;

    private GeneratorGraph(NetworkOptions options, String name, String description) {
        this.options = options;
        this.graph = new GraphBuilder(name, description);
    }

    /** @param name of the graph */
    static GraphProto of(NetworkOptions options, String name, String description) {
        GeneratorGraph generator = new GeneratorGraph(options, name, description);
        generator.graph.input(INPUT, "RGB images, a level v of 0 to 255 as v / 127.5 - 1", 3, options.size());
        generator.graph.output(TRANSLATION, "RGB images in [-1, 1]: a level is (value + 1) * 127.5", 3, options.size());
        generator.graph.output(HEATMAP, "where the generator looks: the attended features, not negative, summed over channels", 1,
                options.size() / 4);
        generator.translate();
        return generator.graph.build();
    }

    private void translate() {
        String attended = attention(encode());
        graph.node(HEATMAP, "ReduceSum", List.of(attended, graph.integers(1)));
        String hidden = hidden(attended);
        String decoded = decode(attended, modulation("gamma", hidden), modulation("beta", hidden));
        graph.node(TRANSLATION, "Tanh", List.of(convolution("UpBlock2.11", decoded, 3, 1)));
    }

    private String encode() {
        String x = relu("DownBlock.3", instanceNorm("DownBlock.2", convolution("DownBlock.1", INPUT, 3, 1), options.ch()));
        x = relu("DownBlock.7", instanceNorm("DownBlock.6", convolution("DownBlock.5", x, 1, 2), 2 * options.ch()));
        x = relu("DownBlock.11", instanceNorm("DownBlock.10", convolution("DownBlock.9", x, 1, 2), options.top()));
        for (int i = 0; i < options.resBlocks(); i++) {
            String block = "DownBlock." + (12 + i);
            String key = block + ".conv_block.";
            String y = relu(key + "3", instanceNorm(key + "2", convolution(key + "1", x, 1, 1), options.top()));
            y = instanceNorm(key + "6", convolution(key + "5", y, 1, 1), options.top());
            x = graph.node(block, "Add", List.of(x, y));
        }
        return x;
    }

    /** Features weighted by both classifiers' weights, and brought back to their number by a 1x1 convolution. */
    private String attention(String x) {
        String average = graph.node("gap", "Mul", List.of(x, planes("gap_fc.weight")));
        String maximum = graph.node("gmp", "Mul", List.of(x, planes("gmp_fc.weight")));
        String both = graph.node("cam", "Concat", List.of(average, maximum), attribute("axis", 1));
        return relu("relu", graph.node("conv1x1", "Conv", List.of(both, "conv1x1.weight", "conv1x1.bias"), attribute("kernel_shape", 1, 1)));
    }

    /** (N,C) to (N,C,1,1). */
    private String planes(String vectors) {
        return graph.node(vectors + "/planes", "Unsqueeze", List.of(vectors, graph.integers(2, 3)));
    }

    /** From the features, or their averages over the image, to the hidden values (N,C). */
    private String hidden(String attended) {
        String features = options.light() ? graph.node("FC/average", "GlobalAveragePool", List.of(attended)) : attended;
        String inputs = graph.node("FC/inputs", "Flatten", List.of(features), attribute("axis", 1));
        return relu("FC.3", linear("FC.2", relu("FC.1", linear("FC.0", inputs))));
    }

    private String linear(String key, String x) {
        return graph.node(key, "Gemm", List.of(x, key + ".weight"), attribute("transB", 1));
    }

    /** AdaLIN's gamma or beta (N,C,1,1). */
    private String modulation(String key, String hidden) {
        return planes(linear(key, hidden));
    }

    private String decode(String attended, String gamma, String beta) {
        String x = attended;
        int side = options.size() / 4;
        for (int i = 1; i <= options.resBlocks(); i++) {
            String block = "UpBlock1_" + i;
            String key = block + ".";
            String y = convolution(key + "conv1", x, 1, 1);
            y = relu(key + "relu1", layerInstanceNorm(key + "norm1", y, gamma, beta, options.top(), side));
            y = convolution(key + "conv2", y, 1, 1);
            x = graph.node(block, "Add", List.of(x, layerInstanceNorm(key + "norm2", y, gamma, beta, options.top(), side)));
        }
        x = upsampling(2, x, 2 * options.ch(), 2 * side);
        return upsampling(7, x, options.ch(), 4 * side);
    }

    private String upsampling(int index, String x, int channels, int side) {
        String doubled = graph.node("UpBlock2." + (index - 2), "Resize", List.of(x, "", graph.vector(1, 1, 2, 2)),
                attribute("mode", "nearest"), attribute("coordinate_transformation_mode", "asymmetric"), attribute("nearest_mode", "floor"));
        String norm = "UpBlock2." + (index + 1);
        String y = convolution("UpBlock2." + index, doubled, 1, 1);
        return relu("UpBlock2." + (index + 2), layerInstanceNorm(norm, y, norm + ".gamma", norm + ".beta", channels, side));
    }

    /** A convolution without bias of the input with a reflected border of {@code padding}; its kernel is 2 padding + 1. */
    private String convolution(String key, String x, int padding, int stride) {
        String padded = graph.node(key + "/border", "Pad", List.of(x, graph.integers(0, 0, padding, padding, 0, 0, padding, padding)),
                attribute("mode", "reflect"));
        int kernel = 2 * padding + 1;
        return graph.node(key, "Conv", List.of(padded, key + ".weight"), attribute("kernel_shape", kernel, kernel),
                attribute("strides", stride, stride));
    }

    private String relu(String name, String x) {
        return graph.node(name, "Relu", List.of(x));
    }

    /** With the biased variance, as PyTorch's. */
    private String instanceNorm(String name, String x, int channels) {
        return graph.node(name, "InstanceNormalization", List.of(x, graph.repeated(1, channels), graph.repeated(0, channels)),
                attribute("epsilon", (float) Scaling.EPSILON));
    }

    /**
     * {@code gamma * (rho * (x - m_c) / s_c + (1 - rho) * (x - m) / s) + beta} with mean m and unbiased variance s^2 - 1e-5 of a channel (c)
     * and of all: a scale and a shift of {@code x - m_c}.
     *
     * @param gamma the name of (N or 1,C,1,1), as of beta
     */
    private String layerInstanceNorm(String key, String x, String gamma, String beta, int channels, int side) {
        long pixels = (long) side * side;
        String image = graph.integers(2, 3);
        String all = graph.integers(1);
        String rho = key + ".rho";
        String mean = graph.node(key + "/mean", "ReduceMean", List.of(x, image));
        String centred = graph.node(key + "/centred", "Sub", List.of(x, mean));
        String squares = graph.node(key + "/squares", "ReduceSumSquare", List.of(centred, image));
        String offset = graph.node(key + "/offset", "Sub",
                List.of(mean, graph.node(key + "/layer_mean", "ReduceMean", List.of(mean, all))));
        String between = graph.node(key + "/between", "Mul",
                List.of(graph.node(key + "/offset_squares", "ReduceSumSquare", List.of(offset, all)), graph.number(pixels)));
        String layerSquares = graph.node(key + "/layer_squares", "Add",
                List.of(graph.node(key + "/within", "ReduceSum", List.of(squares, all)), between));
        String instance = graph.node(key + "/instance", "Div", List.of(rho, deviation(key + "/instance", squares, pixels - 1)));
        String layer = graph.node(key + "/layer", "Div", List.of(graph.node(key + "/rest", "Sub", List.of(graph.number(1), rho)),
                deviation(key + "/layer", layerSquares, channels * pixels - 1)));
        String scale = graph.node(key + "/scale", "Mul", List.of(gamma, graph.node(key + "/sum", "Add", List.of(instance, layer))));
        String moved = graph.node(key + "/moved", "Mul", List.of(gamma, graph.node(key + "/off", "Mul", List.of(layer, offset))));
        String shift = graph.node(key + "/shift", "Add", List.of(moved, beta));
        return graph.node(key, "Add", List.of(graph.node(key + "/scaled", "Mul", List.of(centred, scale)), shift));
    }

    /** {@code sqrt(squares / count + 1e-5)}. */
    private String deviation(String name, String squares, long count) {
        String variance = graph.node(name + "_variance", "Mul", List.of(squares, graph.number(1.0 / count)));
        return graph.node(name + "_deviation", "Sqrt",
                List.of(graph.node(name + "_positive", "Add", List.of(variance, graph.number(Scaling.EPSILON)))));
    }
}
