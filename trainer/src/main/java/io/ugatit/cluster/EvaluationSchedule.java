package io.ugatit.cluster;

import io.ugatit.evaluate.FeatureExtractor;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.Range;
import picocli.CommandLine.Option;

/**
 * When a training is evaluated, and when that ends it.
 *
 * @param every rounds between two evaluations, 0 for none
 * @param patience evaluations in a row without a new best after which the training ends, 0 for never
 * @param extractor features that are compared; null becomes {@code random-conv}, whose figures take a training the least time
 */
public record EvaluationSchedule(
        @Option(names = "--evaluate-every", paramLabel = "ROUNDS", defaultValue = "0",
                description = "rounds between two checkpoints that are judged as evaluate does, beside the next rounds, so that BEST names"
                        + " the best; the last one is judged too; 0 (none) to 1000000 (default: ${DEFAULT-VALUE})") int every,
        @Option(names = "--patience", paramLabel = "N", defaultValue = "0",
                description = "with --evaluate-every: evaluations in a row without a new best after which the training ends at its next"
                        + " checkpoint, 0 (never) to 1000000 (default: ${DEFAULT-VALUE})") int patience,
        @Option(names = "--evaluate-extractor", paramLabel = "NAME", // null unless given, so that it is not given in vain
                description = "with --evaluate-every: what evaluate --extractor takes; inception takes about 0.2 s of a core for each"
                        + " translation from the training (default: " + EvaluationSchedule.QUICKEST + ")") String extractor) {
    static final String QUICKEST = "random-conv";

    /** @throws InvalidRequestException if a value is out of its range, there is no such extractor, or nothing to be patient with or to compare */
    public EvaluationSchedule {
        boolean given = extractor != null;
        extractor = FeatureExtractor.named("--evaluate-extractor", extractor == null ? QUICKEST : extractor).name();
        Range.require("--evaluate-every", every, 0, 1_000_000);
        Range.require("--patience", patience, 0, 1_000_000);
        if (patience > 0 && every == 0) {
            throw new InvalidRequestException("--patience is " + patience + ": counts evaluations, give --evaluate-every ROUNDS too");
        }
        if (given && every == 0) {
            throw new InvalidRequestException("--evaluate-extractor is " + extractor + ": says what evaluations compare, give --evaluate-every"
                    + " ROUNDS too");
        }
    }

    /** Whether there are evaluations. */
    public boolean isOn() {
        return every > 0;
    }
}
