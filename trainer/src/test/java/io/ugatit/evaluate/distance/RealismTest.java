package io.ugatit.evaluate.distance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RealismTest {
    /** On a line at 0, 1, 2, 3 and, alone, 100: radii 3, 2, 2, 3 and 99, of which those to the median 3 count. */
    private static final FeatureSet REAL = new FeatureSet(new float[][] {{0, 5}, {1, 5}, {2, 5}, {3, 5}, {100, 5}});

    @Test
    void theFigureIsTheRadiusOverTheDistanceOfTheRealSampleThatVouchesBest() {
        double[] realism = Realism.of(new FeatureSet(new float[][] {{4, 5}, {-2, 5}, {1.5f, 5}, {33, 5}}), REAL);
        assertThat(realism[0]).isCloseTo(3.0 / 1, within(1e-9));
        assertThat(realism[1]).isCloseTo(3.0 / 2, within(1e-9));
        assertThat(realism[2]).isCloseTo(2 / 0.5, within(1e-9));
        assertThat(realism[3]).isCloseTo(3.0 / 30, within(1e-9));
    }

    @Test
    void aSampleAloneInAWidePlaceVouchesForNothing() {
        assertThat(Realism.of(new FeatureSet(new float[][] {{99, 5}, {101, 5}}), REAL)[0]).isCloseTo(3.0 / 96, within(1e-9));
    }

    @Test
    void aRealSampleHasTheLargestFigureAndSoHasOneAmongEqualSamples() {
        assertThat(Realism.of(REAL, REAL)).startsWith(Realism.MOST, Realism.MOST, Realism.MOST, Realism.MOST);
        FeatureSet equal = new FeatureSet(new float[][] {{1, 1}, {1, 1}});
        assertThat(Realism.of(equal, equal)).containsExactly(Realism.MOST, Realism.MOST);
        assertThat(Realism.of(new FeatureSet(new float[][] {{1, 2}, {9, 1}}), equal)).containsExactly(0, 0);
    }

    @Test
    void severalBlocksGiveWhatAllPairsOneByOneGive() {
        Random random = new Random(4);
        float[][] x = normal(300, random);
        float[][] y = normal(520, random);
        double[] realism = Realism.of(new FeatureSet(x), new FeatureSet(y));
        double[] radii = new double[y.length];
        for (int j = 0; j < y.length; j++) {
            float[] from = y[j];
            radii[j] = Arrays.stream(y).mapToDouble(to -> distance(from, to)).sorted().skip(3).findFirst().orElseThrow();
        }
        double median = Arrays.stream(radii).sorted().skip((y.length - 1) / 2).findFirst().orElseThrow();
        for (int i = 0; i < x.length; i++) {
            double best = 0;
            for (int j = 0; j < y.length; j++) {
                best = radii[j] <= median ? Math.max(best, radii[j] / distance(x[i], y[j])) : best;
            }
            assertThat(realism[i]).as("sample %d", i).isCloseTo(best, within(1e-6));
        }
    }

    private static float[][] normal(int count, Random random) {
        float[][] rows = new float[count][7];
        for (float[] row : rows) {
            for (int i = 0; i < row.length; i++) {
                row[i] = (float) random.nextGaussian();
            }
        }
        return rows;
    }

    private static double distance(float[] x, float[] y) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += ((double) x[i] - y[i]) * ((double) x[i] - y[i]);
        }
        return Math.sqrt(sum);
    }
}
