package io.ugatit.train;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.model.DivergedException;
import io.ugatit.train.StepLosses.PerDomain;
import org.junit.jupiter.api.Test;

class LossLimitsTest {
    private static final PerDomain SOUND = new PerDomain(3, 4);

    private static void require(PerDomain d, PerDomain adversarial, PerDomain cycle, PerDomain cam, LossWeights weights) {
        LossLimits.require(7, new StepLosses(d, adversarial, cycle, SOUND, cam), weights);
    }

    @Test
    void aLossThatIsNoFiniteNumberIsNamedWithItsStep() {
        assertThatThrownBy(() -> require(SOUND, SOUND, new PerDomain(1, Double.NaN), SOUND, LossWeights.AUTHORS))
                .isInstanceOf(DivergedException.class)
                .hasMessage("the loss g_cycle_b of step 7 is no finite number: a lower --lr may help");
        assertThatThrownBy(() -> require(new PerDomain(Double.NEGATIVE_INFINITY, 1), SOUND, SOUND, SOUND, LossWeights.AUTHORS))
                .hasMessage("the loss d_a of step 7 is no finite number: a lower --lr may help");
    }

    @Test
    void anExplodingLossIsNamedWithItsLimitWhateverItsSignAndWeight() {
        assertThatThrownBy(() -> require(SOUND, SOUND, SOUND, new PerDomain(1, 1.2e6), LossWeights.AUTHORS))
                .isInstanceOf(DivergedException.class).hasMessage(
                        "the loss g_cam_b of step 7 is 1.200e+06, beyond 1.000e+06, which no sound training reaches: a lower --lr may help");
        LossWeights critics = new LossWeights(AdversarialLoss.WGAN_GP, 2, 10, 10, 0);
        assertThatThrownBy(() -> require(SOUND, new PerDomain(-2.1e5, 0), SOUND, new PerDomain(0, 0), critics))
                .hasMessageStartingWith("the loss g_adv_a of step 7 is -2.100e+05, beyond 2.000e+05, ");
        assertThatThrownBy(() -> require(new PerDomain(0, 1.1e5), SOUND, SOUND, SOUND, LossWeights.AUTHORS))
                .hasMessageStartingWith("the loss d_b of step 7 is 1.100e+05, beyond 1.000e+05, ");
    }

    @Test
    void largeAndNegativeLossesOfSoundTrainingsAreNone() {
        LossWeights critics = new LossWeights(AdversarialLoss.WGAN_GP, 1, 10, 10, 1000);
        assertThatCode(() -> require(new PerDomain(-9e4, 9e4), new PerDomain(9e4, -9e4), new PerDomain(20, 20), new PerDomain(9e5, 0), critics))
                .doesNotThrowAnyException();
        LossWeights nothing = new LossWeights(AdversarialLoss.LSGAN, 0, 0, 0, 0);
        PerDomain zero = new PerDomain(0, 0);
        assertThatCode(() -> require(zero, zero, zero, zero, nothing)).doesNotThrowAnyException();
    }
}
