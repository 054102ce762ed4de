package io.ugatit.tensor.cuda;

import io.ugatit.tensor.KernelsAgreement;

/** The kernels with cuDNN's convolutions, on the stand-ins for the driver and for cuDNN. */
class CudnnKernelsAgreementTest extends KernelsAgreement {
    CudnnKernelsAgreementTest() {
        super(StandInCudnn.compute(Precision.FP32), 2e-5);
    }
}
