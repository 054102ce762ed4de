package io.ugatit.model;

import io.ugatit.nn.Attention;
import io.ugatit.nn.AuxiliaryClassifier;
import io.ugatit.nn.ConvolutionBlock;
import io.ugatit.nn.ModulationNetwork;
import io.ugatit.nn.Normalization;
import io.ugatit.nn.ReflectionPad;
import io.ugatit.nn.ResidualBlock;
import io.ugatit.nn.UpsampleBlock;
import io.ugatit.tensor.Activation;
import io.ugatit.tensor.Compute;
import io.ugatit.tensor.FeatureMaps;
import io.ugatit.tensor.Kernels;
import io.ugatit.tensor.Modulation;
import io.ugatit.tensor.Parameter;
import io.ugatit.tensor.Scaling;
import io.ugatit.tensor.Tensor;
import io.ugatit.tensor.Values;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The generator of U-GAT-IT (paper, section 3.1.1): an encoder with instance normalisation, the attention module, and a decoder whose AdaLIN
 * parameters follow from the attended features. Translates images (N,3,S,S) in [-1, 1]. Used by one thread at a time.
 */
public final class Generator {
    private static final int IMAGE_PADDING = 3;
    private final Compute compute;
    private final ReflectionPad border;
    private final List<ConvolutionBlock> encoder;
    private final List<ResidualBlock> encoderResidual = new ArrayList<>();
    private final Attention attention;
    private final ModulationNetwork modulationNetwork;
    private final List<AdaptiveBlock> decoderResidual = new ArrayList<>();
    private final List<Upsampling> upsampling;
    private final ConvolutionBlock last;

    private record AdaptiveBlock(ResidualBlock block, Parameter rho1, Parameter rho2) { }

    private record Upsampling(UpsampleBlock block, Parameter rho, Parameter gamma, Parameter beta) { }

    /**
     * @param options sizes of the networks
     * @param parameters looks a parameter up by the authors' key
     */
    public Generator(NetworkOptions options, Function<String, Parameter> parameters, Compute compute) {
        this.compute = compute;
        this.border = new ReflectionPad(compute, IMAGE_PADDING);
        this.encoder = List.of(
                new ConvolutionBlock(compute, parameters.apply("DownBlock.1.weight"), 1, Activation.RELU, 1),
                new ConvolutionBlock(compute, parameters.apply("DownBlock.5.weight"), 2, Activation.RELU, 1),
                new ConvolutionBlock(compute, parameters.apply("DownBlock.9.weight"), 2, Activation.RELU, 1));
        int blocks = options.resBlocks();
        for (int i = 0; i < blocks; i++) {
            String key = "DownBlock." + (12 + i) + ".conv_block.";
            encoderResidual.add(new ResidualBlock(compute, parameters.apply(key + "1.weight"), parameters.apply(key + "5.weight"),
                    i < blocks - 1 ? 1 : 0));
        }
        this.attention = new Attention(compute, new AuxiliaryClassifier(compute, parameters.apply("gap_fc.weight"), null),
                new AuxiliaryClassifier(compute, parameters.apply("gmp_fc.weight"), null), parameters.apply("conv1x1.weight"),
                parameters.apply("conv1x1.bias"), Activation.RELU);
        this.modulationNetwork = new ModulationNetwork(compute, options.light(), parameters.apply("FC.0.weight"),
                parameters.apply("FC.2.weight"), parameters.apply("gamma.weight"), parameters.apply("beta.weight"));
        for (int i = 1; i <= blocks; i++) {
            String key = "UpBlock1_" + i + ".";
            decoderResidual.add(new AdaptiveBlock(
                    new ResidualBlock(compute, parameters.apply(key + "conv1.weight"), parameters.apply(key + "conv2.weight"),
                            i < blocks ? 1 : 0),
                    parameters.apply(key + "norm1.rho"), parameters.apply(key + "norm2.rho")));
        }
        this.upsampling = List.of(upsampling(parameters, 2, 0), upsampling(parameters, 7, IMAGE_PADDING));
        this.last = new ConvolutionBlock(compute, parameters.apply("UpBlock2.11.weight"), 1, Activation.TANH, 0);
    }

    private Upsampling upsampling(Function<String, Parameter> parameters, int index, int outPadding) {
        String norm = "UpBlock2." + (index + 1) + ".";
        return new Upsampling(new UpsampleBlock(compute, parameters.apply("UpBlock2." + index + ".weight"), outPadding),
                parameters.apply(norm + "rho"), parameters.apply(norm + "gamma"), parameters.apply(norm + "beta"));
    }

