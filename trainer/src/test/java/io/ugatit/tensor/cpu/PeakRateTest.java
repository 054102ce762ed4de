package io.ugatit.tensor.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PeakRateTest {

    @Test
    void isWhatSomeMachineOfOurTimeCanDo() {
        assertThat(PeakRate.measure(2)).isBetween(1e8, 2e12);
    }
}
