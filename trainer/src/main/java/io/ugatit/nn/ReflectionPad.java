package io.ugatit.nn;

import io.ugatit.tensor.Compute;
import io.ugatit.tensor.FeatureMaps;
import io.ugatit.tensor.Tensor;

/** Makes a network's images maps with the reflected border that its first convolution reads. */
public final class ReflectionPad {
    private final Compute compute;
    private final int padding;

    /** @param padding border of the maps, pixels */
    public ReflectionPad(Compute compute, int padding) {
        this.compute = compute;
        this.padding = padding;
    }

    /**
     * @param images (N,C,H,W); not kept
     * @return the images as maps with a border, from the pool
     */
    public FeatureMaps forward(Tensor images) {
        FeatureMaps plain = FeatureMaps.of(images, 0);
        FeatureMaps padded = compute.take(plain.images(), plain.channels(), plain.height(), plain.width(), padding);
        compute.kernels().copy(plain, padded);
        return padded;
    }

    /**
     * @param dPadded gradient of the maps; the caller's
     * @return gradient of the images (N,C,H,W), from the pool
     */
    public Tensor backward(FeatureMaps dPadded) {
        Tensor dImages = compute.pool().take(dPadded.images(), dPadded.channels(), dPadded.height(), dPadded.width());
        compute.kernels().copy(dPadded, FeatureMaps.of(dImages, 0));
        return dImages;
    }
}
