package io.ugatit.tensor.choice;

import io.ugatit.job.InvalidRequestException;
import io.ugatit.tensor.FloatMemory;
import io.ugatit.tensor.cuda.Precision;
import java.io.Serializable;
import java.util.List;
import picocli.CommandLine.Option;

/**
 * What to compute with.
 *
 * @param kernels which implementation; null becomes {@link KernelKind#AUTO}
 * @param precision of the convolutions on a GPU; null becomes {@link Precision#FP32}
 */
public record KernelOptions(
        @Option(names = "--kernels", paramLabel = "auto|cpu|cuda|nd4j", defaultValue = "auto",
                description = "what to compute with; auto takes a GPU if there is one (default: ${DEFAULT-VALUE})") KernelKind kernels,
        @Option(names = "--precision", paramLabel = "fp32|tf32|bf16", defaultValue = "fp32",
                description = "of the convolutions on a GPU; tf32 is several times as fast, from compute capability 8.0; bf16 is faster"
                        + " and coarser, there and with cuDNN 9 (default: ${DEFAULT-VALUE})") Precision precision) implements Serializable {

    /** Whatever is the fastest here, in single precision. */
    public static final KernelOptions DEFAULT = new KernelOptions(KernelKind.AUTO, Precision.FP32);

    /** @throws InvalidRequestException if the two do not go together */
    public KernelOptions {
        kernels = kernels == null ? KernelKind.AUTO : kernels;
        precision = precision == null ? Precision.FP32 : precision;
        if (precision != Precision.FP32 && (kernels == KernelKind.CPU || kernels == KernelKind.ND4J)) {
            throw new InvalidRequestException("--precision is " + precision + ", which only --kernels cuda computes in: --kernels is "
                    + kernels + ", so leave --precision out");
        }
    }

    /**
     * Makes sure that the kernels reach all of a feature map, wherever they compute.
     *
     * @param mapBytes of the largest
     * @throws InvalidRequestException with one line that says what would be right
     */
    public void requireReach(long mapBytes) {
        if (kernels == KernelKind.CPU && mapBytes > FloatMemory.MOST_BYTES) {
            throw new InvalidRequestException(KernelChoice.beyondReach(mapBytes));
        }
    }

    /**
     * Makes sure that this JVM can compute so; for jobs whose workers are threads of it.
     *
     * @throws InvalidRequestException with one line that says what is here and what to do
     */
    public void requireHere() {
        KernelChoice.problem(this, List.of()).ifPresent(problem -> {
            throw new InvalidRequestException(problem);
        });
    }
}
