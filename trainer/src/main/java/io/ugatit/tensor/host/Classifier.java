package io.ugatit.tensor.host;

import io.ugatit.tensor.AttentionKernels.Classification;

/** {@link io.ugatit.tensor.AttentionKernels#classify} and its gradients. */
final class Classifier {
    private final PowerIteration power;

    Classifier(PowerIteration power) {
        this.power = power;
    }

    private static double sigma(Classification classification) {
        return classification.pair() == null ? 1 : HostValues.of(classification.pair().sigma())[0];
    }

    void forward(Classification classification) {
        double[] w = HostParameters.toArray(classification.weights());
        double[] pooled = HostValues.of(classification.pooled());
        double[] logits = HostValues.of(classification.logits());
        double sigma = sigma(classification);
        for (int n = 0; 2 * n < logits.length; n++) {
            double sum = 0;
            for (int c = 0; c < w.length; c++) {
                sum += w[c] * pooled[n * w.length + c];
            }
            logits[2 * n + classification.column()] = sum / sigma;
        }
    }

    double[] backward(Classification classification, double[] dLogits, boolean wantsWeights) {
        double[] w = HostParameters.toArray(classification.weights());
        double[] pooled = HostValues.of(classification.pooled());
        double[] logits = HostValues.of(classification.logits());
        double sigma = sigma(classification);
        double[] dPooled = new double[pooled.length];
        double[] dRaw = new double[w.length];
        double dyRaw = 0;
        for (int n = 0; 2 * n < dLogits.length; n++) {
            int at = 2 * n + classification.column();
            double d = dLogits[at] / sigma;
            dyRaw += d * sigma * logits[at] * sigma;
            for (int c = 0; c < w.length; c++) {
                dPooled[n * w.length + c] = d * w[c];
                dRaw[c] += d * pooled[n * w.length + c];
            }
        }
        if (wantsWeights) {
            HostParameters.addGradient(classification.weights(), dRaw);
            if (classification.pair() != null) {
                power.addGradient(classification.pair(), HostParameters.gradient(classification.weights()), dyRaw);
            }
        }
        return dPooled;
    }
}
