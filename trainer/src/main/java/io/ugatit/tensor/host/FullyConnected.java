package io.ugatit.tensor.host;

import io.ugatit.tensor.Activation;
import io.ugatit.tensor.Parameter;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.scalar.RectifiedLinear;
import org.nd4j.linalg.api.ops.impl.scalar.Step;
import org.nd4j.linalg.factory.Nd4j;

/** {@link io.ugatit.tensor.VectorKernels#linear} and its gradients. */
final class FullyConnected {
    private FullyConnected() { }

    static void forward(INDArray x, Parameter weights, Activation activation, INDArray y) {
        try (INDArray product = x.mmul(HostParameters.value(weights).transpose())) {
            y.assign(product);
        }
        if (rectifies(activation)) {
            Nd4j.exec(new RectifiedLinear(y, y));
        }
    }

    static void backward(INDArray x, Parameter weights, Activation activation, INDArray y, INDArray dy, INDArray dx) {
        if (rectifies(activation)) {
            dy.muli(Nd4j.exec(new Step(y, y.ulike(), 0)));
        }
        // gemm writes f-order: the transposed view of the c-ordered gradient; no temporary as large as the weights
        Nd4j.gemm(x, dy, HostParameters.gradient(weights).transpose(), true, false, 1, 1);
        try (INDArray product = dy.mmul(HostParameters.value(weights))) {
            dx.assign(product);
        }
    }

    private static boolean rectifies(Activation activation) {
        return switch (activation) {
            case NONE -> false;
            case RELU -> true;
            case LEAKY_RELU, TANH -> throw new IllegalArgumentException("a fully connected layer has the activation NONE or RELU, not "
                    + activation);
        };
    }
}
