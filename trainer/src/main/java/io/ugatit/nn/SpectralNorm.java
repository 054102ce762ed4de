package io.ugatit.nn;

import io.ugatit.tensor.Compute;
import io.ugatit.tensor.FeatureMaps;
import io.ugatit.tensor.Parameter;
import io.ugatit.tensor.Scaling;
import io.ugatit.tensor.SpectralPair;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Spectral normalisation (Miyato et al., arXiv 1802.05957) of a weight W, seen as a matrix (O, everything else): W / sigma with
 * {@code sigma = u' W v}. Layers divide their output by sigma rather than the weight. As in PyTorch, u and v count as constants in the
 * gradient.
 */
public final class SpectralNorm {
    private static final double EPSILON = 1e-12;
    private final Compute compute;
    private final Parameter weights;
    private final INDArray matrix;
    private final INDArray u;
    private final INDArray v;
    /** What the last iteration found, until it is asked for; not a number otherwise. */
    private double found = Double.NaN;

    /**
     * @param weights (O,...), the un-normalised weight
     * @param u (O), left power-iteration vector of length one, updated in place
     * @param v (product of the other dimensions), the right one
     */
    public SpectralNorm(Compute compute, Parameter weights, INDArray u, INDArray v) {
        this.compute = compute;
        this.weights = weights;
        this.matrix = weights.value().reshape(u.length(), v.length());
        this.u = u;
        this.v = v;
    }

    /**
     * One power iteration, in place: {@code v = normalize(W' u); u = normalize(W v)}. Sigma, the length of {@code W v}, comes with it: the
     * forward pass that follows takes it from here, so W must not change in between.
     */
    public void iterate() {
        compute.kernels().multiply(matrix, true, u, v);
        normalize(v);
        compute.kernels().multiply(matrix, false, v, u);
        found = normalize(u);
    }

    /**
     * The largest singular value of W, as far as u and v know it. What an iteration found serves once: W may have changed by the next time,
     * which costs a product with the matrix.
     */
    double sigma() {
        double sigma = Double.isNaN(found) ? product() : found;
        found = Double.NaN;
        return sigma;
    }

    /** {@link io.ugatit.tensor.Kernels#spectralNorm} of a convolution with these weights, by {@link #sigma}. */
    Scaling scaling(FeatureMaps y, Parameter bias) {
        return compute.kernels().spectralNorm(y, weights, new SpectralPair(u, v, sigma()), bias);
    }

    private double product() {
        INDArray product = compute.pool().take(u.length());
        compute.kernels().multiply(matrix, false, v, product);
        double sigma = Nd4j.getBlasWrapper().dot(u, product);
        compute.pool().release(product);
        return sigma;
    }

    /** {@link SpectralPair#addGradient}, with the sigma that the forward pass found. */
    void addGradient(double sigma, double dyRaw) {
        new SpectralPair(u, v, sigma).addGradient(compute.kernels(), weights.gradient(), dyRaw);
    }

    /** Scales a vector, whose elements lie one after the other, to length one, in place; returns the length that it had. */
    public static double normalize(INDArray vector) {
        DataBuffer memory = vector.data();
        double squares = 0;
        for (long i = 0; i < vector.length(); i++) {
            squares += memory.getDouble(i) * memory.getDouble(i);
        }
        double length = Math.sqrt(squares);
        double divisor = Math.max(length, EPSILON);
        for (long i = 0; i < vector.length(); i++) {
            memory.put(i, memory.getDouble(i) / divisor);
        }
        return length;
    }
}
