package io.ugatit.tensor;

/**
 * A normalisation of one batch of maps (N,C,H,W): for the statistics it has taken, one affine function a plane. Its gradient is affine in
 * the gradient and the input, so the kernels make one pass over the maps forward and two backward whatever the normalisation is. What it
 * holds, and where, is a matter of the {@link Kernels} that made it; no others can use it.
 */
public interface Scaling {
    /** Added to every variance. */
    double EPSILON = 1e-5;
}
