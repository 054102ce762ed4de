package io.ugatit.nn;

import static org.nd4j.linalg.indexing.NDArrayIndex.all;
import static org.nd4j.linalg.indexing.NDArrayIndex.interval;

import io.ugatit.tensor.Activation;
import io.ugatit.tensor.BufferPool;
import io.ugatit.tensor.Compute;
import io.ugatit.tensor.Kernels;
import io.ugatit.tensor.Kernels.Maxima;
import io.ugatit.tensor.Kernels.PlaneSums;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

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
     * @param folded the 1x1 convolution with the classifiers' weights in it (C,C,1,1)
     * @param y its output without bias (N,C,H,W)
     * @param out the module's output, padded by one (N,C,H+2,W+2)
     */
    public record Saved(INDArray x, AuxiliaryClassifier.Saved average, AuxiliaryClassifier.Saved maximum, Maxima maxima, INDArray folded, INDArray y,
            INDArray out) {

        /** N pairs of logits: from the average- and from the maximum-pooled features. */
        public double[] logits() {
            double[] logits = new double[2 * average.logits().length];
            for (int n = 0; n < average.logits().length; n++) {
                logits[2 * n] = average.logits()[n];
                logits[2 * n + 1] = maximum.logits()[n];
            }
            return logits;
        }
    }

    /**
     * @param x (N,C,H,W), not padded
     * @param keep whether a backward pass will follow; without, only {@code out} is kept
     */
    public Saved forward(INDArray x, boolean keep) {
        Kernels kernels = compute.kernels();
        BufferPool pool = compute.pool();
        Maxima maxima = kernels.maxima(x);
        INDArray folded = fold();
        INDArray y = pool.take(x.shape());
        kernels.convolve(x, folded, 1, y);
        double[] scale = new double[maxima.value().length];
        Arrays.fill(scale, 1);
        double[] biases = bias.toArray();
        double[] shift = new double[scale.length];
        Arrays.setAll(shift, p -> biases[p % channels]);
        INDArray out = pool.take(x.size(0), channels, x.size(2) + 2 * OUT_PADDING, x.size(3) + 2 * OUT_PADDING);
        kernels.affine(y, scale, shift, null, 0, activation, out, OUT_PADDING);
        if (!keep) {
            pool.release(folded, y);
        }
        return new Saved(x, average.forward(kernels.moments(x).mean()), maximum.forward(maxima.value()), maxima, folded, y, out);
    }

    private INDArray fold() {
        INDArray folded = compute.pool().take(channels, channels, 1, 1);
        INDArray other = compute.pool().take(channels, channels, 1, 1);
        INDArray matrix = folded.reshape(channels, channels);
        INDArray otherMatrix = other.reshape(channels, channels);
        matrix.assign(half(weights.value(), 0)).muliRowVector(average.weights().value());
        otherMatrix.assign(half(weights.value(), 1)).muliRowVector(maximum.weights().value());
        matrix.addi(otherMatrix);
        compute.pool().release(other);
        return folded;
    }

    /** The half of (C,2C,1,1) that belongs to one classifier, as a matrix (C,C). */
    private INDArray half(INDArray array, int which) {
        return array.reshape(channels, 2L * channels).get(all(), interval((long) which * channels, (which + 1L) * channels));
    }

    /**
     * Gives back the arrays of {@code saved} but its input.
     *
     * @param dOut gradient of the padded output, from the pool; given back here
     * @param dLogits N pairs of gradients
     * @param wantsWeights whether to add to the parameters' gradients
     * @return gradient of the input (N,C,H,W), from the pool
     */
    public INDArray backward(Saved saved, INDArray dOut, double[] dLogits, boolean wantsWeights) {
        Kernels kernels = compute.kernels();
        BufferPool pool = compute.pool();
        INDArray g = pool.take(saved.y().shape());
        PlaneSums sums = kernels.affineBackward(dOut, saved.out(), OUT_PADDING, activation, saved.y(), g);
        pool.release(dOut, saved.out(), saved.y());
        INDArray dx = pool.take(saved.x().shape());
        INDArray dFolded = wantsWeights ? pool.take(saved.folded().shape()) : null;
        kernels.convolveBackward(saved.x(), saved.folded(), g, 1, dx, dFolded);
        pool.release(g, saved.folded());
        if (wantsWeights) {
            bias.addGradient(Modulation.sumOverBatch(sums.g(), channels));
            addHalfGradient(dFolded, 0, average.weights());
            addHalfGradient(dFolded, 1, maximum.weights());
            pool.release(dFolded);
        }
        double[] dAverageLogits = new double[dLogits.length / 2];
        double[] dMaximumLogits = new double[dLogits.length / 2];
        for (int n = 0; n < dAverageLogits.length; n++) {
            dAverageLogits[n] = dLogits[2 * n];
            dMaximumLogits[n] = dLogits[2 * n + 1];
        }
        double[] dMean = average.backward(saved.average(), dAverageLogits, wantsWeights, pool);
        double[] dMaximum = maximum.backward(saved.maximum(), dMaximumLogits, wantsWeights, pool);
        kernels.addPoolingGradient(dMean, dMaximum, saved.maxima(), dx);
        return dx;
    }

    /** Of {@code folded = W * diag(w) + ...}: dW += dFolded * diag(w), dw += the column sums of dFolded * W. */
    private void addHalfGradient(INDArray dFolded, int which, Parameter classifier) {
        INDArray work = compute.pool().take(channels, channels, 1, 1);
        INDArray matrix = work.reshape(channels, channels);
        INDArray gradient = dFolded.reshape(channels, channels);
        matrix.assign(gradient).muliRowVector(classifier.value());
        half(weights.gradient(), which).addi(matrix);
        matrix.assign(gradient).muli(half(weights.value(), which));
        classifier.addGradient(matrix.sum(0));
        compute.pool().release(work);
    }
}
