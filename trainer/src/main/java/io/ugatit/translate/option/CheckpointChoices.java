package io.ugatit.translate.option;

import io.ugatit.checkpoint.CheckpointChoice;
import io.ugatit.job.InvalidRequestException;
import java.io.Serializable;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/**
 * Which of a run's checkpoints translate, and by which of their generators.
 *
 * @param checkpoint {@code latest}, {@code best} or a step, or several of these with commas between; null becomes {@code latest}
 * @param noEma whether generators are those of the training although there are averages of them
 */
public record CheckpointChoices(
        @Option(names = "--checkpoint", paramLabel = "latest|best|STEP,...", defaultValue = "latest",
                description = "which checkpoint of the run: the newest whole one, the best by train --evaluate-every, or that of a step; several"
                        + " with commas between translate one after the other, each into a folder step-NNNNNNNN of the output"
                        + " (default: ${DEFAULT-VALUE})") String checkpoint,
        @Option(names = "--no-ema", description = CheckpointChoice.NO_EMA) boolean noEma) implements Serializable {
    /** The most checkpoints a job takes: more are no longer compared by eye. */
    public static final int MOST = 20;
    /** The newest whole checkpoint, with averages if it has any. */
    public static final CheckpointChoices NEWEST = new CheckpointChoices(null, false);

    private static final String BETWEEN = ",";

    /** @throws InvalidRequestException if one is none of the three, or there are too many */
    public CheckpointChoices {
        checkpoint = checkpoint == null ? CheckpointChoice.NEWEST.checkpoint() : checkpoint;
        List<CheckpointChoice> choices = Stream.of(checkpoint.split(BETWEEN, -1)).map(one -> new CheckpointChoice(one, false)).toList();
        if (choices.size() > MOST) {
            throw new InvalidRequestException("--checkpoint names " + choices.size() + " checkpoints: must be at most " + MOST);
        }
    }

    /** In the order that they were given in. */
    public List<CheckpointChoice> each() {
        return Stream.of(checkpoint.split(BETWEEN)).map(one -> new CheckpointChoice(one, noEma)).toList();
    }

    /** Whether each has a folder of its own, even if all turn out to be the same. */
    public boolean isList() {
        return checkpoint.contains(BETWEEN);
    }

    /**
     * Refuses a choice where there is no run to choose from.
     *
     * @param without what is given instead of a run, such as {@code --weights}
     * @throws InvalidRequestException if something else than the default is chosen
     */
    public void requireNone(String without) {
        CheckpointChoice one = isList() ? new CheckpointChoice("best", noEma) : each().get(0);
        one.requireNone(without);
    }
}
