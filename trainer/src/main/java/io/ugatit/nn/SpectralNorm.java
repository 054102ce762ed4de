package io.ugatit.nn;

import io.ugatit.tensor.Compute;
import io.ugatit.tensor.FeatureMaps;
import io.ugatit.tensor.Parameter;
import io.ugatit.tensor.Scaling;
import io.ugatit.tensor.SpectralPair;
import io.ugatit.tensor.Tensor;
import io.ugatit.tensor.Values;

/**
 * Spectral normalisation (Miyato et al., arXiv 1802.05957) of a weight W, seen as a matrix (O, everything else): W / sigma with
 * {@code sigma = u' W v}. Layers divide their output by sigma rather than the weight. As in PyTorch, u and v count as constants in the
 * gradient.
 */
public final class SpectralNorm {
    private final Compute compute;
    private final Parameter weights;
    private final Tensor matrix;
    private final Tensor u;
    private final Tensor v;
    /** What the last iteration found, until it is asked for; null otherwise. */
    private Values found;

    /**
     * @param weights (O,...), the un-normalised weight
     * @param u (O), left power-iteration vector of length one, updated in place
     * @param v (product of the other dimensions), the right one
     */
    public SpectralNorm(Compute compute, Parameter weights, Tensor u, Tensor v) {
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
        found = compute.kernels().iteratePower(matrix, u, v);
    }

    /**
     * The largest singular value of W, as far as u and v know it, with both. What an iteration found serves once: W may have changed by the
     * next time, which costs a product with the matrix.
     */
    SpectralPair pair() {
        Values sigma = found == null ? compute.kernels().singularValue(matrix, u, v) : found;
        found = null;
        return new SpectralPair(u, v, sigma);
    }

    /** {@link io.ugatit.tensor.Kernels#spectralNorm} of a convolution with these weights, by a {@link #pair} of them. */
    Scaling scaling(FeatureMaps y, SpectralPair pair, Parameter bias) {
        return compute.kernels().spectralNorm(y, weights, pair, bias);
    }
}
