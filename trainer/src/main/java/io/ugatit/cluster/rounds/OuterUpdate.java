package io.ugatit.cluster.rounds;

import io.ugatit.job.InvalidRequestException;
import picocli.CommandLine.Option;

/**
 * How the parameters move at the end of a round, seen as one step of an outer optimizer: SGD with Nesterov momentum, whose gradient is the
 * averaged difference (SlowMo, Wang et al., arXiv 1910.00643; DiLoCo, Douillard et al., arXiv 2311.08105).
 *
 * @param momentum from 0 to less than 1; 0 without an outer momentum
 * @param rate how much of a step is taken, greater than 0 and at most 10; 1 and no momentum is plain averaging
 */
public record OuterUpdate(
        @Option(names = "--outer-momentum", paramLabel = "M", defaultValue = "0",
                description = "Nesterov momentum from round to round, as in DiLoCo, 0 (plain averaging) to less than 1"
                        + " (default: ${DEFAULT-VALUE})")
        double momentum,
        @Option(names = "--outer-lr", paramLabel = "RATE", defaultValue = "1",
                description = "how much of a round's averaged change is taken, above 0, at most 10"
                        + " (default: ${DEFAULT-VALUE})") double rate) {

    /** Plain averaging. */
    public static final OuterUpdate NONE = new OuterUpdate(0, 1);

    /** @throws InvalidRequestException if a value is out of its range */
    public OuterUpdate {
        if (!(momentum >= 0 && momentum < 1)) {
            throw new InvalidRequestException("--outer-momentum is " + momentum + ": must be from 0 to less than 1");
        }
        if (!(rate > 0 && rate <= 10)) {
            throw new InvalidRequestException("--outer-lr is " + rate + ": must be greater than 0 and at most 10");
        }
    }

    /** Whether a round ends in something else than the mean. */
    public boolean isOn() {
        return !equals(NONE);
    }
}
