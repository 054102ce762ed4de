package io.ugatit.retrain;

import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.Range;
import picocli.CommandLine.Option;

/**
 * Options of {@link PruneJob}.
 *
 * @param workspace the workspace of {@code retrain}, a Hadoop path
 * @param keep cycles, the newest, of which runs and data sets stay, from 1
 */
public record PruneOptions(
        @Option(names = "--workspace", required = true, paramLabel = "DIR", description = "workspace of retrain") String workspace,
        @Option(names = "--keep", required = true, paramLabel = "N",
                description = "cycles, the newest, of which runs and data sets stay, beside those of the promoted run, of the run it began"
                        + " with and of an unfinished cycle; from 1") int keep) {

    /** @throws InvalidRequestException if there is no workspace, or a number is out of its range */
    public PruneOptions {
        if (workspace == null || workspace.isBlank()) {
            throw new InvalidRequestException("--workspace is missing: must be a workspace of retrain");
        }
        Range.require("--keep", keep, 1, Integer.MAX_VALUE);
    }
}
