package io.ugatit.nn;

import io.ugatit.tensor.Parameter;

/** One of the two linear classifiers of the class activation map: a logit per image from its pooled features. */
public final class AuxiliaryClassifier {
    private final Parameter weights;
    private final SpectralNorm norm;

    /**
     * @param weights (1,C)
     * @param norm of these weights in a discriminator, null in a generator
     */
    public AuxiliaryClassifier(Parameter weights, SpectralNorm norm) {
        this.weights = weights;
        this.norm = norm;
    }

    /** What a forward pass leaves: the pooled features N*C, the logits N, and what they were divided by. */
    public record Saved(double[] pooled, double[] logits, double sigma) { }

    /** (1,C), un-normalised. */
    Parameter weights() {
        return weights;
    }

    /** @param pooled N*C pooled features */
    Saved forward(double[] pooled) {
        double[] w = weights.toArray();
        double sigma = norm == null ? 1 : norm.sigma();
        double[] logits = new double[pooled.length / w.length];
        for (int n = 0; n < logits.length; n++) {
            double sum = 0;
            for (int c = 0; c < w.length; c++) {
                sum += w[c] * pooled[n * w.length + c];
            }
            logits[n] = sum / sigma;
        }
        return new Saved(pooled, logits, sigma);
    }

    /**
     * @param dLogits N gradients
     * @param wantsWeights whether to add to the weights' gradient
     * @return gradient of the pooled features, N*C
     */
    double[] backward(Saved saved, double[] dLogits, boolean wantsWeights) {
        double[] w = weights.toArray();
        double[] dPooled = new double[saved.pooled().length];
        double[] dRaw = new double[w.length];
        double dyRaw = 0;
        for (int n = 0; n < dLogits.length; n++) {
            double d = dLogits[n] / saved.sigma();
            dyRaw += d * saved.sigma() * saved.logits()[n] * saved.sigma();
            for (int c = 0; c < w.length; c++) {
                dPooled[n * w.length + c] = d * w[c];
                dRaw[c] += d * saved.pooled()[n * w.length + c];
            }
        }
        if (wantsWeights) {
            weights.addGradient(dRaw);
            if (norm != null) {
                norm.addGradient(saved.sigma(), dyRaw);
            }
        }
        return dPooled;
    }
}
