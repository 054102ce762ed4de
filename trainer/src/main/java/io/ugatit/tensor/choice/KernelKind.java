package io.ugatit.tensor.choice;

import java.util.Locale;

/** The implementations of the numeric kernels that a user can ask for. */
public enum KernelKind {
    /** On a GPU if Spark has assigned one or the machine has one, otherwise the fastest for the CPU. */
    AUTO,
    /** oneDNN and vectors, on the CPU. */
    CPU,
    /** This project's own on an NVIDIA GPU. */
    CUDA,
    /** ND4J's operations, on whatever its backend computes on. */
    ND4J;

    /** As the command line names it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
