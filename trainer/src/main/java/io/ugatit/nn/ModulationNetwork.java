package io.ugatit.nn;

import io.ugatit.tensor.Compute;
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

    /** What a forward pass leaves: inputs (N, C or C*H*W) and hidden values (N, C); {@code features} is null if light. */
    public record Saved(long[] shape, INDArray features, INDArray input, INDArray h1, INDArray h2, Modulation modulation) { }

    /**
     * @param features (N,C,H,W), not padded, from the pool; given back here or by the backward pass
     * @param keep whether a backward pass will follow
     */
    public Saved forward(INDArray features, boolean keep) {
        long[] shape = features.shape();
        INDArray input;
        if (light) {
            input = Parameter.array(compute.kernels().moments(features).mean(), features).reshape(shape[0], shape[1]);
        } else {
            input = features.reshape(shape[0], shape[1] * shape[2] * shape[3]);
        }
        INDArray h1 = relu(hidden1.forward(input));
        INDArray h2 = relu(hidden2.forward(h1));
        Modulation modulation = new Modulation(values(gamma.forward(h2)), values(beta.forward(h2)));
        boolean keepFeatures = keep && !light;
        if (!keepFeatures) {
            compute.pool().release(features);
        }
        return new Saved(shape, keepFeatures ? features : null, input, h1, h2, modulation);
    }

    /** Adds to the parameters' gradients; returns the gradient of the features (N,C,H,W), from the pool. */
    public INDArray backward(Saved saved) {
        long[] shape = saved.shape();
        INDArray dGamma = matrix(saved.modulation().dGamma(), saved);
        INDArray dBeta = matrix(saved.modulation().dBeta(), saved);
        INDArray dh2 = gamma.backward(saved.h2(), dGamma).addi(beta.backward(saved.h2(), dBeta));
        INDArray dh1 = hidden2.backward(saved.h1(), dh2.muli(positive(saved.h2())));
        INDArray dInput = hidden1.backward(saved.input(), dh1.muli(positive(saved.h1())));
        INDArray dFeatures = compute.pool().take(shape);
        if (light) {
            INDArray planes = dFeatures.reshape(shape[0] * shape[1], shape[2] * shape[3]);
            planes.assign(0).addiColumnVector(dInput.reshape(shape[0] * shape[1], 1).divi(shape[2] * shape[3]));
        } else {
            dFeatures.assign(dInput.reshape(shape));
            dInput.close();
        }
        compute.pool().release(saved.features());
        return dFeatures;
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

    private static INDArray matrix(double[] values, Saved saved) {
        return Parameter.array(values, saved.h1()).reshape(saved.h1().shape());
    }
}
