package io.ugatit.tensor.cpu.convolution;

import io.ugatit.tensor.FloatMemory;
import java.nio.FloatBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The weights of a convolution as a Java array (O,C,k,k).
 *
 * @param outputs O
 * @param inputs C
 * @param kernel k
 * @param values row by row
 */
record Weights(int outputs, int inputs, int kernel, float[] values) {

    /** A copy. */
    static Weights read(INDArray weights) {
        float[] values = new float[Math.toIntExact(weights.length())];
        floats(weights).get(values);
        return new Weights((int) weights.size(0), (int) weights.size(1), (int) weights.size(2), values);
    }

    /** Inputs and outputs exchanged, and every kernel turned by half a turn: the weights of the transposed convolution. */
    Weights turned() {
        float[] turned = new float[values.length];
        int area = kernel * kernel;
        for (int output = 0; output < outputs; output++) {
            for (int input = 0; input < inputs; input++) {
                int from = (output * inputs + input) * area;
                int to = (input * outputs + output) * area;
                for (int k = 0; k < area; k++) {
                    turned[to + area - 1 - k] = values[from + k];
                }
            }
        }
        return new Weights(inputs, outputs, kernel, turned);
    }

    /** With more outputs and inputs, whose weights are zero, or with the first ones only. */
    Weights resized(int newOutputs, int newInputs) {
        int area = kernel * kernel;
        float[] copied = new float[newOutputs * newInputs * area];
        for (int output = 0; output < Math.min(outputs, newOutputs); output++) {
            System.arraycopy(values, output * inputs * area, copied, output * newInputs * area, Math.min(inputs, newInputs) * area);
        }
        return new Weights(newOutputs, newInputs, kernel, copied);
    }

    /** Overwrites an array of this shape. */
    void write(INDArray to) {
        floats(to).put(values);
    }

    /** Adds to an array of this shape. */
    void addTo(INDArray sum) {
        FloatBuffer sums = floats(sum);
        for (int i = 0; i < values.length; i++) {
            sums.put(i, sums.get(i) + values[i]);
        }
    }

    private static FloatBuffer floats(INDArray weights) {
        return new FloatMemory("weights", weights).bytes().asFloatBuffer();
    }
}
