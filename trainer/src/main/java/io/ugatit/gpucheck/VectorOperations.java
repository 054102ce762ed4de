package io.ugatit.gpucheck;

import io.ugatit.tensor.Activation;
import io.ugatit.tensor.AdamRates.AdamStep;
import io.ugatit.tensor.AdamRates;
import io.ugatit.tensor.AttentionKernels.Classification;
import io.ugatit.tensor.Kernels;
import io.ugatit.tensor.LossKernels.Ramp;
import io.ugatit.tensor.LossKernels.Term;
import io.ugatit.tensor.Parameter;
import io.ugatit.tensor.SpectralPair;
import io.ugatit.tensor.Tensor;
import io.ugatit.tensor.Values;
import java.util.List;

/** Vectors, matrices, losses, the attention's classifiers and the update of the parameters. */
public final class VectorOperations {
    private VectorOperations() { }

    static List<Operation> all() {
        return List.of(
                new Operation("classifiers and folded attention, and their gradients", side -> {
                    classify(side, 2, 17, false);
                    classify(side, 1, 300, true);
                }),
                new Operation("power iteration", side -> {
                    iterate(side, 1, 3, 4);
                    iterate(side, 64, 3, 4);
                    iterate(side, 33, 129, 1);
                }),
                new Operation("full connection and its gradients", side -> {
                    connect(side, 2, 16, 16, Activation.RELU);
                    connect(side, 1, 9000, 7, Activation.RELU);
                    connect(side, 5, 64, 65, Activation.NONE);
                }),
                new Operation("losses and their gradients", side -> {
                    lose(side, 7);
                    lose(side, 60_000);
                }),
                new Operation("vectors", side -> {
                    move(side, 37);
                    move(side, 30_000);
                }),
                new Operation("Adam", side -> {
                    update(side, 37);
                    update(side, 30_000);
                }));
    }

    /** Both classifiers of the attention, its folding, and their gradients. */
    public static void classify(Side side, int batch, int channels, boolean normalized) {
        Kernels kernels = side.kernels();
        SpectralPair pair = new SpectralPair(side.tensor(1), side.tensor(channels), kernels.values(side.tensor(new double[] {0.6}, 1)));
        Values logits = kernels.values(2 * batch);
        for (int column = 0; column < 2; column++) {
            Parameter weights = side.parameter(1, channels);
            Classification classification = new Classification(side.values(batch * channels), weights, normalized ? pair : null, logits,
                    column);
            kernels.classify(classification);
            Values dLogits = side.values(2 * batch);
            for (boolean wantsWeights : new boolean[] {true, false}) {
                side.compare(kernels.classifyBackward(classification, dLogits, wantsWeights));
                side.compare(weights);
            }
        }
        side.compare(logits);
        Parameter weights = side.parameter(channels, 2L * channels, 1, 1);
        Parameter average = side.parameter(1, channels);
        Parameter maximum = side.parameter(1, channels);
        Tensor folded = side.absent(channels, channels, 1, 1);
        kernels.foldAttention(weights, average, maximum, folded);
        side.compare(folded);
        kernels.foldAttentionBackward(side.tensor(channels, channels, 1, 1), weights, average, maximum);
        side.compare(weights, average, maximum);
    }

    /** Two power iterations of a matrix (rows, channels * kernel * kernel). */
    public static void iterate(Side side, int rows, int channels, int kernel) {
        Parameter weights = side.parameter(rows, channels, kernel, kernel);
        Tensor u = side.resident(rows);
        Tensor v = side.resident(1, channels, kernel, kernel);
        Tensor matrix = weights.value().reshape(rows, v.length());
        for (int i = 0; i < 2; i++) {
            side.compare(side.kernels().iteratePower(matrix, u, v.reshape(v.length())));
            side.compare(side.kernels().singularValue(matrix, u, v.reshape(v.length())));
        }
        side.compareStored(u);
        side.compareStored(v);
    }

    /** A full connection and its gradients. */
    public static void connect(Side side, int batch, int inputs, int outputs, Activation activation) {
        Tensor x = side.tensor(batch, inputs);
        Parameter weights = side.parameter(outputs, inputs);
        Tensor y = side.absent(batch, outputs);
        side.kernels().linear(x, weights, activation, y);
        side.compare(y);
        Tensor dx = side.absent(batch, inputs);
        side.kernels().linearBackward(x, weights, activation, side.tensor(batch, outputs), side.tensor(batch, outputs), dx);
        side.compare(dx);
        side.compare(weights);
    }

    /** Every loss and its gradient. */
    public static void lose(Side side, int length) {
        Kernels kernels = side.kernels();
        Values terms = kernels.values(9);
        Tensor x = side.tensor(length);
        Tensor dx = side.absent(length);
        kernels.meanSquare(x, 0.3, 5, dx, new Term(terms, 4));
        side.compare(dx);
        kernels.meanAbsolute(x, side.tensor(length), 3, dx, new Term(terms, 3));
        side.compare(dx);
        kernels.meanRamp(x, Ramp.hinge(-1), 3, dx, new Term(terms, 5));
        side.compare(dx);
        kernels.meanRamp(x, Ramp.line(1), -3, dx, new Term(terms, 6));
        side.compare(dx);
        Tensor gradients = side.absent(2, length);
        kernels.meanLengthError(side.tensor(2, length), 20, gradients, new Term(terms, 7));
        side.compare(gradients);
        kernels.interpolate(side.tensor(2, length), side.tensor(2, length), side.tensor(2), gradients);
        side.compare(gradients);
        int few = Math.min(length, 100);
        Values logits = side.values(few);
        Values dLogits = kernels.values(few);
        kernels.meanSquare(logits, 0, few, 1, 2, dLogits, new Term(terms, 2));
        side.compare(dLogits);
        kernels.meanSquare(logits, few / 2, few, -1, 2, dLogits, new Term(terms, 1));
        side.compare(dLogits);
        kernels.meanRamp(logits, few / 2, few, Ramp.hinge(1), 2, dLogits, new Term(terms, 8));
        side.compare(dLogits);
        kernels.binaryCrossEntropy(logits, 1, 7, dLogits, new Term(terms, 0));
        side.compare(dLogits);
        side.compare(terms);
    }

    /** Operations element by element. */
    public static void move(Side side, int length) {
        Kernels kernels = side.kernels();
        Tensor x = side.tensor(length);
        Tensor y = side.tensor(length);
        kernels.add(x, y);
        side.compare(y);
        kernels.clip(y, -0.5, 0.25);
        side.compare(y);
        kernels.copy(x, y);
        side.compare(y);
        kernels.fill(y, 0.125);
        side.compare(y);
        Values values = kernels.values(x);
        side.compare(values);
        kernels.write(values, y);
        side.compare(y);
        side.compareStored(side.resident(3, 5, 4, 4));
    }

    /** Two updates of Adam. */
    public static void update(Side side, int length) {
        Parameter parameters = side.parameter(length);
        Tensor first = side.resident(length);
        Tensor second = side.absent(length);
        side.kernels().fill(second, 0.04);
        AdamRates rates = side.kernels().adamRates();
        for (int step = 3; step < 5; step++) {
            rates.set(new AdamStep(1e-2, 0.5, 0.999, 1e-8, 0.1, step));
            side.kernels().adam(parameters.value(), side.tensor(length), first, second, rates);
            side.compare(first);
            side.compare(second);
            side.compare(parameters.value());
        }
    }
}
