package io.ugatit.retrain;

import io.ugatit.job.InvalidRequestException;
import picocli.CommandLine.Option;

/**
 * Options of {@link RetrainJob}.
 *
 * @param conf the JSON file that {@link RetrainConf} describes
 */
public record RetrainOptions(
        @Option(names = "--conf", required = true, paramLabel = "FILE",
                description = "JSON file: input, workspace and, if wanted, size, train, extractor, tolerance") String conf) {

    /** @throws InvalidRequestException if there is no path */
    public RetrainOptions {
        if (conf == null || conf.isBlank()) {
            throw new InvalidRequestException("--conf is missing: must be a JSON file");
        }
    }
}
