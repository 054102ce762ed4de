package io.ugatit.tensor.host;

import io.ugatit.tensor.SpectralKernels;
import io.ugatit.tensor.SpectralPair;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** {@link SpectralKernels}, and the gradient through the singular value, by products of the matrix with vectors. */
public final class PowerIteration {
    private final HostKernels kernels;

    PowerIteration(HostKernels kernels) {
        this.kernels = kernels;
    }

    double iterate(INDArray matrix, INDArray u, INDArray v) {
        kernels.multiply(matrix, true, u, v);
        normalize(v);
        kernels.multiply(matrix, false, v, u);
        return normalize(u);
    }

    double singularValue(INDArray matrix, INDArray u, INDArray v) {
        INDArray product = kernels.scratch.take(u.length());
        kernels.multiply(matrix, false, v, product);
        double sigma = Nd4j.getBlasWrapper().dot(u, product);
        kernels.scratch.release(product);
        return sigma;
    }

    /**
     * Makes of the weight's gradient through raw, where a layer's output is {@code y = raw / sigma} and raw is linear in W, the gradient
     * through sigma too: {@code dW += -<dy, raw> / sigma^2 * u v'}. What goes through raw alone the layer adds itself.
     *
     * @param gradient of the weight, added to
     * @param dyRaw the inner product of dy and raw
     */
    void addGradient(SpectralPair pair, INDArray gradient, double dyRaw) {
        double sigma = HostValues.of(pair.sigma())[0];
        INDArray u = HostTensor.array(pair.u());
        INDArray v = HostTensor.array(pair.v());
        kernels.addOuterProduct(gradient.reshape(u.length(), v.length()), -dyRaw / (sigma * sigma), u, v);
    }

    /** Scales a vector, whose elements lie one after the other, to length one, in place; returns the length that it had. */
    public static double normalize(INDArray vector) {
        DataBuffer memory = vector.data();
        double squares = 0;
        for (long i = 0; i < vector.length(); i++) {
            squares += memory.getDouble(i) * memory.getDouble(i);
        }
        double length = Math.sqrt(squares);
        double divisor = Math.max(length, SpectralKernels.LEAST_LENGTH);
        for (long i = 0; i < vector.length(); i++) {
            memory.put(i, memory.getDouble(i) / divisor);
        }
        return length;
    }
}
