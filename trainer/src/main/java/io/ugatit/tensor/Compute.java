package io.ugatit.tensor;

import java.util.function.Supplier;

/**
 * What networks compute with: kernels, which one thread uses at a time, and the memory they take. Networks that are computed side by side
 * have a {@link #sibling} each.
 */
public final class Compute {
    private final Supplier<Kernels> implementation;
    private final Kernels kernels;
    private final BufferPool pool;

    /**
     * @param implementation makes kernels for one thread
     * @param pool of arrays that they can use
     */
    public Compute(Supplier<Kernels> implementation, BufferPool pool) {
        this.implementation = implementation;
        this.kernels = implementation.get();
        this.pool = pool;
    }

    /** The same kind of kernels for another thread, on the same pool. */
    public Compute sibling() {
        return new Compute(implementation, pool);
    }

    /** The implementation of the numeric kernels. */
    public Kernels kernels() {
        return kernels;
    }

    /** Where activations and gradients are taken from. */
    public BufferPool pool() {
        return pool;
    }

    /** Maps with undefined content, laid out as the kernels want it. */
    public FeatureMaps take(int images, int channels, int height, int width, int padding) {
        return FeatureMaps.take(pool, kernels.lanes(channels), images, channels, height, width, padding);
    }

    /** Maps of another's shape with its border, with undefined content. */
    public FeatureMaps takeLike(FeatureMaps maps) {
        return take(maps.images(), maps.channels(), maps.height(), maps.width(), maps.padding());
    }

    /** In a backward pass: gives back the gradient of a layer's output; returns that of its input. */
    public FeatureMaps follow(FeatureMaps dOut, FeatureMaps dx) {
        release(dOut);
        return dx;
    }

    /** Gives back maps that came from {@link #take}; nulls are skipped. The caller must not use them afterwards. */
    public void release(FeatureMaps... maps) {
        for (FeatureMaps map : maps) {
            if (map != null) {
                pool.release(map.data());
            }
        }
    }
}
