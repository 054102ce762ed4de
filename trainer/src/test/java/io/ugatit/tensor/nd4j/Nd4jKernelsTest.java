package io.ugatit.tensor.nd4j;

import io.ugatit.tensor.Compute;
import io.ugatit.tensor.KernelsContract;
import io.ugatit.tensor.choice.KernelChoice;
import org.junit.jupiter.api.Nested;
import org.nd4j.linalg.api.buffer.DataType;

/** The portable kernels keep the contract in both precisions. */
class Nd4jKernelsTest {

    @Nested
    class SinglePrecision extends KernelsContract {
        SinglePrecision() {
            super(KernelChoice.portable(DataType.FLOAT));
        }
    }

    @Nested
    class DoublePrecision extends KernelsContract {
        DoublePrecision() {
            super(KernelChoice.portable(DataType.DOUBLE));
        }
    }
}
