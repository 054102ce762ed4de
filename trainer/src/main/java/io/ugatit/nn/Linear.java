package io.ugatit.nn;

import io.ugatit.tensor.Parameter;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A fully connected layer without bias: {@code y = x W'}. */
public final class Linear {
    private final Parameter weights;

    /** @param weights (outputs, inputs) */
    Linear(Parameter weights) {
        this.weights = weights;
    }

    /** (N, inputs) to a new (N, outputs). */
    INDArray forward(INDArray x) {
        return x.mmul(weights.value().transpose());
    }

    /** Adds to the weights' gradient; returns a new (N, inputs). */
    public INDArray backward(INDArray x, INDArray dy) {
        // gemm writes f-order: the transposed view of the c-ordered gradient; no temporary as large as the weights
        Nd4j.gemm(x, dy, weights.gradient().transpose(), true, false, 1, 1);
        return dy.mmul(weights.value());
    }
}
