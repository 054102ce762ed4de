package io.ugatit.model;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.LongStream;

/**
 * Name, shape and initial values of one parameter tensor.
 *
 * @param key the authors' state_dict key, without the network
 * @param shape its dimensions
 * @param initial how it starts
 */
record ParameterSpec(String key, long[] shape, Initial initial) {

    /** How a parameter starts. */
    sealed interface Initial { }

    /** Uniform in +-1/sqrt(fanIn), PyTorch's default of convolutions and linear layers. */
    record FanIn(long fanIn) implements Initial { }

    /** One value everywhere. */
    record Constant(float value) implements Initial { }

    /** A normally distributed direction of length one: a power-iteration vector, which is state and not trained. */
    record Direction() implements Initial { }

    /** Number of elements. */
    long length() {
        return LongStream.of(shape).reduce(1, Math::multiplyExact);
    }

    /** Whether it has a gradient. */
    boolean trainable() {
        return !(initial instanceof Direction);
    }

    /** Fills a part of the tensor with initial values, in order; a {@link Direction} must be filled at once. */
    void fill(float[] part, int length, SplittableRandom random) {
        if (initial instanceof FanIn fanIn) {
            double bound = 1 / Math.sqrt(fanIn.fanIn());
            for (int i = 0; i < length; i++) {
                part[i] = (float) (bound * (2 * random.nextDouble() - 1));
            }
        } else if (initial instanceof Constant constant) {
            Arrays.fill(part, 0, length, constant.value());
        } else {
            fillDirection(part, length, random);
        }
    }

    private static void fillDirection(float[] part, int length, SplittableRandom random) {
        double[] values = new double[length];
        double squares = 0;
        for (int i = 0; i < length; i++) {
            // Box and Muller; 1 - nextDouble() is never zero
            values[i] = Math.sqrt(-2 * Math.log(1 - random.nextDouble())) * Math.cos(2 * Math.PI * random.nextDouble());
            squares += values[i] * values[i];
        }
        for (int i = 0; i < length; i++) {
            part[i] = (float) (values[i] / Math.sqrt(squares));
        }
    }
}
