package io.ugatit.train;

import java.io.Serializable;

/**
 * What decides a step besides the images.
 *
 * @param weights of the losses
 * @param learningRate of every step
 * @param weightDecay Adam's L2 weight decay, not negative
 */
public record TrainingSchedule(LossWeights weights, LearningRate learningRate, double weightDecay) implements Serializable { }
