package io.ugatit.tensor.host;

import io.ugatit.tensor.LossKernels;
import io.ugatit.tensor.LossKernels.Ramp;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.same.Sign;
import org.nd4j.linalg.factory.Nd4j;

/** The values of {@link LossKernels}, whose gradients they write. */
final class Losses {
    private Losses() { }

    static double meanSquare(INDArray x, double target, double weight, INDArray dx) {
        dx.assign(x).subi(target);
        double norm = dx.norm2Number().doubleValue();
        dx.muli(2 * weight / x.length());
        return weight * norm * norm / x.length();
    }

    static double meanSquare(double[] x, int from, int to, double target, double weight, double[] dx) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            double difference = x[i] - target;
            sum += difference * difference;
            dx[i] = 2 * weight * difference / (to - from);
        }
        return weight * sum / (to - from);
    }

    static double meanRamp(double[] x, int from, int to, Ramp ramp, double weight, double[] dx) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            double value = ramp.offset() + ramp.slope() * x[i];
            sum += Math.max(ramp.least(), value);
            dx[i] = value <= ramp.least() ? 0 : weight * ramp.slope() / (to - from);
        }
        return weight * sum / (to - from);
    }

    /** Of so many images, one after the other. */
    static double meanLengthError(double[] x, int images, double weight, double[] dx) {
        int length = x.length / images;
        double sum = 0;
        for (int first = 0; first < x.length; first += length) {
            double squares = 0;
            for (int i = first; i < first + length; i++) {
                squares += x[i] * x[i];
            }
            double norm = Math.sqrt(squares);
            sum += (norm - 1) * (norm - 1);
            double factor = norm == 0 ? 0 : 2 * weight * (1 - 1 / norm) / images;
            for (int i = first; i < first + length; i++) {
                dx[i] = factor * x[i];
            }
        }
        return weight * sum / images;
    }

    static double binaryCrossEntropy(double[] x, double target, double weight, double[] dx) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += Math.max(x[i], 0) - x[i] * target + Math.log1p(Math.exp(-Math.abs(x[i])));
            dx[i] = weight * (1 / (1 + Math.exp(-x[i])) - target) / x.length;
        }
        return weight * sum / x.length;
    }

    static double meanAbsolute(INDArray x, INDArray y, double weight, INDArray dx) {
        x.sub(y, dx);
        double sum = dx.norm1Number().doubleValue();
        Nd4j.exec(new Sign(dx, dx));
        dx.muli(weight / x.length());
        return weight * sum / x.length();
    }
}
