package io.ugatit.report;

import io.ugatit.job.InvalidRequestException;
import picocli.CommandLine.Option;

/**
 * What {@link ReportJob} is asked for.
 *
 * @param run the run folder, a Hadoop path; the report is written to {@code report.html} inside it
 */
public record ReportOptions(
        @Option(names = "--run", required = true, paramLabel = "RUN",
                description = "folder of the run; its report.html is written or replaced")
        String run) {

    /** @throws InvalidRequestException if {@code run} is missing or blank */
    public ReportOptions {
        if (run == null || run.isBlank()) {
            throw new InvalidRequestException("--run is empty; it must name a run folder");
        }
    }
}
