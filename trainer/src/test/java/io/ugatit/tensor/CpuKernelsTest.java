package io.ugatit.tensor;

import org.nd4j.linalg.api.buffer.DataType;

/** The CPU's kernels keep the contract. */
class CpuKernelsTest extends KernelsContract {
    CpuKernelsTest() {
        super(new CpuKernels(), DataType.FLOAT);
    }
}
