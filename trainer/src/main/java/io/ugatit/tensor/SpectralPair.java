package io.ugatit.tensor;

/**
 * The singular vectors of a weight, seen as a matrix (O, everything else), that belong to its largest singular value, as far as the power
 * iteration has come.
 *
 * @param u (O), left
 * @param v (product of the other dimensions), right
 * @param sigma the singular value
 */
public record SpectralPair(Tensor u, Tensor v, Values sigma) { }
