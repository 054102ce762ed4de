package io.ugatit.tensor;

import java.util.Optional;
import java.util.function.Supplier;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What networks compute with: kernels, which one thread uses at a time, and the memory they take. Networks that are computed side by side
 * have a {@link #sibling} each.
 */
public final class Compute {
    private static final Logger LOG = LoggerFactory.getLogger(Compute.class);
    private static final boolean CPU_KERNELS = cpuKernels();

    private final Supplier<Kernels> implementation;
    private final Kernels kernels;
    private final BufferPool pool;

    private Compute(Supplier<Kernels> implementation, BufferPool pool) {
        this.implementation = implementation;
        this.kernels = implementation.get();
        this.pool = pool;
    }

    private static boolean cpuKernels() {
        if (!Nd4j.getBackend().getClass().getName().contains("cpu")) {
            LOG.info("Kernels: ND4J's operations, on a GPU");
            return false;
        }
        Optional<String> lack = CpuKernelsNeeds.lacking();
        lack.ifPresentOrElse(
                what -> LOG.warn("{}: a training step takes two to three times as long, on ND4J's operations alone", what),
                () -> LOG.info("Kernels: oneDNN, and vectors of {} floats", VectorRows.LANES));
        return lack.isEmpty();
    }

    /** The kernels for this machine, on arrays of single precision. */
    public static Compute create() {
        return of(DataType.FLOAT);
    }

    /**
     * The kernels for this machine.
     *
     * @param type FLOAT; DOUBLE serves to check gradients against finite differences
     */
    public static Compute of(DataType type) {
        return type == DataType.FLOAT && CPU_KERNELS ? new Compute(CpuKernels::new, new BufferPool(type)) : portable(type);
    }

    /** The kernels that run on any machine: ND4J's operations alone. */
    public static Compute portable(DataType type) {
        return new Compute(() -> new Nd4jKernels(type), new BufferPool(type));
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
