package io.ugatit.checkpoint;

import io.ugatit.job.InvalidRequestException;
import java.io.Serializable;
import java.util.function.Consumer;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Option;

/**
 * Which of a run's checkpoints a job takes, and which of its generators.
 *
 * @param checkpoint {@code latest}, {@code best} or a step; null becomes {@code latest}
 * @param noEma whether generators are those of the training although there are averages of them
 */
public record CheckpointChoice(
        @Option(names = "--checkpoint", paramLabel = "latest|best|STEP", defaultValue = LATEST,
                description = "which checkpoint of the run: the newest whole one, the best by train --evaluate-every, or that of a step"
                        + " (default: ${DEFAULT-VALUE})") String checkpoint,
        @Option(names = "--no-ema", description = CheckpointChoice.NO_EMA) boolean noEma) implements Serializable {
    private static final long serialVersionUID = 1L;
    /** What {@code --no-ema} does. */
    public static final String NO_EMA = "generators as the training left them, although the run was trained with --ema and has averages of"
            + " them";
    private static final String LATEST = "latest";
    private static final String BEST = "best";
    private static final String STEP = "\\d{1,18}";
    /** The newest whole checkpoint, with averages if it has any. */
    public static final CheckpointChoice NEWEST = new CheckpointChoice(LATEST, false);

    /** @throws InvalidRequestException if it is none of the three */
    public CheckpointChoice {
        checkpoint = checkpoint == null ? LATEST : checkpoint;
        if (!checkpoint.equals(LATEST) && !checkpoint.equals(BEST) && !checkpoint.matches(STEP)) {
            throw new InvalidRequestException("--checkpoint is " + checkpoint + ": must be latest, best or a step");
        }
    }

    /** Whether it is a step, which is the same whatever is trained meanwhile. */
    public boolean isStep() {
        return checkpoint.matches(STEP);
    }

    /**
     * Refuses a choice where there is no run to choose from.
     *
     * @param without what is given instead of a run, such as {@code --weights}
     * @throws InvalidRequestException if something else than the default is chosen
     */
    public void requireNone(String without) {
        if (!equals(NEWEST)) {
            throw new InvalidRequestException((noEma ? "--no-ema" : "--checkpoint") + " is for --run only: " + without
                    + " names the file itself");
        }
    }

    /**
     * Finds the checkpoint; its files are read once to compare their hashes.
     *
     * @param warn takes one line for each damaged checkpoint that is newer than the newest whole one, if that is chosen
     * @throws InvalidRequestException if there is none of this choice, it is damaged or of another format; one line that says what there is
     * @throws io.ugatit.job.JobFailedException if the file system fails
     */
    public Checkpoint find(CheckpointStore store, Consumer<String> warn) {
        return switch (checkpoint) {
            case LATEST -> store.requireWhole(warn);
            case BEST -> store.requireBest();
            default -> store.requireWhole(Long.parseLong(checkpoint));
        };
    }

    /** Whether generators are averages: of this checkpoint, with this choice. */
    public boolean averages(Checkpoint found) {
        return found.hasAverages() && !noEma;
    }

    /** The safetensors file to read generators from, under {@code NET.KEY}. */
    public Path generators(Checkpoint found) {
        return averages(found) ? found.parameters() : found.allParameters();
    }
}
