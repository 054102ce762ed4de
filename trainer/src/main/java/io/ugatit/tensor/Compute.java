package io.ugatit.tensor;

import java.util.function.Supplier;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What networks compute with: kernels, which one thread uses at a time, and the memory they take. Networks that are computed side by side
 * have a {@link #sibling} each.
 */
public final class Compute implements AutoCloseable {
    private final Kernels kernels;
    private final BufferPool pool;
    private final Supplier<Compute> sibling;
    private final ConvolutionWork work = new ConvolutionWork();

    /**
     * @param kernels for one thread
     * @param pool of tensors that they can use
     * @param sibling makes the same for another thread
     */
    public Compute(Kernels kernels, BufferPool pool, Supplier<Compute> sibling) {
        this.kernels = kernels;
        this.pool = pool;
        this.sibling = sibling;
    }

    /** The same kind of kernels for another thread, in the same memory. */
    public Compute sibling() {
        return sibling.get();
    }

    /** Both wait for what has been asked of the other so far; to be called while neither is at work. */
    public void join(Compute other) {
        kernels.follow(other.kernels);
        other.kernels.follow(kernels);
    }

    /** The implementation of the numeric kernels. */
    public Kernels kernels() {
        return kernels;
    }

    /** Where activations and gradients are taken from. */
    public BufferPool pool() {
        return pool;
    }

    /** What has been asked of {@link #convolve} and {@link #convolveBackward}. */
    public ConvolutionWork work() {
        return work;
    }

    /** {@link MapKernels#convolve}, counted. */
    public void convolve(FeatureMaps x, Tensor weights, int stride, FeatureMaps y) {
        work.add(x, y, weights.size(2));
        kernels.convolve(x, weights, stride, y);
    }

    /** {@link MapKernels#convolveBackward}, counted. */
    public void convolveBackward(FeatureMaps x, Tensor weights, FeatureMaps dy, int stride, FeatureMaps dx, Tensor dWeights) {
        if (dx != null) {
            work.add(x, dy, weights.size(2));
        }
        if (dWeights != null) {
            work.add(x, dy, weights.size(2));
        }
        kernels.convolveBackward(x, weights, dy, stride, dx, dWeights);
    }

    /** Copies an array, c-ordered and contiguous, to a tensor of its shape from the pool. */
    public Tensor write(INDArray array) {
        Tensor tensor = pool.take(array.shape());
        kernels.write(array, tensor);
        return tensor;
    }

    /** Waits for a tensor and copies it to a new array, which the caller closes. */
    public INDArray read(Tensor tensor) {
        INDArray array = Nd4j.createUninitialized(pool.type(), tensor.shape());
        kernels.read(tensor, array);
        return array;
    }

    /** Frees what the kernels have allocated, and what of the pool is not in use. */
    @Override
    public void close() {
        try (pool) {
            kernels.close();
        }
    }

    /** Closes what nobody else will. @param failure the reason; takes what goes wrong with that */
    public void closeAfter(Throwable failure) {
        try {
            close();
        } catch (RuntimeException | Error e) {
            failure.addSuppressed(e);
        }
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
