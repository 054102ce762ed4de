package io.ugatit.translate;

import io.ugatit.model.Network;

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

    /** The network that translates this way. */
    public Network generator() {
        return generator;
    }
}
