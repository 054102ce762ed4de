package io.ugatit.tensor;

import java.nio.FloatBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The planes of a FLOAT array (N,C,H,W), copied into the heap and back one by one. Different planes may be used by different threads.
 *
 * @param buffer the array's memory
 * @param shape where things are in a plane
 */
record Planes(FloatBuffer buffer, PlaneShape shape) {

    /** @param padding border of the array, pixels */
    static Planes of(INDArray array, int padding) {
        return new Planes(new FloatMemory("array", array).slice(0, Math.toIntExact(array.length())).asFloatBuffer(),
                PlaneShape.of(array, padding));
    }

    /** A copy of a plane, with its border. */
    float[] read(int plane) {
        float[] values = new float[shape.length()];
        buffer.get(plane * shape.length(), values);
        return values;
    }

    /** Overwrites a plane, border included. */
    void write(int plane, float[] values) {
        buffer.put(plane * shape.length(), values);
    }
}
