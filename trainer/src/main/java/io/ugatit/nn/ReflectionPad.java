package io.ugatit.nn;

import io.ugatit.tensor.Compute;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Gives a network's images the reflected border that its first convolution reads. */
public final class ReflectionPad {
    private final Compute compute;
    private final int padding;

    /** @param padding pixels on each side */
    public ReflectionPad(Compute compute, int padding) {
        this.compute = compute;
        this.padding = padding;
    }

    /** Images (N,C,H,W), not kept, to (N,C,H+2p,W+2p) from the pool. */
    public INDArray forward(INDArray images) {
        INDArray padded = take(images, 2L * padding);
        compute.kernels().pad(images, padding, padded);
        return padded;
    }

    /**
     * The gradient of the images (N,C,H,W), from the pool.
     *
     * @param dPadded gradient of the padded images, from the pool; given back here
     */
    public INDArray backward(INDArray dPadded) {
        INDArray dImages = take(dPadded, -2L * padding);
        compute.kernels().fold(dPadded, padding, dImages);
        compute.pool().release(dPadded);
        return dImages;
    }

    private INDArray take(INDArray like, long growth) {
        return compute.pool().take(like.size(0), like.size(1), like.size(2) + growth, like.size(3) + growth);
    }
}
