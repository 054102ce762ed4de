package io.ugatit.retrain;

import io.ugatit.job.InvalidRequestException;
import picocli.CommandLine.Option;

/**
 * Options of {@link HistoryJob}.
 *
 * @param workspace the workspace of {@code retrain}, a Hadoop path
 * @param output the page with pictures that is written, a Hadoop path; null for none
 * @param json whether everything is printed as one line of JSON at the end
 */
public record HistoryOptions(
        @Option(names = "--workspace", required = true, paramLabel = "DIR", description = "workspace of retrain") String workspace,
        @Option(names = "--output", paramLabel = "FILE",
                description = "HTML page that is written or replaced: all nights and cycles, and the samples of new and promoted models"
                        + " side by side; none unless given") String output,
        @Option(names = "--json", description = "print everything as one line of JSON, last (default: false)") boolean json) {

    /** @throws InvalidRequestException if there is no workspace, or the page's name is empty */
    public HistoryOptions {
        if (workspace == null || workspace.isBlank()) {
            throw new InvalidRequestException("--workspace is missing: must be a workspace of retrain");
        }
        if (output != null && output.isBlank()) {
            throw new InvalidRequestException("--output is empty: must be a file");
        }
    }
}
