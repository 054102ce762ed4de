package io.ugatit.train;

import java.io.Serializable;

/**
 * The learning rate, a pure function of the step: constant for the first half of the steps, then linear to zero, as the authors'. Theirs is
 * below zero in the last of an odd number of steps.
 *
 * @param initial the rate of the first half, positive
 * @param steps all steps of the training, at least 1
 */
public record LearningRate(double initial, long steps) implements Serializable {

    /** The rate of a step, which counts from 1: zero in the last step and after it, unless there is only one. */
    public double at(long step) {
        long half = steps / 2;
        return step <= half || half == 0 ? initial : initial * Math.max(0, steps - step) / (steps - half);
    }
}