    /**
     * Translates images.
     *
     * @param images (N,3,S,S) in [-1, 1]; not kept
     * @param keep whether {@link #backward} will follow; without, only the results are kept, the heatmap among them
     */
    public GeneratorPass forward(Tensor images, boolean keep) {
        return forward(images, keep, true);
    }

    /**
     * Translates images.
     *
     * @param images (N,3,S,S) in [-1, 1]; not kept
     * @param keep as above
     * @param withLogits whether anybody asks for the logits; without, the gradient of the logits is null
     */
    public GeneratorPass forward(Tensor images, boolean keep, boolean withLogits) {
        GeneratorPass pass = new GeneratorPass();
        FeatureMaps x = encode(pass, images, Kernels::instanceNorm, keep);
        pass.attended = attention.forward(x, keep, withLogits);
        x = advance(x, pass.attended.out(), keep);
        if (!keep) {
            pass.heatmap = heatmap(x);
        }
        pass.modulated = modulationNetwork.forward(x, keep);
        Modulation modulation = pass.modulated.modulation();
        x = decode(pass, x, rho -> layerInstanceNorm(rho, modulation), keep);
        x = upsample(pass, x, this::layerInstanceNorm, keep);
        draw(pass, x, (kernels, y) -> kernels.shift(y, null), keep);
        return pass;
    }

    /**
     * The logits of images without their translations.
     *
     * @param images (N,3,S,S) in [-1, 1]; not kept
     * @return a kept pass, for {@link #backward(GeneratorPass, Values)}, that has no image
     */
    public GeneratorPass classify(Tensor images) {
        GeneratorPass pass = new GeneratorPass();
        pass.attended = attention.classify(encode(pass, images, Kernels::instanceNorm, true));
        return pass;
    }

    /**
     * Translates images with the statistics of others, as parts of which they are translated; takes none of their own, and so leaves no
     * logits, and no backward pass can follow.
     *
     * @param images (N,3,H,W) in [-1, 1], H and W multiples of 4; not kept
     * @param statistics of a pass of this generator over as many images of any size
     */
    public GeneratorPass forward(Tensor images, GeneratorStatistics statistics) {
        Iterator<Scaling> scalings = statistics.scalings();
        Normalization given = (kernels, y) -> scalings.next();
        GeneratorPass pass = new GeneratorPass();
        FeatureMaps x = encode(pass, images, given, false);
        pass.attended = attention.forward(x, given);
        x = advance(x, pass.attended.out(), false);
        pass.heatmap = heatmap(x);
        x = decode(pass, x, rho -> given, false);
        x = upsample(pass, x, (up, of) -> given, false);
        draw(pass, x, given, false);
        return pass;
    }

    private FeatureMaps encode(GeneratorPass pass, Tensor images, Normalization norm, boolean keep) {
        pass.images = border.forward(images);
        FeatureMaps x = pass.images;
        for (ConvolutionBlock block : encoder) {
            ConvolutionBlock.Saved saved = block.forward(x, norm, null, keep);
            pass.encoded.add(saved);
            x = advance(x, saved.out(), keep);
        }
        for (ResidualBlock block : encoderResidual) {
            ResidualBlock.Saved saved = block.forward(x, norm, norm, keep);
            pass.encodedResidual.add(saved);
            x = advance(x, saved.out(), keep);
        }
        return x;
    }

    private Tensor heatmap(FeatureMaps attended) {
        Tensor heatmap = compute.pool().take(attended.images(), 1, attended.height(), attended.width());
        compute.kernels().sumOverChannels(attended, heatmap);
        return heatmap;
    }

    private FeatureMaps decode(GeneratorPass pass, FeatureMaps attended, Function<Parameter, Normalization> norm, boolean keep) {
        FeatureMaps x = attended;
        for (AdaptiveBlock adaptive : decoderResidual) {
            ResidualBlock.Saved saved = adaptive.block().forward(x, norm.apply(adaptive.rho1()), norm.apply(adaptive.rho2()), keep);
            pass.decodedResidual.add(saved);
            x = advance(x, saved.out(), keep);
        }
        return x;
    }

