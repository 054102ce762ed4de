package io.ugatit.tensor.cuda;

import io.ugatit.tensor.KernelsAgreement;

/** The kernels on the stand-in for the driver: on its way through the driver's calls every kernel computes on the CPU. */
class CudaKernelsAgreementTest extends KernelsAgreement {
    CudaKernelsAgreementTest() {
        super(StandInDriver.compute(Precision.FP32), 2e-5);
    }
}
