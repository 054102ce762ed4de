package io.ugatit.train;

import java.util.OptionalDouble;

/**
 * What {@link BenchJob} measured.
 *
 * @param stepSeconds median time of a training step
 * @param generatorForwardSeconds median time of a translation of one batch
 * @param peakRssMegabytes most memory the process ever had resident, MiB
 * @param kernels which kernels computed
 * @param stepOperations multiplications and additions that a step's convolutions take if computed directly
 * @param forwardOperations the same of a translation
 * @param peakOperations multiplications and additions per second that the threads can do at most; empty unless a CPU with vectors computed
 */
public record BenchResult(double stepSeconds, double generatorForwardSeconds, long peakRssMegabytes, String kernels, long stepOperations,
        long forwardOperations, OptionalDouble peakOperations) {
    private static final double GIGA = 1e9;

    /** Billions of operations of direct convolution per second of a step. */
    public double stepGigaflops() {
        return stepOperations / stepSeconds / GIGA;
    }

    /** Billions of operations of direct convolution per second of a translation. */
    public double forwardGigaflops() {
        return forwardOperations / generatorForwardSeconds / GIGA;
    }

    /** Billions of operations per second that the machine can do at most. */
    public OptionalDouble peakGigaflops() {
        return peakOperations.isEmpty() ? peakOperations : OptionalDouble.of(peakOperations.getAsDouble() / GIGA);
    }
}
