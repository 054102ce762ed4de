package io.ugatit.train;

import io.ugatit.model.Discriminator;
import io.ugatit.tensor.BufferPool;
import io.ugatit.tensor.Compute;
import io.ugatit.tensor.Kernels;
import io.ugatit.tensor.LossKernels.Term;
import io.ugatit.tensor.Tensor;
import io.ugatit.tensor.Values;

/**
 * What makes a discriminator's slope one between real and translated images (Gulrajani et al., "Improved Training of Wasserstein GANs",
 * arXiv 1704.00028): {@code 10 * mean((|dD/dx| - 1)^2)} at a random point on the line between a real image and a translation. A
 * discriminator gives patches and the logits of its class activation map; as in the authors' TensorFlow code (taki0112/UGATIT,
 * {@code gradient_panalty}), each of the two pays for the gradient of its sum.
 *
 * <p>One pass has both gradients: the points go in twice, and the sum of patches is taken of the first copies, that of logits of the
 * second.
 */
final class GradientPenalty implements AutoCloseable {
    private static final double WEIGHT = 10;

    private final Compute compute;
    private final Tensor points;

    /**
     * @param real (N,3,S,S)
     * @param translated of the same shape
     * @param shares (N): how much of a point is of the real image, 0 to 1
     */
    GradientPenalty(Compute compute, Tensor real, Tensor translated, Tensor shares) {
        this.compute = compute;
        this.points = compute.pool().take(2 * real.size(0), real.size(1), real.size(2), real.size(3));
        Tensor once = points.slice(0, real.length());
        compute.kernels().interpolate(real, translated, shares, once.reshape(real.shape()));
        compute.kernels().copy(once, points.slice(real.length(), points.length()));
    }

    /**
     * Adds to the gradients of a discriminator's parameters.
     *
     * @param weight of the adversarial loss
     * @param ofPatches gets what patches pay
     * @param ofLogits gets what logits pay
     */
    void add(Discriminator discriminator, double weight, Term ofPatches, Term ofLogits) {
        Kernels kernels = compute.kernels();
        BufferPool pool = compute.pool();
        Discriminator.Pass pass = discriminator.forward(points);
        long[] patches = pass.patches().shape();
        Tensor ones = pool.take(points.size(0), 2);
        fillHalves(ones, 0, 1);
        Values dLogits = kernels.values(ones);
        pool.release(ones);
        Tensor gradient = discriminator.imageGradient(pass, halves(patches), dLogits);
        Tensor along = pool.take(points.shape());
        long half = points.length() / 2;
        long[] shape = points.shape().clone();
        shape[0] /= 2;
        kernels.meanLengthError(gradient.slice(0, half).reshape(shape), WEIGHT * weight, along.slice(0, half).reshape(shape), ofPatches);
        kernels.meanLengthError(gradient.slice(half, 2 * half).reshape(shape), WEIGHT * weight, along.slice(half, 2 * half).reshape(shape),
                ofLogits);
        pool.release(gradient);
        Discriminator.Pass tangent = discriminator.tangent(pass, along);
        pool.release(along);
        discriminator.backward(tangent, halves(patches), dLogits, true, false);
    }

    /** The gradient of the sum of the first half's patches. */
    private Tensor halves(long[] shape) {
        Tensor dPatches = compute.pool().take(shape);
        fillHalves(dPatches, 1, 0);
        return dPatches;
    }

    private void fillHalves(Tensor x, double first, double second) {
        compute.kernels().fill(x.slice(0, x.length() / 2), first);
        compute.kernels().fill(x.slice(x.length() / 2, x.length()), second);
    }

    @Override
    public void close() {
        compute.pool().release(points);
    }
}
