package io.ugatit.retrain;

import io.ugatit.job.InvalidRequestException;
import picocli.CommandLine.Option;

/**
 * Options of {@link RetrainJob}.
 *
 * <p>The file holds one JSON object, of which only {@code input} and {@code workspace} must be given:
 *
 * <pre>{"input": "hdfs:/photos", "workspace": "hdfs:/nightly", "size": 256, "extractor": "random-conv", "tolerance": 0.05,
 *  "train": {"steps": 20000, "workers": 4, "augment": true}}</pre>
 *
 * <p>{@code input} is what {@code prep --input} takes, with test images of both domains; {@code train} holds options of the train command
 * without the hyphens in front, except data, run, size and resume; {@code tolerance} is the share of the promoted run's mean KID, 0 to 1, by
 * which a new run may be worse and still be promoted.
 *
 * @param conf the JSON file
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
