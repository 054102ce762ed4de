package io.ugatit.nn;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A parameter tensor and where its gradient is summed. Both are views of the network's flat vectors.
 *
 * @param value the parameter
 * @param gradient same shape; backward passes add to it. Null in a network that is not trained
 */
public record Parameter(INDArray value, INDArray gradient) {

    /** The parameter as a Java array, row by row. */
    double[] toArray() {
        return value.reshape(value.length()).toDoubleVector();
    }

    /** Adds to the gradient; {@code values} has the parameter's length. */
    void addGradient(INDArray values) {
        gradient.addi(values.reshape(gradient.shape()));
    }

    /** Adds to the gradient, row by row. */
    void addGradient(double[] values) {
        addGradient(array(values, value));
    }

    /** A new array of another's type with these values, one dimension. */
    static INDArray array(double[] values, INDArray like) {
        return Nd4j.createFromArray(values).castTo(like.dataType());
    }
}
