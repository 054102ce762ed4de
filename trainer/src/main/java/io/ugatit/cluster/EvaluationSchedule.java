package io.ugatit.cluster;

import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.Range;
import picocli.CommandLine.Option;

/**
 * When a training is evaluated, and when that ends it.
 *
 * @param every rounds between two evaluations, 0 for none
 * @param patience evaluations in a row without a new best after which the training ends, 0 for never
 */
public record EvaluationSchedule(
        @Option(names = "--evaluate-every", paramLabel = "ROUNDS", defaultValue = "0",
                description = "rounds between two checkpoints that are judged as evaluate does, beside the next rounds, so that BEST names"
                        + " the best; the last one is judged too; 0 (none) to 1000000 (default: ${DEFAULT-VALUE})") int every,
        @Option(names = "--patience", paramLabel = "N", defaultValue = "0",
                description = "with --evaluate-every: evaluations in a row without a new best after which the training ends at its next"
                        + " checkpoint, 0 (never) to 1000000 (default: ${DEFAULT-VALUE})") int patience) {

    /** @throws InvalidRequestException if a value is out of its range, or there is nothing to be patient with */
    public EvaluationSchedule {
        Range.require("--evaluate-every", every, 0, 1_000_000);
        Range.require("--patience", patience, 0, 1_000_000);
        if (patience > 0 && every == 0) {
            throw new InvalidRequestException("--patience is " + patience + ": counts evaluations, give --evaluate-every ROUNDS too");
        }
    }

    /** Whether there are evaluations. */
    public boolean isOn() {
        return every > 0;
    }
}
