package io.ugatit.exchange;

import io.ugatit.checkpoint.CheckpointChoice;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.translate.Direction;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * What the export job is asked for: a file, a folder for a hub, or both.
 *
 * @param run the run whose checkpoint is exported
 * @param output the file to make; null for none
 * @param format what the file is; given with {@code output}, else null
 * @param direction the generator for the file; null for all six networks, and for the one from A to B in ONNX
 * @param checkpoint which of the run's; null becomes the newest whole one
 * @param hub the folder to make for a hub of models; null for none
 * @param license what the folder's README names as the licence, in the hub's spelling; null becomes {@code unknown}
 */
public record ExportOptions(
        @Option(names = "--run", required = true, paramLabel = "RUN",
                description = "run whose checkpoint is exported, or a workspace of retrain for its promoted run; only read") String run,
        @Option(names = "--output", paramLabel = "FILE",
                description = "file to make; must not exist; unless given, --hub is") String output,
        @Option(names = "--format", description = "what the file is; unless given, no file is made") ExportFormat format,
        @Option(names = "--direction",
                description = "the generator to write (default: all six networks, for onnx the generator a2b)") Direction direction,
        @Mixin CheckpointChoice checkpoint,
        @Option(names = "--hub", paramLabel = "DIR",
                description = "folder to make for a hub of models, with README.md, safetensors and, up to 2 GiB a generator, ONNX; must not"
                        + " exist; unless given, --output is") String hub,
        @Option(names = "--license", paramLabel = "ID", defaultValue = UNKNOWN,
                description = "with --hub: the weights' licence as hubs spell it, such as apache-2.0") String license) {
    private static final String UNKNOWN = "unknown";

    /** @throws InvalidRequestException if options are missing or do not go together; the message names them */
    public ExportOptions {
        if (run == null || run.isBlank()) {
            throw new InvalidRequestException("--run is missing: must be the folder of a run");
        }
        if (output == null && hub == null) {
            throw new InvalidRequestException("--output is missing: give --output and --format for a file, --hub for a folder, or both");
        }
        if ((output == null) != (format == null)) {
            throw new InvalidRequestException(format == null ? "--format is missing: must be safetensors, onnx or dl4j"
                    : "--output is missing: --format needs a file to make");
        }
        if (direction != null && output == null) {
            throw new InvalidRequestException("--direction is for --output only: a hub's folder holds both generators");
        }
        checkpoint = checkpoint == null ? CheckpointChoice.NEWEST : checkpoint;
        license = license == null ? UNKNOWN : license;
        if (!license.matches("[a-z0-9][a-z0-9.-]*")) {
            throw new InvalidRequestException("--license is " + license
                    + ": must be an identifier of small letters, digits, dots and hyphens, such as apache-2.0, mit or other");
        }
        if (!license.equals(UNKNOWN) && hub == null) {
            throw new InvalidRequestException("--license is for --hub only: other files do not name a licence");
        }
    }
}
