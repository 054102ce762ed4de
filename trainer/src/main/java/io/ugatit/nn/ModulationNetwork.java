package io.ugatit.nn;

import io.ugatit.tensor.Compute;
import io.ugatit.tensor.FeatureMaps;
import io.ugatit.tensor.Modulation;
import io.ugatit.tensor.Parameter;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.scalar.RectifiedLinear;
import org.nd4j.linalg.api.ops.impl.scalar.Step;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Computes AdaLIN's gamma and beta from the attention's features with two fully connected layers and one each for gamma and beta (section
 * 3.1.1 of the U-GAT-IT paper). The light network looks at the features' averages over the image, the full one at all of them.
 */
public final class ModulationNetwork {
    private final Compute compute;
    private final boolean light;
    private final Linear hidden1;
    private final Linear hidden2;
    private final Linear gamma;
    private final Linear beta;

    /**
     * @param hidden1 (C, C) if light, else (C, C*H*W)
     * @param hidden2 (C, C), as gamma and beta
     */
    public ModulationNetwork(Compute compute, boolean light, Parameter hidden1, Parameter hidden2, Parameter gamma, Parameter beta) {
        this.compute = compute;
        this.light = light;
        this.hidden1 = new Linear(hidden1);
        this.hidden2 = new Linear(hidden2);
        this.gamma = new Linear(gamma);
        this.beta = new Linear(beta);
    }

    /**
     * What a forward pass leaves for the backward pass.
     *
     * @param input of the first layer (N, C if light, else C*H*W); null once given back
     * @param h1 hidden values (N,C)
     * @param h2 hidden values (N,C)
     */
    public record Saved(INDArray input, INDArray h1, INDArray h2, Modulation modulation) { }

    /**
     * @param features (N,C,H,W) with any border; not kept
     * @param keep whether a backward pass will follow; without, only the modulation is kept
     */
    public Saved forward(FeatureMaps features, boolean keep) {
        INDArray input = light ? averages(features) : all(features);
        INDArray h1 = relu(hidden1.forward(input));
        INDArray h2 = relu(hidden2.forward(h1));
        Modulation modulation = compute.kernels().modulation(gamma.forward(h2), beta.forward(h2));
        if (keep) {
            return new Saved(input, h1, h2, modulation);
        }
        compute.pool().release(input);
        return new Saved(null, null, null, modulation);
    }

    /** (N,C), from the pool. */
    private INDArray averages(FeatureMaps features) {
        INDArray averages = compute.pool().take(features.images(), features.channels());
        return averages.assign(Parameter.array(compute.kernels().averages(features), averages).reshape(averages.shape()));
    }

    /** (N,C*H*W), from the pool. */
    private INDArray all(FeatureMaps features) {
        INDArray all = compute.pool().take(features.images(), features.channels(), features.height(), features.width());
        compute.kernels().copy(features, FeatureMaps.of(all, 0));
        return all.reshape(features.images(), (long) features.channels() * features.pixels());
    }

    /**
     * Adds to the parameters' gradients, and gives back the arrays of {@code saved}.
     *
     * @param dFeatures of the features' shape; their gradient is added to it
     */
    public void backward(Saved saved, FeatureMaps dFeatures) {
        INDArray dGamma = compute.pool().take(saved.h1().shape());
        INDArray dBeta = compute.pool().take(saved.h1().shape());
        compute.kernels().gradients(saved.modulation(), dGamma, dBeta);
        INDArray dh2 = gamma.backward(saved.h2(), dGamma).addi(beta.backward(saved.h2(), dBeta));
        INDArray dh1 = hidden2.backward(saved.h1(), dh2.muli(positive(saved.h2())));
        INDArray dInput = hidden1.backward(saved.input(), dh1.muli(positive(saved.h1())));
        compute.pool().release(saved.input(), dGamma, dBeta);
        if (light) {
            compute.kernels().addPoolingGradient(values(dInput), null, null, dFeatures);
        } else {
            addAll(dInput, dFeatures);
        }
        dInput.close();
    }

    /** Adds (N,C*H*W) to the features' gradient. */
    private void addAll(INDArray dInput, FeatureMaps dFeatures) {
        INDArray plain = compute.pool().take(dInput.shape()).assign(dInput);
        FeatureMaps maps = compute.take(dFeatures.images(), dFeatures.channels(), dFeatures.height(), dFeatures.width(), 0);
        compute.kernels().copy(
                FeatureMaps.of(plain.reshape(maps.images(), maps.channels(), maps.height(), maps.width()), 0), maps);
        compute.pool().release(plain);
        compute.kernels().add(maps, dFeatures);
        compute.release(maps);
    }

    private static INDArray relu(INDArray x) {
        return Nd4j.exec(new RectifiedLinear(x, x));
    }

    private static INDArray positive(INDArray x) {
        return Nd4j.exec(new Step(x, x.ulike(), 0));
    }

    private static double[] values(INDArray matrix) {
        return matrix.dup('c').reshape(matrix.length()).toDoubleVector();
    }
}
