package io.ugatit.retrain;

import io.ugatit.job.InvalidRequestException;
import picocli.CommandLine.Option;

/**
 * Options of {@link RollbackJob}.
 *
 * @param workspace the workspace of {@code retrain}, a Hadoop path
 * @param to name of the run that is to be promoted; null for the one that the promoted run began with
 */
public record RollbackOptions(
        @Option(names = "--workspace", required = true, paramLabel = "DIR", description = "workspace of retrain") String workspace,
        @Option(names = "--to", paramLabel = "NNNN",
                description = "name of the run to promote, as history lists it; the run that the promoted one began with unless given")
        String to) {

    /** @throws InvalidRequestException if there is no workspace, or a name is none */
    public RollbackOptions {
        if (workspace == null || workspace.isBlank()) {
            throw new InvalidRequestException("--workspace is missing: must be a workspace of retrain");
        }
        if (to != null && !to.matches("\\d{4,9}")) {
            throw new InvalidRequestException("--to is '" + to + "': must be the name of a run, such as 0003");
        }
    }
}
