package io.ugatit.nn;

import io.ugatit.tensor.Activation;
import io.ugatit.tensor.AttentionKernels.Classification;
import io.ugatit.tensor.AttentionKernels.Maxima;
import io.ugatit.tensor.BufferPool;
import io.ugatit.tensor.Compute;
import io.ugatit.tensor.FeatureMaps;
import io.ugatit.tensor.Kernels;
import io.ugatit.tensor.Parameter;
import io.ugatit.tensor.Scaling;
import io.ugatit.tensor.Tensor;
import io.ugatit.tensor.Values;

/**
 * The attention module of the U-GAT-IT paper (section 3.1.1): two auxiliary classifiers, on average- and maximum-pooled features, give the
 * logits of the class activation map, and their weights weight the features: {@code activation(conv1x1(cat(x * wGap, x * wGmp)) + bias)}.
 * The weighting is folded into the 1x1 convolution, so the concatenation is never made. In a discriminator the features are weighted by the
 * un-normalised classifier weights, as in the authors' code, while the logits use the normalised ones.
 */
public final class Attention {
    private static final int OUT_PADDING = 1;
    private final Compute compute;
    private final AuxiliaryClassifier average;
    private final AuxiliaryClassifier maximum;
    private final Parameter weights;
    private final Parameter bias;
    private final Activation activation;
    private final int channels;

    /**
     * @param weights of the 1x1 convolution (C,2C,1,1)
     * @param bias (C)
     */
    public Attention(Compute compute, AuxiliaryClassifier average, AuxiliaryClassifier maximum, Parameter weights, Parameter bias,
            Activation activation) {
        this.compute = compute;
        this.average = average;
        this.maximum = maximum;
        this.weights = weights;
        this.bias = bias;
        this.activation = activation;
        this.channels = (int) weights.value().size(0);
    }

    /**
     * What a forward pass leaves for the backward pass.
     *
     * @param x input (N,C,H,W), the caller's
     * @param average the classifier of averages at work; null without logits, as the next two
     * @param maximum the classifier of maxima at work
     * @param folded the 1x1 convolution with the classifiers' weights in it (C,C,1,1); null once given back
     * @param y its output without bias (N,C,H,W); null once given back
     * @param scaling what was made of y
     * @param out the module's output (N,C,H,W) with a border of one
     */
    public record Saved(FeatureMaps x, Classification average, Classification maximum, Maxima maxima, Tensor folded, FeatureMaps y,
            Scaling scaling, FeatureMaps out) {

        private Saved(FeatureMaps x, Classification average, Classification maximum, Maxima maxima) {
            this(x, average, maximum, maxima, null, null, null, null);
        }

        /** N pairs of logits: from the average- and from the maximum-pooled features. */
        public Values logits() {
            return average.logits();
        }
    }

    /**
     * What a {@link #tangent} pass leaves.
     *
     * @param saved for the backward pass: all of it is the derivative's, but for the output, which is still the module's own
     * @param out the derivative of the output (N,C,H,W) with a border of one, the caller's
     */
    public record Tangent(Saved saved, FeatureMaps out) { }

    /**
     * @param x (N,C,H,W) without a border
     * @param keep whether a backward pass will follow; without, only {@code out} is kept
     * @param withLogits whether anybody asks for the logits
     */
    public Saved forward(FeatureMaps x, boolean keep, boolean withLogits) {
        Saved pooled = withLogits ? classify(x) : new Saved(x, null, null, null);
        return weighted(x, pooled, (ours, y) -> ours.shift(y, bias), keep);
    }

    /**
     * The logits alone.
     *
     * @param x (N,C,H,W) without a border
     * @return what of it is kept, for {@link #backward(Saved, Values)}
     */
    public Saved classify(FeatureMaps x) {
        Maxima maxima = compute.kernels().maxima(x);
        return classify(x, maxima, maxima.value());
    }

    private Saved classify(FeatureMaps x, Maxima maxima, Values ofMaxima) {
        Kernels kernels = compute.kernels();
        Values logits = kernels.values(2 * x.images());
        Classification ofAverage = average.forward(kernels.averages(x), logits, 0);
        return new Saved(x, ofAverage, maximum.forward(ofMaxima, logits, 1), maxima);
    }

    /**
     * Weights features whose logits nobody asks for, and so without their pooling; no backward pass can follow.
     *
     * @param x (N,C,H,W) without a border
     * @param shift adds the bias to the 1x1 convolution's output, such as a {@link Saved#scaling} of as many planes does
     * @return what of it is kept: the output, and what the shift has given
     */
    public Saved forward(FeatureMaps x, Normalization shift) {
        return weighted(x, new Saved(x, null, null, null), shift, false);
    }

