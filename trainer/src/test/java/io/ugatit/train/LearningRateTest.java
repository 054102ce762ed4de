package io.ugatit.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LearningRateTest {

    @Test
    void isConstantForTheFirstHalfAndThenFallsLinearlyToZero() {
        LearningRate rate = new LearningRate(1e-4, 1000);
        assertThat(rate.at(1)).isEqualTo(1e-4);
        assertThat(rate.at(500)).isEqualTo(1e-4);
        assertThat(rate.at(501)).isCloseTo(1e-4 * 499 / 500, within(1e-18));
        assertThat(rate.at(750)).isCloseTo(0.5e-4, within(1e-18));
        assertThat(rate.at(999)).isCloseTo(1e-4 / 500, within(1e-18));
        assertThat(rate.at(1000)).isZero();
    }

    @Test
    void anOddNumberOfStepsEndsAtZeroTooAndNeverBelow() {
        LearningRate rate = new LearningRate(3, 5);
        assertThat(new double[] {rate.at(1), rate.at(2), rate.at(3), rate.at(4), rate.at(5)})
                .containsExactly(new double[] {3, 3, 2, 1, 0}, within(1e-12));
    }

    @Test
    void afterTheLastStepItStaysZero() {
        assertThat(new LearningRate(3, 10).at(11)).isZero();
    }

    @Test
    void aTrainingOfOneStepLearns() {
        assertThat(new LearningRate(3, 1).at(1)).isEqualTo(3);
    }
}
