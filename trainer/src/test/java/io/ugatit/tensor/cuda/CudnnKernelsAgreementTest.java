package io.ugatit.tensor.cuda;

import io.ugatit.tensor.Compute;
import io.ugatit.tensor.KernelsAgreement;
import org.junit.jupiter.api.AfterAll;

/** The kernels with cuDNN's convolutions, on the stand-ins for the driver and for cuDNN. */
class CudnnKernelsAgreementTest extends KernelsAgreement {
    CudnnKernelsAgreementTest() {
        super(compute(), 2e-5);
    }

    private static Compute compute() {
        StandInCudnn.use();
        return CudaKernels.compute(0, Precision.FP32);
    }

    @AfterAll
    static void switchOff() {
        StandInDriver.use();
    }
}
