package io.ugatit.evaluate;

import java.io.Serializable;

/**
 * What a task says of one test image.
 *
 * @param real features of the image
 * @param translated features of its translation
 * @param cycleL1 mean absolute difference to its translation's translation back
 * @param identityL1 mean absolute difference to what the generator of its own domain makes of it
 */
record Measured(float[] real, float[] translated, double cycleL1, double identityL1) implements Serializable { }
