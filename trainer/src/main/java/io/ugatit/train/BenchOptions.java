package io.ugatit.train;

import io.ugatit.job.InvalidRequestException;
import io.ugatit.model.NetworkChoice;
import io.ugatit.model.NetworkOptions;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Options of {@link BenchJob}.
 *
 * @param network sizes of the networks
 * @param threads that compute, 1 to 1024
 * @param steps that are timed, after 15 s of warm-up, 1 to 10000
 * @param batch images of each domain in a step, 1 to 1024
 */
public record BenchOptions(
        @Mixin NetworkChoice network,
        @Option(names = "--threads", paramLabel = "N", defaultValue = "2",
                description = "threads that compute (default: ${DEFAULT-VALUE})") int threads,
        @Option(names = "--steps", paramLabel = "N", defaultValue = "5",
                description = "steps that are timed, after 15 s of warm-up (default: ${DEFAULT-VALUE})") int steps,
        @Option(names = "--batch", paramLabel = "N", defaultValue = "1",
                description = "images of each domain in a step (default: ${DEFAULT-VALUE})") int batch) {

    /** @throws InvalidRequestException if a value is out of its range */
    public BenchOptions {
        require("--threads", threads, 1024);
        require("--steps", steps, 10_000);
        require("--batch", batch, 1024);
        network.orElse(NetworkOptions.DEFAULT);
    }

    private static void require(String option, int value, int max) {
        if (value < 1 || value > max) {
            throw new InvalidRequestException(option + " is " + value + ": must be from 1 to " + max);
        }
    }
}
