package io.ugatit.tensor.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.ugatit.tensor.Compute;
import io.ugatit.tensor.KernelsContract;
import io.ugatit.tensor.choice.KernelChoice;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;

/** The CPU's kernels keep the contract; they work in single precision only. */
class CpuKernelsTest extends KernelsContract {

    CpuKernelsTest() {
        super(KernelChoice.fastest(DataType.FLOAT));
    }

    @Test
    void areThoseThatAreTested() {
        assertThat(kernels.name()).startsWith("onednn");
        assertThat(kernels.lanes(64)).isIn(8, 16);
    }
}
