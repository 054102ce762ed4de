package io.ugatit.model;

import io.ugatit.nn.Attention;
import io.ugatit.nn.AuxiliaryClassifier;
import io.ugatit.nn.ReflectionPad;
import io.ugatit.nn.SpectralConvolution;
import io.ugatit.nn.SpectralNorm;
import io.ugatit.tensor.Activation;
import io.ugatit.tensor.Compute;
import io.ugatit.tensor.FeatureMaps;
import io.ugatit.tensor.Parameter;
import io.ugatit.tensor.Tensor;
import io.ugatit.tensor.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A discriminator of U-GAT-IT (paper, section 3.1.2): spectrally normalised 4x4 convolutions, the attention module, and a last convolution
 * that gives a logit a patch. Used by one thread at a time.
 */
public final class Discriminator {
    private static final int PADDING = 1;
    private final Compute compute;
    private final ReflectionPad border;
    private final List<SpectralNorm> norms = new ArrayList<>();
    private final List<SpectralConvolution> convolutions = new ArrayList<>();
    private final Attention attention;
    private final SpectralConvolution last;

    /**
     * @param layers convolutions, the last one included
     * @param parameters looks a parameter up by the authors' key
     */
    public Discriminator(int layers, Function<String, Parameter> parameters, Compute compute) {
        this.compute = compute;
        this.border = new ReflectionPad(compute, PADDING);
        for (int i = 0; i < layers - 1; i++) {
            String key = "model." + (1 + 3 * i);
            // the attention takes its input without a border
            convolutions.add(convolution(parameters, key, parameters.apply(key + ".bias"), i < layers - 2 ? 2 : 1, Activation.LEAKY_RELU,
                    i < layers - 2 ? PADDING : 0));
        }
        this.attention = new Attention(compute, classifier(parameters, "gap_fc"), classifier(parameters, "gmp_fc"),
                parameters.apply("conv1x1.weight"), parameters.apply("conv1x1.bias"), Activation.LEAKY_RELU);
        this.last = convolution(parameters, "conv", null, 1, Activation.NONE, 0);
    }

    private SpectralConvolution convolution(Function<String, Parameter> parameters, String key, Parameter bias, int stride,
            Activation activation, int outPadding) {
        return new SpectralConvolution(compute, parameters.apply(key + ".weight_orig"), norm(parameters, key), bias, stride, activation,
                outPadding);
    }

    private AuxiliaryClassifier classifier(Function<String, Parameter> parameters, String key) {
        return new AuxiliaryClassifier(compute, parameters.apply(key + ".weight_orig"), norm(parameters, key));
    }

    private SpectralNorm norm(Function<String, Parameter> parameters, String key) {
        SpectralNorm norm = new SpectralNorm(compute, parameters.apply(key + ".weight_orig"), parameters.apply(key + ".weight_u").value(),
                parameters.apply(key + ".weight_v").value());
        norms.add(norm);
        return norm;
    }

    /**
     * One forward pass with what its backward pass needs.
     */
    public static final class Pass {
        private FeatureMaps images;
        private final List<SpectralConvolution.Saved> convolved = new ArrayList<>();
        private Attention.Saved attended;
        private SpectralConvolution.Saved judged;
        /** What a tangent pass holds besides. */
        private final List<FeatureMaps> tangents = new ArrayList<>();

        private Pass() { }

        /** A logit for each patch (N,1,h,w): positive for real. Valid until the pass is taken backward. */
        public Tensor patches() {
            return judged.out().plain();
        }

        /** The logits of the class activation map, N pairs: from average- and from maximum-pooled features. */
        public Values logits() {
            return attended.logits();
        }
    }

    /**
     * One power iteration of every spectral normalisation: once before each update this discriminator takes part in, directly before the
     * forward pass, since that takes the norms as they are found here.
     */
    public void iteratePower() {
        norms.forEach(SpectralNorm::iterate);
    }

