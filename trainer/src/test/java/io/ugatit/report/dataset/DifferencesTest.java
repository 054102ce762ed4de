package io.ugatit.report.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.ugatit.dataset.Domain;
import io.ugatit.dataset.Split;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DifferencesTest {
    @Test
    void aDarkerDomainIsNamedWithByHowMuch() {
        assertThat(Differences.of(List.of(part(Domain.A, Split.TRAIN, 100, 60, 60, "RGB"), part(Domain.B, Split.TRAIN, 100, 100, 100, "RGB"))))
                .containsExactly("A is 40 levels of 255 darker than B: mean brightness 60 against 100.");
        assertThat(Differences.of(List.of(part(Domain.A, Split.TRAIN, 100, 80, 80, "RGB"), part(Domain.B, Split.TRAIN, 100, 100, 100, "RGB"))))
                .as("20 levels are no news between domains").isEmpty();
    }

    @Test
    void trainAndTestOfADomainMustBeNearer() {
        assertThat(Differences.of(List.of(part(Domain.B, Split.TRAIN, 100, 80, 80, "RGB"), part(Domain.B, Split.TEST, 50, 100, 100, "RGB"))))
                .containsExactly("testB is 20 levels of 255 brighter than trainB: mean brightness 100 against 80.");
    }

    @Test
    void aFewImagesMeanNothing() {
        assertThat(Differences.of(List.of(part(Domain.A, Split.TRAIN, 4, 10, 10, "RGB"), part(Domain.B, Split.TRAIN, 100, 200, 200, "RGB"))))
                .isEmpty();
        assertThat(Differences.of(List.of(part(Domain.A, Split.TRAIN, 6, 80, 80, "RGB"), part(Domain.B, Split.TRAIN, 6, 110, 110, "RGB"))))
                .as("30 levels of images that spread by 20 are chance: three standard errors are 35").isEmpty();
    }

    @Test
    void coloursAndGrayAreCompared() {
        assertThat(Differences.of(List.of(part(Domain.A, Split.TRAIN, 900, 100, 60, "RGB"), part(Domain.B, Split.TRAIN, 900, 100, 100, "L"))))
                .containsExactly("A is warmer than B: red is +40 levels from blue, against +0.",
                        "0 % of the sources of A are gray, 100 % of B.");
    }

    @Test
    void partsThatDoNotTellAreNotCompared() {
        PartSummary silent = new PartSummary("trainA", Domain.A, Split.TRAIN, 9, 32, 1000, 0, Optional.empty());

        assertThat(Differences.of(List.of(silent, part(Domain.B, Split.TRAIN, 9, 100, 100, "RGB")))).isEmpty();
        assertThat(silent.isComplete()).isFalse();
    }

    @Test
    void quantilesAreThoseOfTheSortedValues() {
        Distribution distribution = new Distribution(10);
        for (int i = 100; i >= 1; i--) {
            distribution.add(i);
        }

        Spread spread = distribution.spread();

        assertThat(List.of(spread.min(), spread.low(), spread.lower(), spread.median(), spread.upper(), spread.high(), spread.max()))
                .containsExactly(1.0, 5.0, 25.0, 50.0, 75.0, 95.0, 100.0);
        assertThat(spread.mean()).isEqualTo(50.5);
        assertThat(spread.deviation()).isCloseTo(Math.sqrt((100 * 100 - 1) / 12.0), within(1e-9));
        assertThat(distribution.shares(4, 80)).containsExactly(0.19, 0.2, 0.2, 0.41);
    }

    private static PartSummary part(Domain domain, Split split, long images, double level, double blue, String mode) {
        Spread brightness = around(level);
        PartSummary.Sources sources = new PartSummary.Sources(images, 0, Map.of("PNG", images), Map.of(mode, images), around(300), around(300),
                brightness, brightness, brightness, around(blue), around(40), List.of());
        return new PartSummary(split.label() + domain, domain, split, images, 286, 1000, 0, Optional.of(sources));
    }

    private static Spread around(double mean) {
        return new Spread(mean, 20, mean, mean, mean, mean, mean, mean, mean);
    }
}
