package io.ugatit.tensor.host;

import io.ugatit.tensor.Parameter;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Parameters and their gradients as Java arrays, row by row. */
final class HostParameters {
    private HostParameters() { }

    static INDArray value(Parameter parameter) {
        return HostTensor.array(parameter.value());
    }

    static INDArray gradient(Parameter parameter) {
        return HostTensor.array(parameter.gradient());
    }

    static double[] toArray(Parameter parameter) {
        // element by element: every array that ND4J makes on the way costs a dozen objects and a native one
        INDArray value = value(parameter);
        DataBuffer memory = value.data();
        double[] values = new double[Math.toIntExact(value.length())];
        for (int i = 0; i < values.length; i++) {
            values[i] = memory.getDouble(i);
        }
        return values;
    }

    /** Adds to the gradient; {@code values} has the parameter's length. */
    static void addGradient(Parameter parameter, INDArray values) {
        INDArray gradient = gradient(parameter);
        gradient.addi(values.reshape(gradient.shape()));
    }

    /** Adds to the gradient. */
    static void addGradient(Parameter parameter, double[] values) {
        DataBuffer memory = gradient(parameter).data();
        for (int i = 0; i < values.length; i++) {
            memory.put(i, memory.getDouble(i) + values[i]);
        }
    }

    /** A new array of another's type with these values, one dimension. */
    static INDArray array(double[] values, INDArray like) {
        return Nd4j.createFromArray(values).castTo(like.dataType());
    }
}
