package io.ugatit.train;

/**
 * What {@link BenchJob} measured.
 *
 * @param stepSeconds median time of a training step
 * @param generatorForwardSeconds median time of a translation of one batch
 * @param peakRssMegabytes most memory the process ever had resident, MiB
 * @param kernels which kernels computed
 */
public record BenchResult(double stepSeconds, double generatorForwardSeconds, long peakRssMegabytes, String kernels) { }
