package io.ugatit.train;

import io.ugatit.tensor.BufferPool;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.same.Sign;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The value of a loss and its gradient.
 *
 * @param value the loss
 * @param gradient with respect to the prediction, same shape
 */
record Loss<T>(double value, T gradient) {

    /** {@code weight * mean((x - target)^2)} of images {@code from} to {@code to} of a batch; its gradient is written into {@code dx}. */
    static double meanSquare(INDArray x, int from, int to, double target, double weight, INDArray dx) {
        INDArray part = images(x, from, to);
        INDArray gradient = images(dx, from, to);
        gradient.assign(part).subi(target);
        double norm = gradient.norm2Number().doubleValue();
        gradient.muli(2 * weight / part.length());
        return weight * norm * norm / part.length();
    }

    private static INDArray images(INDArray x, int from, int to) {
        return x.get(NDArrayIndex.interval(from, to));
    }

    /** {@code weight * mean((x - target)^2)} of the values {@code from} to {@code to}; the gradient is written into {@code dx}. */
    static double meanSquare(double[] x, int from, int to, double target, double weight, double[] dx) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            double difference = x[i] - target;
            sum += difference * difference;
            dx[i] = 2 * weight * difference / (to - from);
        }
        return weight * sum / (to - from);
    }

    /** {@code weight * mean(binary cross entropy of sigmoid(x) and target)}, PyTorch's {@code binary_cross_entropy_with_logits}. */
    static Loss<double[]> binaryCrossEntropy(double[] x, double target, double weight) {
        double[] dx = new double[x.length];
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += Math.max(x[i], 0) - x[i] * target + Math.log1p(Math.exp(-Math.abs(x[i])));
            dx[i] = weight * (1 / (1 + Math.exp(-x[i])) - target) / x.length;
        }
        return new Loss<>(weight * sum / x.length, dx);
    }

    /** {@code weight * mean(|x - y|)}; the gradient comes from the pool. */
    static Loss<INDArray> meanAbsolute(INDArray x, INDArray y, double weight, BufferPool pool) {
        INDArray dx = pool.take(x.shape());
        x.sub(y, dx);
        double sum = dx.norm1Number().doubleValue();
        Nd4j.exec(new Sign(dx, dx));
        dx.muli(weight / x.length());
        return new Loss<>(weight * sum / x.length(), dx);
    }
}
