package io.ugatit.nn;

import io.ugatit.tensor.AttentionKernels.Classification;
import io.ugatit.tensor.Compute;
import io.ugatit.tensor.Parameter;
import io.ugatit.tensor.Values;

/** One of the two linear classifiers of the class activation map: a logit per image from its pooled features. */
public final class AuxiliaryClassifier {
    private final Compute compute;
    private final Parameter weights;
    private final SpectralNorm norm;

    /**
     * @param weights (1,C)
     * @param norm of these weights in a discriminator, null in a generator
     */
    public AuxiliaryClassifier(Compute compute, Parameter weights, SpectralNorm norm) {
        this.compute = compute;
        this.weights = weights;
        this.norm = norm;
    }

    /** (1,C), un-normalised. */
    Parameter weights() {
        return weights;
    }

    /**
     * Writes one column of the logits.
     *
     * @param pooled N*C pooled features
     * @param logits N pairs
     * @param column 0 or 1
     */
    Classification forward(Values pooled, Values logits, int column) {
        Classification classification = new Classification(pooled, weights, norm == null ? null : norm.pair(), logits, column);
        compute.kernels().classify(classification);
        return classification;
    }
}
