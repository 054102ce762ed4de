package io.ugatit.tensor;

/** Spectral normalisation (Miyato et al., arXiv 1802.05957): power iteration for the largest singular value of a matrix. */
public interface SpectralKernels {
    /** What a vector's length is taken for at least, PyTorch's. */
    double LEAST_LENGTH = 1e-12;

    /**
     * One power iteration, in place: {@code v = normalize(W' u); u = normalize(W v)}.
     *
     * @param matrix W (R,C)
     * @param u (R)
     * @param v (C)
     * @return one value: the length of {@code W v}, which is the singular value
     */
    Values iteratePower(Tensor matrix, Tensor u, Tensor v);

    /** {@code u' W v}, one value, of the same three as {@link #iteratePower}. */
    Values singularValue(Tensor matrix, Tensor u, Tensor v);
}
