package io.ugatit.tensor.cuda;

import io.ugatit.tensor.ConvolutionAgreement;

/** cuDNN's convolutions, on the stand-ins for the driver and for cuDNN. */
class CudnnAgreementTest extends ConvolutionAgreement {
    CudnnAgreementTest() {
        super(StandInCudnn.compute(Precision.FP32), 2e-5);
    }
}
