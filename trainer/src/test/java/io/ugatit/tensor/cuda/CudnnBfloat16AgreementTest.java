package io.ugatit.tensor.cuda;

import io.ugatit.tensor.ConvolutionAgreement;

/** Convolutions whose factors and results are rounded to 8 bits of mantissa. */
class CudnnBfloat16AgreementTest extends ConvolutionAgreement {
    CudnnBfloat16AgreementTest() {
        super(StandInCudnn.compute(Precision.BF16), 1e-2);
    }
}