    /** @param images (N,3,S,S) in [-1, 1]; not kept */
    public Pass forward(Tensor images) {
        Pass pass = new Pass();
        pass.images = border.forward(images);
        FeatureMaps x = pass.images;
        for (SpectralConvolution convolution : convolutions) {
            SpectralConvolution.Saved saved = convolution.forward(x);
            pass.convolved.add(saved);
            x = saved.out();
        }
        pass.attended = attention.forward(x, true, true);
        pass.judged = last.forward(pass.attended.out());
        return pass;
    }

    /**
     * Gives back everything the pass holds. At least one of the gradients is asked for.
     *
     * @param dPatches gradient of the patch logits (N,1,h,w), from the pool; given back here
     * @param dLogits gradient of the CAM logits, 2 N values
     * @param wantsWeights whether to add to the parameters' gradients
     * @param wantsInput whether to return the gradient of the images (N,3,S,S), from the pool; otherwise null
     */
    public Tensor backward(Pass pass, Tensor dPatches, Values dLogits, boolean wantsWeights, boolean wantsInput) {
        FeatureMaps dx = last.backward(pass.judged, FeatureMaps.of(dPatches, 0), wantsWeights, true);
        compute.pool().release(dPatches);
        dx = compute.follow(dx, attention.backward(pass.attended, dx, dLogits, wantsWeights));
        for (int i = convolutions.size() - 1; i >= 0; i--) {
            dx = compute.follow(dx, convolutions.get(i).backward(pass.convolved.get(i), dx, wantsWeights, i > 0 || wantsInput));
        }
        Tensor dImages = wantsInput ? border.backward(dx) : null;
        compute.release(dx, pass.images);
        pass.tangents.forEach(compute::release);
        return dImages;
    }

    /**
     * The gradient of the images alone, after which {@link #tangent} must follow.
     *
     * @param dPatches gradient of the patch logits (N,1,h,w), from the pool; given back here
     * @param dLogits gradient of the CAM logits, 2 N values
     * @return (N,3,S,S), from the pool
     */
    public Tensor imageGradient(Pass pass, Tensor dPatches, Values dLogits) {
        FeatureMaps dx = last.inputGradient(pass.judged, FeatureMaps.of(dPatches, 0));
        compute.pool().release(dPatches);
        dx = compute.follow(dx, attention.inputGradient(pass.attended, dx, dLogits));
        for (int i = convolutions.size() - 1; i >= 0; i--) {
            dx = compute.follow(dx, convolutions.get(i).inputGradient(pass.convolved.get(i), dx));
        }
        Tensor dImages = border.backward(dx);
        compute.release(dx, pass.images);
        return dImages;
    }

    /**
     * The derivative of patches and logits along a direction of the images. A discriminator is piecewise linear in its images: with the
     * slopes of its activations and the places of its maxima as they are, this derivative depends on the parameters as the output does. So
     * {@link #backward} of this pass gives the gradient, in the parameters, of {@code <imageGradient, along>}: what a penalty on the
     * gradient takes of second derivatives. That gives back everything, of the first pass too.
     *
     * @param pass after {@link #imageGradient}
     * @param along the direction (N,3,S,S); not kept
     */
    public Pass tangent(Pass pass, Tensor along) {
        Pass tangent = new Pass();
        tangent.images = border.forward(along);
        FeatureMaps dx = tangent.images;
        for (int i = 0; i < convolutions.size(); i++) {
            SpectralConvolution.Tangent convolved = convolutions.get(i).tangent(pass.convolved.get(i), dx);
            tangent.convolved.add(convolved.saved());
            tangent.tangents.add(convolved.out());
            dx = convolved.out();
        }
        Attention.Tangent attended = attention.tangent(pass.attended, dx);
        tangent.attended = attended.saved();
        tangent.tangents.add(attended.out());
        SpectralConvolution.Tangent judged = last.tangent(pass.judged, attended.out());
        tangent.judged = judged.saved();
        tangent.tangents.add(judged.out());
        return tangent;
    }
}
