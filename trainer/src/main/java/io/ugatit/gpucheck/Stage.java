package io.ugatit.gpucheck;

import java.util.Locale;

/** The parts of the check, in their order. */
public enum Stage {
    /** Driver, GPU and libraries that are found. */
    DEVICES(1),
    /** Every operation of the kernels against ND4J's in double precision, with cuDNN if it is here and without. */
    CONTRACT(6),
    /** How fast the convolutions of the authors' networks are. */
    SHAPES(3),
    /** Ten steps of a training against PyTorch's losses. */
    STEPS(2),
    /** A training that is killed and goes on. */
    RESUME(4),
    /** Seconds a step and images a second. */
    TIMES(8);

    private final int weight;

    Stage(int weight) {
        this.weight = weight;
    }

    /** Its share of the time beside others'. */
    int weight() {
        return weight;
    }

    /** As users write it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
