package io.ugatit.tensor;

import org.nd4j.linalg.api.buffer.DataType;

/**
 * What a network computes with. One thread uses it at a time; every worker has its own.
 *
 * @param kernels the implementation of the numeric kernels
 * @param pool where activations and gradients are taken from
 */
public record Compute(Kernels kernels, BufferPool pool) {

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
        return new Compute(new Nd4jKernels(type), new BufferPool(type));
    }
}
