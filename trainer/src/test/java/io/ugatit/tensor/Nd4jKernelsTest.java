package io.ugatit.tensor;

import org.junit.jupiter.api.Nested;
import org.nd4j.linalg.api.buffer.DataType;

/** The portable kernels keep the contract in both precisions. */
class Nd4jKernelsTest {

    @Nested
    class SinglePrecision extends KernelsContract {
        SinglePrecision() {
            super(Compute.portable(DataType.FLOAT));
        }
    }

    @Nested
    class DoublePrecision extends KernelsContract {
        DoublePrecision() {
            super(Compute.portable(DataType.DOUBLE));
        }
    }
}
