package io.ugatit.retrain;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VerdictTest {

    @Test
    void aRunIsPromotedUpToTheToleranceAndNotBeyond() {
        assertThat(Verdict.compare(1.05, 1, 0.05).promote()).isTrue();
        assertThat(Verdict.compare(1.06, 1, 0.05)).isEqualTo(
                new Verdict(false, "mean KID 1.06000 is above 1.05000, the promoted run's 1.00000 with a tolerance of 0.05"));
        assertThat(Verdict.compare(1, 1, 0).promote()).isTrue();
    }

    @Test
    void aKidBelowZeroHasItsToleranceAboveIt() {
        assertThat(Verdict.compare(-0.95, -1, 0.1).promote()).isTrue();
        assertThat(Verdict.compare(-0.85, -1, 0.1).promote()).isFalse();
    }
}