    private Saved weighted(FeatureMaps x, Saved pooled, Normalization shift, boolean keep) {
        Kernels kernels = compute.kernels();
        Tensor folded = compute.pool().take(channels, channels, 1, 1);
        kernels.foldAttention(weights, average.weights(), maximum.weights(), folded);
        FeatureMaps y = compute.takeLike(x);
        compute.convolve(x, folded, 1, y);
        FeatureMaps out = compute.take(x.images(), channels, x.height(), x.width(), OUT_PADDING);
        Scaling scaling = shift.apply(kernels, y);
        kernels.normalize(y, scaling, null, activation, out);
        if (keep) {
            return new Saved(x, pooled.average(), pooled.maximum(), pooled.maxima(), folded, y, scaling, out);
        }
        compute.pool().release(folded);
        compute.release(y);
        return new Saved(x, pooled.average(), pooled.maximum(), pooled.maxima(), null, null, scaling, out);
    }

    /**
     * Gives back the maps of {@code saved} but its input.
     *
     * @param dOut gradient of the output; the caller's
     * @param dLogits N pairs of gradients, or null if they are zero
     * @param wantsWeights whether to add to the parameters' gradients
     * @return gradient of the input (N,C,H,W), from the pool
     */
    public FeatureMaps backward(Saved saved, FeatureMaps dOut, Values dLogits, boolean wantsWeights) {
        Kernels kernels = compute.kernels();
        BufferPool pool = compute.pool();
        FeatureMaps y = saved.y();
        FeatureMaps dy = compute.takeLike(y);
        kernels.normalizeBackward(dOut, saved.out(), activation, y, saved.scaling(), wantsWeights, dy);
        compute.release(y, saved.out());
        FeatureMaps dx = compute.takeLike(saved.x());
        Tensor dFolded = null;
        if (wantsWeights) {
            dFolded = pool.take(saved.folded().shape());
            kernels.fill(dFolded, 0);
        }
        compute.convolveBackward(saved.x(), saved.folded(), dy, 1, dx, dFolded);
        compute.release(dy);
        if (wantsWeights) {
            kernels.foldAttentionBackward(dFolded, weights, average.weights(), maximum.weights());
        }
        pool.release(saved.folded(), dFolded);
        if (dLogits != null) {
            addPoolingGradient(saved, dLogits, wantsWeights, dx);
        }
        return dx;
    }

    private void addPoolingGradient(Saved saved, Values dLogits, boolean wantsWeights, FeatureMaps dx) {
        Kernels kernels = compute.kernels();
        Values dMean = kernels.classifyBackward(saved.average(), dLogits, wantsWeights);
        Values dMaximum = kernels.classifyBackward(saved.maximum(), dLogits, wantsWeights);
        kernels.addPoolingGradient(dMean, dMaximum, saved.maxima(), dx);
    }

    /**
     * The gradients of {@link #classify(FeatureMaps)}; adds to those of the classifiers' weights.
     *
     * @param dLogits N pairs of gradients
     * @return gradient of the input (N,C,H,W), from the pool
     */
    public FeatureMaps backward(Saved saved, Values dLogits) {
        FeatureMaps dx = compute.takeLike(saved.x());
        compute.kernels().fill(dx.data(), 0);
        addPoolingGradient(saved, dLogits, true, dx);
        return dx;
    }

    /**
     * The gradient of the input alone, after which {@link #tangent} can follow: gives back the 1x1 convolution's output only.
     *
     * @param dOut gradient of the output; the caller's
     * @param dLogits N pairs of gradients
     * @return gradient of the input (N,C,H,W), from the pool
     */
    public FeatureMaps inputGradient(Saved saved, FeatureMaps dOut, Values dLogits) {
        FeatureMaps dy = compute.takeLike(saved.y());
        compute.kernels().normalizeBackward(dOut, saved.out(), activation, saved.y(), saved.scaling(), false, dy);
        compute.release(saved.y());
        FeatureMaps dx = compute.takeLike(saved.x());
        compute.convolveBackward(saved.x(), saved.folded(), dy, 1, dx, null);
        compute.release(dy);
        addPoolingGradient(saved, dLogits, false, dx);
        return dx;
    }

    /**
     * The derivative of output and logits along a direction of the input, with the activation's slopes and the maxima's places as they are.
     * {@link #backward(Saved, FeatureMaps, Values, boolean)} of what it leaves gives its gradients, and gives back the module's output with
     * them.
     *
     * @param saved after {@link #inputGradient}
     * @param dx the direction (N,C,H,W) without a border
     */
    public Tangent tangent(Saved saved, FeatureMaps dx) {
        Kernels kernels = compute.kernels();
        FeatureMaps dy = compute.takeLike(dx);
        compute.convolve(dx, saved.folded(), 1, dy);
        FeatureMaps slopes = compute.takeLike(dy);
        // a factor for every pixel, so forward and backward are the same
        kernels.normalizeBackward(dy, saved.out(), activation, dy, saved.scaling(), false, slopes);
        FeatureMaps out = compute.takeLike(saved.out());
        kernels.copy(slopes, out);
        compute.release(slopes);
        Saved pooled = classify(dx, saved.maxima(), kernels.pick(dx, saved.maxima()));
        return new Tangent(new Saved(dx, pooled.average(), pooled.maximum(), saved.maxima(), saved.folded(), dy, kernels.shift(dy, null),
                saved.out()), out);
    }
}
