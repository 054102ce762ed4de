package io.ugatit.train;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ugatit.model.NetworkOptions;
import java.math.BigDecimal;
import java.math.MathContext;
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

    /** One line of JSON, with what was measured. @param options what was asked for */
    public String toJson(BenchOptions options) {
        NetworkOptions network = options.network().orElse(NetworkOptions.DEFAULT);
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        line.put("size", network.size()).put("ch", network.ch()).put("light", network.light()).put("batch", options.batch());
        line.put("threads", options.threads()).put("step_s", stepSeconds);
        line.put("generator_forward_s", generatorForwardSeconds).put("peak_rss_mb", peakRssMegabytes);
        line.put("kernels", kernels);
        line.put("step_gflops", rounded(stepGigaflops())).put("forward_gflops", rounded(forwardGigaflops()));
        peakGigaflops().ifPresent(peak -> line.put("peak_gflops", rounded(peak))
                .put("step_of_peak", rounded(stepGigaflops() / peak)).put("forward_of_peak", rounded(forwardGigaflops() / peak)));
        return line.toString();
    }

    /** To three digits. */
    private static double rounded(double value) {
        return new BigDecimal(value).round(new MathContext(3)).doubleValue();
    }
}
