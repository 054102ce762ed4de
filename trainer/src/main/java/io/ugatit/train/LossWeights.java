package io.ugatit.train;

import io.ugatit.job.InvalidRequestException;
import java.io.Serializable;
import picocli.CommandLine.Option;

/**
 * The losses and their weights (paper, equation 5 and section 5.4).
 *
 * @param loss the adversarial loss; null becomes the authors'
 * @param adversarial of what the discriminators say, not negative
 * @param cycle of the cycle consistency, not negative
 * @param identity of the identity consistency, not negative
 * @param cam of the generators' class activation maps, not negative
 */
public record LossWeights(
        @Option(names = "--adv", paramLabel = "lsgan|hinge|wgan-gp", defaultValue = "lsgan",
                description = "adversarial loss: least squares, hinge, or Wasserstein's with a gradient penalty of weight 10"
                        + " (default: ${DEFAULT-VALUE})") AdversarialLoss loss,
        @Option(names = "--adv-weight", paramLabel = "W", defaultValue = "1",
                description = "weight of the adversarial loss, from 0 (default: ${DEFAULT-VALUE})") double adversarial,
        @Option(names = "--cycle-weight", paramLabel = "W", defaultValue = "10",
                description = "weight of the cycle loss, from 0 (default: ${DEFAULT-VALUE})") double cycle,
        @Option(names = "--identity-weight", paramLabel = "W", defaultValue = "10",
                description = "weight of the identity loss, from 0 (default: ${DEFAULT-VALUE})") double identity,
        @Option(names = "--cam-weight", paramLabel = "W", defaultValue = "1000",
                description = "weight of the generators' attention loss, from 0"
                        + " (default: ${DEFAULT-VALUE})") double cam) implements Serializable {

    /** The authors' weights. */
    public static final LossWeights AUTHORS = new LossWeights(AdversarialLoss.LSGAN, 1, 10, 10, 1000);

    /** @throws InvalidRequestException if a weight is negative or not a number */
    public LossWeights {
        loss = loss == null ? AdversarialLoss.LSGAN : loss;
        require("--adv-weight", adversarial);
        require("--cycle-weight", cycle);
        require("--identity-weight", identity);
        require("--cam-weight", cam);
    }

    private static void require(String option, double value) {
        if (!(value >= 0 && Double.isFinite(value))) {
            throw new InvalidRequestException(option + " is " + value + ": must be a number from 0");
        }
    }
}
