package io.ugatit.tensor.cpu;

import io.ugatit.tensor.KernelsAgreement;
import io.ugatit.tensor.host.HostKernels;
import org.nd4j.linalg.api.buffer.DataType;

class CpuKernelsAgreementTest extends KernelsAgreement {
    CpuKernelsAgreementTest() {
        super(HostKernels.compute(CpuKernels::new, DataType.FLOAT), 2e-5);
    }
}
