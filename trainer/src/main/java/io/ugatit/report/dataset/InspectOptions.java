package io.ugatit.report.dataset;

import io.ugatit.job.InvalidRequestException;
import picocli.CommandLine.Option;

/**
 * What {@link InspectJob} is asked for.
 *
 * @param data the data set, a Hadoop path
 * @param output folder for the page and the contact sheet; null for none
 * @param json whether what is found is printed as one line of JSON at the end
 */
public record InspectOptions(
        @Option(names = "--data", required = true, paramLabel = "DATASET", description = "data set to look at")
        String data,
        @Option(names = "--output", paramLabel = "FOLDER",
                description = "folder whose dataset.html and contact-sheet.png are written or replaced; none unless given")
        String output,
        @Option(names = "--json", description = "print all figures as one line of JSON, last (default: false)")
        boolean json) {

    /** @throws InvalidRequestException if a path is missing or blank */
    public InspectOptions {
        if (data == null || data.isBlank()) {
            throw new InvalidRequestException("--data is missing: must be a data set");
        }
        if (output != null && output.isBlank()) {
            throw new InvalidRequestException("--output is empty: must be a folder");
        }
    }
}
