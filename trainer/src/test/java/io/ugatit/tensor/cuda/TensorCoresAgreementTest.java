package io.ugatit.tensor.cuda;

import io.ugatit.tensor.ConvolutionAgreement;

/** Convolutions whose factors are rounded to 11 bits of mantissa. */
class TensorCoresAgreementTest extends ConvolutionAgreement {
    TensorCoresAgreementTest() {
        super(StandInDriver.compute(Precision.TF32), 2e-3);
    }
}
