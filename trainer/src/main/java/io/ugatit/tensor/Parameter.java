package io.ugatit.tensor;

import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A parameter tensor and where its gradient is summed. Both are views of the network's flat vectors,
 * with their elements one after the other.
 *
 * @param value the parameter
 * @param gradient same shape; backward passes add to it. Null in a network that is not trained
 */
public record Parameter(INDArray value, INDArray gradient) {

    /** The parameter as a Java array, row by row. */
    public double[] toArray() {
        // element by element: every array that ND4J makes on the way costs a dozen objects and a native one
        DataBuffer memory = value.data();
        double[] values = new double[Math.toIntExact(value.length())];
        for (int i = 0; i < values.length; i++) {
            values[i] = memory.getDouble(i);
        }
        return values;
    }

    /** Adds to the gradient; {@code values} has the parameter's length. */
    public void addGradient(INDArray values) {
        gradient.addi(values.reshape(gradient.shape()));
    }

    /** Adds to the gradient, row by row. */
    public void addGradient(double[] values) {
        DataBuffer memory = gradient.data();
        for (int i = 0; i < values.length; i++) {
            memory.put(i, memory.getDouble(i) + values[i]);
        }
    }

    /** A new array of another's type with these values, one dimension. */
    public static INDArray array(double[] values, INDArray like) {
        return Nd4j.createFromArray(values).castTo(like.dataType());
    }
}
