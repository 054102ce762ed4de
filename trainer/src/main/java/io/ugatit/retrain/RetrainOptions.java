package io.ugatit.retrain;

import io.ugatit.job.InvalidRequestException;
import picocli.CommandLine.Option;

/**
 * Options of {@link RetrainJob}.
 *
 * <p>The file holds one JSON object, of which only {@code input} and {@code workspace} must be given:
 *
 * <pre>{"input": "hdfs:/photos", "workspace": "hdfs:/nightly", "size": 256, "train": {"steps": 20000, "workers": 4, "augment": true},
 *  "extractor": "random-conv", "tolerance": 0.05, "min-test-images": 50, "keep": 7}</pre>
 *
 * <ul>
 * <li>{@code input}: what {@code prep --input} takes, with test images of both domains.
 * <li>{@code workspace}: the folder of data sets, runs and records.
 * <li>{@code size}: side of the images in pixels, 256 unless given.
 * <li>{@code train}: options of the train command without the hyphens in front, except data, run, size and resume. Without {@code seed} a
 *     cycle's number is its seed.
 * <li>{@code extractor}: what {@code evaluate --extractor} takes, random-conv unless given.
 * <li>{@code tolerance}: share of the promoted run's mean KID, 0 to 1, by which a new run may be worse and still be promoted; 0.05 unless
 *     given.
 * <li>{@code min-test-images}: how many each domain must have at least, 2 or more, 50 unless given: a verdict on fewer is mostly chance.
 * <li>{@code keep}: of so many cycles, the newest, runs and data sets stay, at least 1, 7 unless given. Beside them stay those of the
 *     promoted run, of the run it began with, and of an unfinished cycle. The records of all cycles stay: they are small.
 * </ul>
 *
 * @param conf the JSON file
 */
public record RetrainOptions(
        @Option(names = "--conf", required = true, paramLabel = "FILE",
                description = "JSON file: input, workspace and, if wanted, size, train, extractor, tolerance,"
                        + " min-test-images, keep") String conf) {

    /** @throws InvalidRequestException if there is no path */
    public RetrainOptions {
        if (conf == null || conf.isBlank()) {
            throw new InvalidRequestException("--conf is missing: must be a JSON file");
        }
    }
}
