package io.ugatit.soak;

import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.Range;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/**
 * Options of a {@link SoakRun}.
 *
 * @param folder for all that the soak leaves; must not be there
 * @param faults that are dealt while the training runs, at least 1
 * @param seed of kinds, targets, pauses and lengths
 * @param steps of the training; 0 for enough that it lasts
 * @param hold whether the training waits before its last tenth until all faults are dealt
 */
record SoakOptions(
        @Option(names = "--folder", required = true, paramLabel = "DIR",
                description = "folder to be made, for logs and all that the cluster keeps") String folder,
        @Option(names = "--faults", paramLabel = "N", defaultValue = "1000",
                description = "faults, 1 to 1000000 (default: ${DEFAULT-VALUE})") int faults,
        @Option(names = "--seed", paramLabel = "N", defaultValue = "1",
                description = "of kinds, targets, pauses and lengths of the faults (default: ${DEFAULT-VALUE})") long seed,
        @Option(names = "--steps", paramLabel = "N", defaultValue = "0",
                description = "of the training, up to 99999999; one that ends before all faults are dealt has been too short (default: 0,"
                        + " which is 20 a fault)") long steps,
        @Option(names = "--hold",
                description = "let the training wait before its last tenth until all faults are dealt") boolean hold) {
    private static final int STEPS_A_FAULT = 20;

    SoakOptions {
        Range.require("--faults", faults, 1, 1_000_000);
        Range.require("--steps", steps, 0, 99_999_999);
        if (steps == 0) {
            steps = Math.min(99_999_999L, (long) faults * STEPS_A_FAULT);
        }
        if (Files.exists(Path.of(folder))) {
            throw new InvalidRequestException("--folder is " + folder + ": exists already; give one that is to be made");
        }
    }
}
