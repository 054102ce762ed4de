package io.ugatit.train;

import io.ugatit.job.Range;
import io.ugatit.model.NetworkChoice;
import io.ugatit.model.NetworkOptions;
import io.ugatit.tensor.choice.KernelOptions;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Options of {@link BenchJob}.
 *
 * @param network sizes of the networks
 * @param threads that compute, 1 to 1024
 * @param steps that are timed, after 15 s of warm-up, 1 to 10000
 * @param batch images of each domain in a step, 1 to 1024
 * @param weights of the losses
 * @param kernels to compute with; null becomes the fastest
 */
public record BenchOptions(
        @Mixin NetworkChoice network,
        @Option(names = "--threads", paramLabel = "N", defaultValue = "2",
                description = "threads that compute, 1 to 1024 (default: ${DEFAULT-VALUE})") int threads,
        @Option(names = "--steps", paramLabel = "N", defaultValue = "5",
                description = "steps that are timed, after 15 s of warm-up, 1 to 10000 (default: ${DEFAULT-VALUE})") int steps,
        @Option(names = "--batch", paramLabel = "N", defaultValue = "1",
                description = "images of each domain in a step, 1 to 1024 (default: ${DEFAULT-VALUE})") int batch,
        @Mixin LossWeights weights,
        @Mixin KernelOptions kernels) {

    /** @throws io.ugatit.job.InvalidRequestException if a value is out of its range, or the kernels do not reach */
    public BenchOptions {
        Range.require("--threads", threads, 1, 1024);
        Range.require("--steps", steps, 1, 10_000);
        Range.require("--batch", batch, 1, 1024);
        NetworkOptions sizes = network.orElse(NetworkOptions.DEFAULT);
        weights = weights == null ? LossWeights.AUTHORS : weights;
        kernels = kernels == null ? KernelOptions.DEFAULT : kernels;
        kernels.requireReach(sizes.largestMapBytes(batch));
    }
}
