package io.ugatit.demo;

import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.Range;
import io.ugatit.tensor.choice.KernelOptions;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Options of {@link DemoJob}.
 *
 * @param output local folder for everything that the demo makes
 * @param steps of each of the two workers, 1 to 1000000
 * @param kernels to compute with; null becomes the fastest
 */
public record DemoOptions(
        @Option(names = "--output", paramLabel = "DIR", defaultValue = "ugatit-demo",
                description = "local folder for everything that the demo makes (default: ${DEFAULT-VALUE})") String output,
        @Option(names = "--steps", paramLabel = "N", defaultValue = "1800",
                description = "steps of each of the two workers, 1 to 1000000 (default: ${DEFAULT-VALUE})") int steps,
        @Mixin KernelOptions kernels) {

    /** @throws InvalidRequestException if the folder is not one of this machine, or the number of steps is out of its range */
    public DemoOptions {
        if (output == null || output.isBlank()) {
            throw new InvalidRequestException("--output is empty: must be a folder");
        }
        if (output.matches("[A-Za-z][A-Za-z0-9+.-]*:/.*")) {
            throw new InvalidRequestException("--output is " + output + ": must be a folder of this machine, without a scheme");
        }
        Range.require("--steps", steps, 1, 1_000_000);
        kernels = kernels == null ? KernelOptions.DEFAULT : kernels;
    }
}
