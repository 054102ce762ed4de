package io.ugatit.retrain;

import io.ugatit.job.InvalidRequestException;
import picocli.CommandLine.Option;

/**
 * Options of {@link HistoryJob}.
 *
 * @param workspace the workspace of {@code retrain}, a Hadoop path
 * @param json whether everything is printed as one line of JSON at the end
 */
public record HistoryOptions(
        @Option(names = "--workspace", required = true, paramLabel = "DIR", description = "workspace of retrain") String workspace,
        @Option(names = "--json", description = "print everything as one line of JSON, last (default: false)") boolean json) {

    /** @throws InvalidRequestException if there is no workspace */
    public HistoryOptions {
        if (workspace == null || workspace.isBlank()) {
            throw new InvalidRequestException("--workspace is missing: must be a workspace of retrain");
        }
    }
}
