package io.ugatit.train;

import java.io.Serializable;

/**
 * What decides a step besides the images.
 *
 * @param weights of the losses
 * @param learningRate of every step
 * @param weightDecay Adam's L2 weight decay, not negative
 * @param momentsPeriod steps after which Adam's moments begin at zero again; 0 if they never do
 * @param secondGoOn whether only the first moments begin again then
 * @param seed of what a step draws at random
 */
public record TrainingSchedule(LossWeights weights, LearningRate learningRate, double weightDecay, long momentsPeriod, boolean secondGoOn,
        long seed) implements Serializable {

    /** With moments that go on for ever. */
    public TrainingSchedule(LossWeights weights, LearningRate learningRate, double weightDecay) {
        this(weights, learningRate, weightDecay, 0, false, 0);
    }

    /** Whether Adam's moments are zero before a step, which counts from 1. */
    boolean resetsMoments(long step) {
        return momentsPeriod > 0 && (step - 1) % momentsPeriod == 0;
    }

    /** Whether the second ones are, too. */
    boolean resetsSecondMoments(long step) {
        return resetsMoments(step) && !secondGoOn;
    }

    /**
     * Steps, with this one, for which the bias of Adam's moments is corrected. First moments that begin again alone are taken for ones that
     * went on: their first steps are short, where those of single gradients in full length would be full of noise.
     */
    long stepsOfMoments(long step) {
        return momentsPeriod > 0 && !secondGoOn ? (step - 1) % momentsPeriod + 1 : step;
    }
}
