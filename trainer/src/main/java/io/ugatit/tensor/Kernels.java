package io.ugatit.tensor;

/**
 * The numeric kernels of the networks. A <em>plane</em> is one channel of one image; values of planes are N*C numbers, n-major. A gradient has
 * the shape of what it is the gradient of; only its interior counts, its border is undefined. Outputs are overwritten unless a method says
 * that it adds.
 *
 * <p>An implementation may keep scratch memory and is used by one thread at a time. All tensors are of one floating point type. On a device
 * of its own, work is only begun when a method returns; only the methods that copy to the host wait for it.
 */
public interface Kernels extends VectorKernels, MapKernels, NormalizationKernels, AttentionKernels, SpectralKernels, LossKernels {

    /** The name that logs and {@code bench} show. */
    String name();

    /** Channels that lie side by side in maps of so many channels, 1 for plain maps. */
    int lanes(int channels);

    /** What is asked for from now on comes after all that has been asked of other kernels of this kind so far. */
    void follow(Kernels others);

    /**
     * Records work that these kernels are asked for, and others that follow them within it; at its end these must follow the others. No memory
     * that it uses is freed from then on.
     */
    Recorder recorder();

    /**
     * Takes back all {@link Values}, {@link Scaling}s and {@link Modulation}s that these kernels have made: at the beginning of a step, or
     * when the results of a forward pass have been read.
     */
    void recycle();

    /** Frees what these kernels have allocated, resident vectors among it; they must not be used afterwards. */
    void close();
}
