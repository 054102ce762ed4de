package io.ugatit.report.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.ugatit.report.markup.Figures;
import io.ugatit.report.markup.Html;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChartTest {
    @Test
    void ticksAreRoundNumbersInsideTheAxis() {
        assertThat(Axis.linear(1, 10_000).ticks()).containsExactly(2000.0, 4000.0, 6000.0, 8000.0, 10_000.0);
        assertThat(Axis.linear(0, 5).ticks()).containsExactly(0.0, 1.0, 2.0, 3.0, 4.0, 5.0);
        assertThat(Axis.logarithmic(0.5, 2000).ticks()).containsExactly(1.0, 10.0, 100.0, 1000.0);
        assertThat(Axis.logarithmic(1, 30).ticks()).containsExactly(1.0, 2.0, 5.0, 10.0, 20.0);
        assertThat(Axis.linear(3, 3).ticks()).isNotEmpty();
    }

    @Test
    void anAxisThatReachesBeyondAllNumbersStillEnds() {
        double most = Double.MAX_VALUE;
        assertThat(Axis.logarithmic(1, most * 1.1).ticks()).hasSizeLessThan(10).startsWith(1.0);
        assertThat(Axis.logarithmic(1e-200, 1e200).ticks()).hasSizeLessThan(10).isNotEmpty();
        assertThat(Axis.logarithmic(1e-200, 1e200).position(1)).isCloseTo(0.5, within(1e-12));
        assertThat(Axis.linear(-most, most).ticks()).hasSizeLessThan(10).contains(0.0);
        assertThat(Axis.linear(0, most * 1.05).position(0)).isZero();
        assertThat(Axis.linear(most / 2, most).ticks()).hasSizeLessThan(10);
        assertThat(Axis.logarithmic(most / 2, most).ticks()).hasSizeLessThan(10);
    }

    @Test
    void oneVeryLargeValueHidesNothingOfWhatComesAfterIt() {
        double[] values = new double[80];
        Arrays.fill(values, 3);
        values[10] = 1e30;
        assertThat(new Curve(new double[80], values).smoothed().values()[50]).isEqualTo(3);
    }

    @Test
    void positionsGoFromZeroToOne() {
        assertThat(Axis.linear(2, 6).position(3)).isEqualTo(0.25);
        assertThat(Axis.logarithmic(1, 10_000).position(100)).isCloseTo(0.5, within(1e-12));
    }

    @Test
    void aLossThatFallsByOrdersOfMagnitudeGetsALogarithmicAxis() {
        double[] steps = new double[100];
        double[] falling = new double[100];
        double[] steady = new double[100];
        for (int i = 0; i < 100; i++) {
            steps[i] = i;
            falling[i] = 1000 * Math.exp(-i) + 1;
            steady[i] = 3 - i / 100.0;
        }

        assertThat(chart(new Curve(steps, falling)).isLogarithmic()).isTrue();
        assertThat(chart(new Curve(steps, steady)).isLogarithmic()).isFalse();
    }

    @Test
    void onALogarithmicAxisAnErrorThatGoesBelowZeroEndsAtTheBottom() throws IOException {
        double[] kid = {0.6, 0.04, 0.03, 0.02, 0.01, 0.003};
        LineChart.Series series = new LineChart.Series("A to B", "a", new Curve(new double[] {1, 2, 3, 4, 5, 6}, kid), false,
                new double[] {0.005, 0.005, 0.005, 0.005, 0.005, 0.005});
        LineChart chart = new LineChart("KID", "how far off", List.of(series), false);
        StringWriter out = new StringWriter();

        chart.write(new Html(out), "id");

        assertThat(chart.isLogarithmic()).isTrue();
        assertThat(out.toString()).doesNotContain("NaN", "Infinity").contains("M390 196V");
    }

    @Test
    void theLineRunsFromTheFirstToTheLastStep() throws IOException {
        StringWriter out = new StringWriter();
        chart(new Curve(new double[] {10, 20}, new double[] {4, 0})).write(new Html(out), "id");

        // 44 to 390 across; 0 at 196; 4 of 4.2 at 188 * 4 / 4.2 above it
        assertThat(out.toString()).contains("d=\"M44 17L390 196\"").contains("aria-label=\"Loss; domain A from 4 to 0, least 0\"");
    }

    @Test
    void theMovingMeanIsCentredAndCutAtTheEnds() {
        double[] values = new double[80];
        values[40] = 5;
        values[79] = 6;
        Curve smooth = new Curve(new double[80], values).smoothed();

        assertThat(smooth.values()[37]).isZero();
        assertThat(smooth.values()[38]).isEqualTo(1);
        assertThat(smooth.values()[42]).isEqualTo(1);
        assertThat(smooth.values()[43]).isZero();
        assertThat(smooth.values()[79]).isEqualTo(2);
    }

    @Test
    void numbersAreShort() {
        assertThat(List.of(0.0, 1.0, 0.012345, 12.345, 1500.0, 10_000.0, 4e6, 1e-4, 2.5e-5, 1e-10, -0.5).stream().map(Figures::compact))
                .containsExactly("0", "1", "0.0123", "12.3", "1.5k", "10k", "4M", "1e-4", "2.5e-5", "1e-10", "-0.5");
        assertThat(List.of(0.84, 60.0, 725.0, 3600.0, 12_000.0).stream().map(Figures::duration))
                .containsExactly("0.84 s", "1 min", "12 min 5 s", "1 h", "3 h 20 min");
    }

    private static LineChart chart(Curve curve) {
        return new LineChart("Loss", "what is lost", List.of(new LineChart.Series("domain A", "a", curve, true)));
    }
}
