package io.ugatit.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;

/** The CPU's kernels keep the contract; they work in single precision only. */
class CpuKernelsTest extends KernelsContract {

    CpuKernelsTest() {
        super(Compute.of(DataType.FLOAT));
    }

    @Test
    void areThoseThatAreTested() {
        assertThat(kernels.name()).startsWith("onednn");
        assertThat(kernels.lanes(64)).isIn(8, 16);
    }
}
