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
 */
record SoakOptions(
        @Option(names = "--folder", required = true, paramLabel = "DIR",
                description = "folder to be made, for logs and all that the cluster keeps") String folder,
        @Option(names = "--faults", paramLabel = "N", defaultValue = "1000",
                description = "faults, 1 to 1000000 (default: ${DEFAULT-VALUE})") int faults,
        @Option(names = "--seed", paramLabel = "N", defaultValue = "1",
                description = "of kinds, targets, pauses and lengths of the faults (default: ${DEFAULT-VALUE})") long seed) {
    SoakOptions {
        Range.require("--faults", faults, 1, 1_000_000);
        if (Files.exists(Path.of(folder))) {
            throw new InvalidRequestException("--folder is " + folder + ": exists already; give one that is to be made");
        }
    }
}
