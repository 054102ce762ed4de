package io.ugatit.translate;

import io.ugatit.translate.generator.GeneratorSource;
import java.io.Serializable;

/**
 * One generator over one input into one folder. A job of both directions or several checkpoints has several of these.
 *
 * @param direction which way
 * @param label what people know the generator by, such as {@code step 1000}
 * @param generator that translates
 * @param below where its translations go, relative to the output with {@code /} between names; empty for the output itself
 */
record Pass(Direction direction, String label, GeneratorSource generator, String below) implements Serializable {

    /** For progress lines and lists, such as {@code a2b, step 1000}. */
    String inWords() {
        return direction.word() + ", " + label;
    }
}
