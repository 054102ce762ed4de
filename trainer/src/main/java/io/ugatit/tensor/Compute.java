package io.ugatit.tensor;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What a network computes with. One thread uses it at a time; every worker has its own.
 *
 * @param kernels the implementation of the numeric kernels
 * @param pool where activations and gradients are taken from
 */
public record Compute(Kernels kernels, BufferPool pool) {
    private static final boolean ON_CPU = Nd4j.getBackend().getClass().getName().contains("cpu");
    /** Java's Vector API is a module that the JVM must be told of: {@code --add-modules jdk.incubator.vector}. */
    private static final boolean VECTORS = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();

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
        boolean cpu = type == DataType.FLOAT && ON_CPU && VECTORS;
        return new Compute(cpu ? new CpuKernels() : new Nd4jKernels(type), new BufferPool(type));
    }
}
