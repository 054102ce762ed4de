package io.ugatit.nn;

import static io.ugatit.tensor.Activation.NONE;
import static io.ugatit.tensor.Activation.RELU;

import io.ugatit.tensor.Activation;
import io.ugatit.tensor.BufferPool;
import io.ugatit.tensor.Compute;
import io.ugatit.tensor.FeatureMaps;
import io.ugatit.tensor.Kernels;
import io.ugatit.tensor.Modulation;
import io.ugatit.tensor.Parameter;
import io.ugatit.tensor.Tensor;

/**
 * Computes AdaLIN's gamma and beta from the attention's features with two fully connected layers and one each for gamma and beta (section
 * 3.1.1 of the U-GAT-IT paper). The light network looks at the features' averages over the image, the full one at all of them.
 */
public final class ModulationNetwork {
    private final Compute compute;
    private final boolean light;
    private final Parameter hidden1;
    private final Parameter hidden2;
    private final Parameter gamma;
    private final Parameter beta;

    /**
     * @param hidden1 (C, C) if light, else (C, C*H*W)
     * @param hidden2 (C, C), as gamma and beta
     */
    public ModulationNetwork(Compute compute, boolean light, Parameter hidden1, Parameter hidden2, Parameter gamma, Parameter beta) {
        this.compute = compute;
        this.light = light;
        this.hidden1 = hidden1;
        this.hidden2 = hidden2;
        this.gamma = gamma;
        this.beta = beta;
    }

    /**
     * What a forward pass leaves for the backward pass.
     *
     * @param input of the first layer (N, C if light, else C*H*W); null once given back, as the hidden values
     * @param h1 hidden values (N,C)
     * @param h2 hidden values (N,C)
     */
    public record Saved(Tensor input, Tensor h1, Tensor h2, Modulation modulation) { }

    /**
     * @param features (N,C,H,W) with any border; not kept
     * @param keep whether a backward pass will follow; without, only the modulation is kept
     */
    public Saved forward(FeatureMaps features, boolean keep) {
        BufferPool pool = compute.pool();
        Tensor input = light ? averages(features) : all(features);
        Tensor h1 = layer(input, hidden1, RELU);
        Tensor h2 = layer(h1, hidden2, RELU);
        Tensor gammas = layer(h2, gamma, NONE);
        Tensor betas = layer(h2, beta, NONE);
        Modulation modulation = compute.kernels().modulation(gammas, betas);
        pool.release(gammas, betas);
        if (keep) {
            return new Saved(input, h1, h2, modulation);
        }
        pool.release(input, h1, h2);
        return new Saved(null, null, null, modulation);
    }

    /** (N, inputs) to (N, outputs), from the pool. */
    private Tensor layer(Tensor x, Parameter weights, Activation activation) {
        Tensor y = compute.pool().take(x.size(0), weights.value().size(0));
        compute.kernels().linear(x, weights, activation, y);
        return y;
    }

    /** (N,C), from the pool. */
    private Tensor averages(FeatureMaps features) {
        Tensor averages = compute.pool().take(features.images(), features.channels());
        compute.kernels().write(compute.kernels().averages(features), averages);
        return averages;
    }

    /** (N,C*H*W), from the pool. */
    private Tensor all(FeatureMaps features) {
        Tensor all = compute.pool().take(features.images(), features.channels(), features.height(), features.width());
        compute.kernels().copy(features, FeatureMaps.of(all, 0));
        return all.reshape(features.images(), (long) features.channels() * features.pixels());
    }

    /**
     * Adds to the parameters' gradients, and gives back the arrays of {@code saved}.
     *
     * @param dFeatures of the features' shape; their gradient is added to it
     */
    public void backward(Saved saved, FeatureMaps dFeatures) {
        BufferPool pool = compute.pool();
        Kernels kernels = compute.kernels();
        Tensor dGamma = pool.take(saved.h2().shape());
        Tensor dBeta = pool.take(saved.h2().shape());
        kernels.gradients(saved.modulation(), dGamma, dBeta);
        // without an activation the output is not read
        Tensor dh2 = gradient(saved.h2(), gamma, NONE, dGamma, dGamma);
        Tensor fromBeta = gradient(saved.h2(), beta, NONE, dBeta, dBeta);
        kernels.add(fromBeta, dh2);
        Tensor dh1 = gradient(saved.h1(), hidden2, RELU, saved.h2(), dh2);
        Tensor dInput = gradient(saved.input(), hidden1, RELU, saved.h1(), dh1);
        pool.release(saved.input(), saved.h1(), saved.h2(), dGamma, dBeta, fromBeta, dh2, dh1);
        if (light) {
            kernels.addPoolingGradient(kernels.values(dInput), null, null, dFeatures);
        } else {
            addAll(dInput, dFeatures);
        }
        pool.release(dInput);
    }

    /** Adds to the weights' gradient; the gradient of a layer's input (N, inputs), from the pool. */
    private Tensor gradient(Tensor x, Parameter weights, Activation activation, Tensor y, Tensor dy) {
        Tensor dx = compute.pool().take(x.shape());
        compute.kernels().linearBackward(x, weights, activation, y, dy, dx);
        return dx;
    }

    /** Adds (N,C*H*W) to the features' gradient. */
    private void addAll(Tensor dInput, FeatureMaps dFeatures) {
        FeatureMaps maps = compute.take(dFeatures.images(), dFeatures.channels(), dFeatures.height(), dFeatures.width(), 0);
        compute.kernels().copy(
                FeatureMaps.of(dInput.reshape(maps.images(), maps.channels(), maps.height(), maps.width()), 0), maps);
        compute.kernels().add(maps, dFeatures);
        compute.release(maps);
    }
}
