package io.ugatit.retrain;

import io.ugatit.checkpoint.CheckpointChoice;
import io.ugatit.job.InvalidRequestException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Options of {@link RetrainJob}.
 *
 * <p>The file holds one JSON object, of which only {@code input} and {@code workspace} must be given:
 *
 * <pre>{"input": "hdfs:/photos", "workspace": "hdfs:/nightly", "size": 256, "train": {"steps": 20000, "workers": 4, "augment": true},
 *  "extractor": "inception", "tolerance": 0.05, "min-test-images": 50, "keep": 7}</pre>
 *
 * <p>{@link #KEYS} says what each key means.
 *
 * @param conf the JSON file
 * @param checkpoint of the promoted run, that a new run starts from: {@code latest}, {@code best} or a step; null becomes {@code latest}
 * @param await whether to wait for another job that uses the workspace, instead of being refused
 * @param statusWhenKept with what status the program ends if the new run was not promoted; null becomes 0
 * @param told who is told what the night came to; null becomes nobody
 */
public record RetrainOptions(
        @Option(names = "--conf", required = true, paramLabel = "FILE",
                description = "JSON file: input, workspace and, if wanted, size, train, extractor, tolerance,"
                        + " min-test-images, keep") String conf,
        @Option(names = "--checkpoint", paramLabel = "latest|best|STEP", defaultValue = "latest",
                description = "which checkpoint of the promoted run a new run starts from: the newest whole one, the best by train's"
                        + " evaluate-every, or that of a step (default: ${DEFAULT-VALUE})") String checkpoint,
        @Option(names = "--wait", description = "wait for another job that uses the workspace, instead of being refused") boolean await,
        @Option(names = "--status-when-kept", paramLabel = "N", defaultValue = "0",
                description = "exit status if a new run was trained and not promoted: 0, or 3 to 255 (default: ${DEFAULT-VALUE})")
        Integer statusWhenKept,
        @Mixin NotifyOptions told) {

    private static final int LEAST_STATUS = 3;
    private static final int MOST_STATUS = 255;

    /** The file's keys in the order of the documentation, each with what it means, its range and what holds unless it is given. */
    public static final Map<String, String> KEYS = keys();

    /** @throws InvalidRequestException if there is no path, or no such choice of a checkpoint */
    public RetrainOptions {
        if (conf == null || conf.isBlank()) {
            throw new InvalidRequestException("--conf is missing: must be a JSON file");
        }
        checkpoint = new CheckpointChoice(checkpoint, false).checkpoint();
        statusWhenKept = statusWhenKept == null ? Integer.valueOf(0) : statusWhenKept;
        if (statusWhenKept != 0 && (statusWhenKept < LEAST_STATUS || statusWhenKept > MOST_STATUS)) {
            throw new InvalidRequestException("--status-when-kept is " + statusWhenKept + ": must be 0, or from " + LEAST_STATUS + " to "
                    + MOST_STATUS + ": 1 is a failure and 2 a wrong request");
        }
        told = told == null ? NotifyOptions.NOBODY : told;
    }

    /** Options of a night that starts from the newest whole checkpoint. */
    public RetrainOptions(String conf) {
        this(conf, null, false, null, null);
    }

    /** What a new run starts from: discriminators go with generators as the training left them, not with averages. */
    CheckpointChoice start() {
        return new CheckpointChoice(checkpoint, true);
    }

    private static Map<String, String> keys() {
        Map<String, String> keys = new LinkedHashMap<>();
        keys.put("input", "what `prep --input` takes, with test images of both domains");
        keys.put("workspace", "folder of data sets, runs and records; one job at a time may use it");
        keys.put("size", "height and width of the images in pixels, a multiple of 4 from 16 to 2048 (default: 256)");
        keys.put("train", "object of options of `train` without the hyphens in front, except data, run, size and resume; without `seed` a"
                + " cycle's number is its seed (default: none)");
        keys.put("extractor", "what `evaluate --extractor` takes; both runs are judged by it anew every time (default: inception)");
        keys.put("tolerance", "share of the promoted run's mean KID, 0 to 1, by which a new run may be worse and still be promoted"
                + " (default: 0.05)");
        keys.put("min-test-images", "test images each domain must have at least, from 2: a verdict on fewer is mostly chance (default: 50)");
        keys.put("keep", "cycles, the newest, whose runs and data sets stay, from 1, beside those of the promoted run, of the run it began"
                + " with and of an unfinished cycle; the records of all cycles stay (default: 7)");
        return Collections.unmodifiableMap(keys);
    }
}