    private FeatureMaps upsample(GeneratorPass pass, FeatureMaps decoded, BiFunction<Upsampling, GeneratorPass, Normalization> norm,
            boolean keep) {
        FeatureMaps x = decoded;
        for (Upsampling up : upsampling) {
            UpsampleBlock.Saved saved = up.block().forward(x, norm.apply(up, pass), keep);
            pass.upsampled.add(saved);
            x = advance(x, saved.out(), keep);
        }
        return x;
    }

    private void draw(GeneratorPass pass, FeatureMaps x, Normalization shift, boolean keep) {
        pass.drawn = last.forward(x, shift, null, keep);
        advance(x, pass.drawn.out(), keep);
    }

    private Normalization layerInstanceNorm(Upsampling up, GeneratorPass pass) {
        return (kernels, y) -> {
            Modulation learned = kernels.modulation(up.gamma(), up.beta(), y.images());
            pass.learned.add(learned);
            return kernels.layerInstanceNorm(y, up.rho(), learned);
        };
    }

    private static Normalization layerInstanceNorm(Parameter rho, Modulation modulation) {
        return (kernels, y) -> kernels.layerInstanceNorm(y, rho, modulation);
    }

    /** From a layer's input to its output; the input is given back if no backward pass needs it. */
    private FeatureMaps advance(FeatureMaps in, FeatureMaps out, boolean keep) {
        if (!keep) {
            compute.release(in);
        }
        return out;
    }

    /**
     * Adds to the gradients of all parameters, and gives back everything the pass holds, its image included.
     *
     * @param pass a kept pass
     * @param dImage gradient of the image (N,3,S,S), from the pool; given back here
     * @param dLogits gradient of the CAM logits, 2 N values, or null if it is zero
     * @param wantsInput whether to return the gradient of the input images (N,3,S,S), from the pool; otherwise null
     */
    public Tensor backward(GeneratorPass pass, Tensor dImage, Values dLogits, boolean wantsInput) {
        FeatureMaps dx = last.backward(pass.drawn, FeatureMaps.of(dImage, 0), true);
        compute.pool().release(dImage);
        for (int i = upsampling.size() - 1; i >= 0; i--) {
            Upsampling up = upsampling.get(i);
            dx = compute.follow(dx, up.block().backward(pass.upsampled.get(i), dx));
            compute.kernels().addGradients(pass.learned.get(i), up.gamma(), up.beta());
        }
        for (int i = decoderResidual.size() - 1; i >= 0; i--) {
            dx = compute.follow(dx, decoderResidual.get(i).block().backward(pass.decodedResidual.get(i), dx));
        }
        modulationNetwork.backward(pass.modulated, dx);
        dx = compute.follow(dx, attention.backward(pass.attended, dx, dLogits, true));
        return encodeBackward(pass, dx, wantsInput);
    }

    /**
     * Adds to the gradients of the parameters that logits depend on, and gives back everything the pass holds.
     *
     * @param pass as {@link #classify} makes it
     * @param dLogits gradient of the CAM logits, 2 N values
     */
    public void backward(GeneratorPass pass, Values dLogits) {
        encodeBackward(pass, attention.backward(pass.attended, dLogits), false);
    }

    private Tensor encodeBackward(GeneratorPass pass, FeatureMaps dEncoded, boolean wantsInput) {
        FeatureMaps dx = dEncoded;
        for (int i = encoderResidual.size() - 1; i >= 0; i--) {
            dx = compute.follow(dx, encoderResidual.get(i).backward(pass.encodedResidual.get(i), dx));
        }
        for (int i = encoder.size() - 1; i >= 0; i--) {
            dx = compute.follow(dx, encoder.get(i).backward(pass.encoded.get(i), dx, i > 0 || wantsInput));
        }
        Tensor dImages = wantsInput ? border.backward(dx) : null;
        compute.release(dx, pass.images);
        return dImages;
    }

    /**
     * Translates images of the host, and waits.
     *
     * @param images (N,3,S,S) in [-1, 1], c-ordered and contiguous
     * @param translated of the same shape, overwritten; may be {@code images}
     */
    public void translate(INDArray images, INDArray translated) {
        Tensor in = compute.write(images);
        GeneratorPass pass = forward(in, false);
        compute.kernels().read(pass.image(), translated);
        release(pass);
        compute.pool().release(in);
        compute.kernels().recycle();
    }

    /** Gives back the results of a pass that was not kept. */
    public void release(GeneratorPass pass) {
        compute.release(pass.drawn.out());
        compute.pool().release(pass.heatmap);
    }
}
