package io.ugatit.translate;

import io.ugatit.model.Network;
import java.util.Locale;

/** Which way images are translated. */
public enum Direction {
    /** From domain A to domain B. */
    A2B(Network.GEN_A2B),
    /** From domain B to domain A. */
    B2A(Network.GEN_B2A);

    private final Network generator;

    Direction(Network generator) {
        this.generator = generator;
    }

    /** As in options, file names and records: {@code a2b} or {@code b2a}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** As people read it: {@code A to B} or {@code B to A}. */
    public String inWords() {
        return this == A2B ? "A to B" : "B to A";
    }

    /** The network that translates this way. */
    public Network generator() {
        return generator;
    }
}
