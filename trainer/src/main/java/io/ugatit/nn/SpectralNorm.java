package io.ugatit.nn;

import io.ugatit.tensor.BufferPool;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Spectral normalisation (Miyato et al., arXiv 1802.05957) of a weight W, seen as a matrix (O, everything else): W / sigma with
 * {@code sigma = u' W v}. Layers divide their output by sigma rather than the weight. As in PyTorch, u and v count as constants in the
 * gradient.
 */
public final class SpectralNorm {
    private static final double EPSILON = 1e-12;
    private final Parameter weights;
    private final INDArray matrix;
    private final INDArray u;
    private final INDArray v;

    /**
     * @param weights (O,...), the un-normalised weight
     * @param u (O), left power-iteration vector of length one, updated in place
     * @param v (product of the other dimensions), the right one
     */
    public SpectralNorm(Parameter weights, INDArray u, INDArray v) {
        this.weights = weights;
        this.matrix = weights.value().reshape(u.length(), v.length());
        this.u = u.reshape(u.length(), 1);
        this.v = v.reshape(v.length(), 1);
    }

    /** One power iteration, in place: {@code v = normalize(W' u); u = normalize(W v)}. */
    public void iterate() {
        multiply(matrix, true, u, v);
        normalize(v);
        multiply(matrix, false, v, u);
        normalize(u);
    }

    /** The largest singular value of W, as far as u and v know it. */
    double sigma() {
        INDArray product = Nd4j.createUninitialized(u.dataType(), u.shape(), 'c');
        multiply(matrix, false, v, product);
        double sigma = Nd4j.getBlasWrapper().dot(u, product);
        product.close();
        return sigma;
    }

    /**
     * Adds to the weight's gradient, given that of a layer's output {@code y = raw / sigma}, where raw is linear in W:
     * {@code dW = dRaw - <dy, raw> / sigma^2 * u v'}.
     *
     * @param dRaw gradient of W through raw, shape of W; used up
     * @param dyRaw the inner product of dy and raw
     */
    void addGradient(INDArray dRaw, double sigma, double dyRaw, BufferPool pool) {
        INDArray outer = pool.take(u.length(), v.length());
        u.mul(-dyRaw / (sigma * sigma)).mmuli(v.reshape(1, v.length()), outer);
        weights.addGradient(dRaw);
        weights.addGradient(outer);
        pool.release(outer);
    }

    private static void multiply(INDArray matrix, boolean transposed, INDArray vector, INDArray out) {
        Nd4j.gemm(matrix, vector, out, transposed, false, 1, 0);
    }

    /** Scales a vector to length one, in place. */
    public static void normalize(INDArray vector) {
        vector.divi(Math.max(vector.norm2Number().doubleValue(), EPSILON));
    }
}
