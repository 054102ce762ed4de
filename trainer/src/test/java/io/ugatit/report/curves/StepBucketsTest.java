package io.ugatit.report.curves;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.ugatit.report.chart.Curve;
import org.junit.jupiter.api.Test;

class StepBucketsTest {
    private static final int MOST = 1024;

    @Test
    void aFewStepsStayAsTheyAre() {
        StepBuckets buckets = new StepBuckets(1, MOST);
        for (int step = MOST; step >= 1; step--) {
            buckets.add(step, new double[] {2 * step});
        }

        Curve curve = buckets.curve(0);
        assertThat(buckets.width()).isEqualTo(1);
        assertThat(curve.steps()).hasSize(MOST).startsWith(1, 2, 3);
        assertThat(curve.values()).startsWith(2, 4, 6).endsWith(2 * MOST);
    }

    @Test
    void manyStepsBecomeMeansOfEqualBuckets() {
        StepBuckets buckets = new StepBuckets(2, MOST);
        for (int step = 0; step < 100_000; step++) {
            buckets.add(step, new double[] {step, step % 2 == 0 ? 1 : 3});
        }

        Curve line = buckets.curve(0);
        assertThat(buckets.width()).isEqualTo(128);
        assertThat(line.steps()).hasSize(782); // 100,000 / 128, rounded up
        assertThat(line.steps()[0]).isEqualTo(63.5);
        for (int i = 0; i < line.steps().length; i++) {
            assertThat(line.values()[i]).isCloseTo(line.steps()[i], within(1e-9));
            assertThat(buckets.curve(1).values()[i]).isEqualTo(2);
        }
    }

    @Test
    void workersAreAveragedAndGapsAreLeftOut() {
        StepBuckets buckets = new StepBuckets(2, MOST);
        buckets.add(7, new double[] {1, Double.NaN});
        buckets.add(7, new double[] {2, Double.NaN});
        buckets.add(1L << 60, new double[] {5, Double.NaN});

        assertThat(buckets.curve(0).steps()).containsExactly(7, 1L << 60);
        assertThat(buckets.curve(0).values()).containsExactly(1.5, 5);
        assertThat(buckets.curve(1).isEmpty()).isTrue();
    }
}
