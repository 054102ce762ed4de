package io.ugatit.evaluate;

import java.io.Serializable;

/**
 * What a task says of one test image.
 *
 * @param source path below its folder of the input
 * @param index among its domain's test images
 * @param real features of the image; null if they were known before
 * @param translated features of its translation
 * @param cycleL1 mean absolute difference to its translation's translation back
 * @param identityL1 mean absolute difference to what the generator of its own domain makes of it
 * @param translation how much its translation is like its partner in the other domain; null if it has none
 * @param untranslated how much the image itself is like that partner; null likewise, and in domain B, whose pairs are the same
 */
record Measured(String source, long index, float[] real, float[] translated, double cycleL1, double identityL1, Likeness translation,
        Likeness untranslated) implements Serializable { }
