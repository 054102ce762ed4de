package io.ugatit.tensor;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a network computes with. One thread uses it at a time; every worker has its own.
 *
 * @param kernels the implementation of the numeric kernels
 * @param pool where activations and gradients are taken from
 */
public record Compute(Kernels kernels, BufferPool pool) {
    private static final Logger LOG = LoggerFactory.getLogger(Compute.class);
    private static final boolean CPU_KERNELS = cpuKernels();

    private static boolean cpuKernels() {
        boolean onCpu = Nd4j.getBackend().getClass().getName().contains("cpu");
        boolean vectors = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
        if (onCpu && !vectors) {
            LOG.warn("This JVM lacks Java's Vector API: a training step takes about twice as long. Start it with "
                    + "--add-modules=jdk.incubator.vector");
        }
        return onCpu && vectors;
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
        return type == DataType.FLOAT && CPU_KERNELS ? new Compute(new CpuKernels(), new BufferPool(type)) : portable(type);
    }

    /** The kernels that run on any machine: ND4J's operations alone. */
    public static Compute portable(DataType type) {
        return new Compute(new Nd4jKernels(type), new BufferPool(type));
    }
}
