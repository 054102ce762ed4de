package io.ugatit.tensor.cuda;

import io.ugatit.tensor.Compute;
import io.ugatit.tensor.KernelsAgreement;

/** The kernels on the stand-in for the driver: on its way through the driver's calls every kernel computes on the CPU. */
class CudaKernelsAgreementTest extends KernelsAgreement {
    CudaKernelsAgreementTest() {
        super(compute(), 2e-5);
    }

    private static Compute compute() {
        StandInDriver.use();
        return CudaKernels.compute(0, Precision.FP32);
    }
}
