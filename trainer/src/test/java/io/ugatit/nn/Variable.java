package io.ugatit.nn;

import io.ugatit.tensor.Parameter;
import io.ugatit.tensor.Tensor;
import io.ugatit.tensor.host.HostTensor;
import org.nd4j.linalg.api.ndarray.INDArray;

/** An input or a parameter on the host, with its gradient. */
record Variable(INDArray value, INDArray gradient) {

    Parameter parameter() {
        return new Parameter(tensor(), gradient == null ? null : new HostTensor(gradient));
    }

    Tensor tensor() {
        return new HostTensor(value);
    }

    void addGradient(INDArray values) {
        gradient.addi(values.reshape(gradient.shape()));
    }
}
