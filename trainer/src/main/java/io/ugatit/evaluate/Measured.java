package io.ugatit.evaluate;

import java.io.Serializable;

/**
 * What a task says of one test image.
 *
 * @param real features of the image; null if they were known before
 * @param translated features of its translation
 * @param cycleL1 mean absolute difference to its translation's translation back
 * @param identityL1 mean absolute difference to what the generator of its own domain makes of it
 * @param translation how much its translation is like its partner in the other domain; null if it has none
 * @param source how much it is like that partner itself; null likewise
 */
record Measured(float[] real, float[] translated, double cycleL1, double identityL1, Likeness translation, Likeness source)
        implements Serializable { }
