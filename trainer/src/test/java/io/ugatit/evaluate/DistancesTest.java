package io.ugatit.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Expected values were computed with numpy in double precision. */
class DistancesTest {

    @Test
    void kernelDistanceEqualsNumpys() {
        assertThat(KernelDistance.between(uniform(30, 6, 1, 0), uniform(20, 6, 2, 0.25))).isCloseTo(0.2208040891711378, within(1e-12));
        assertThat(KernelDistance.between(uniform(5, 12, 1, 0), uniform(7, 12, 2, 0.25))).isCloseTo(0.04678583085909782, within(1e-12));
    }

    @Test
    void kernelDistanceEqualsWhatIsWorkedOutByHand() {
        float[][] x = {{1, 0}, {0, 1}, {1, 1}};
        float[][] doubled = {{2, 0}, {0, 2}, {2, 2}};
        assertThat(KernelDistance.between(x, doubled)).isCloseTo(3.805556, within(1e-6));
        assertThat(KernelDistance.between(x, x)).isCloseTo(-1.555556, within(1e-6));
        assertThat(KernelDistance.between(new float[][] {{0, 0, 0, 0}, {1, 1, 1, 1}}, new float[][] {{2, 0, 0, 0}, {0, 0, 0, 2}}))
                .isCloseTo(-2.375, within(1e-12));
    }

    @Test
    void frechetDistanceEqualsNumpysWithAndWithoutFullRank() {
        assertThat(FrechetDistance.between(uniform(30, 6, 1, 0), uniform(20, 6, 2, 0.25))).isCloseTo(0.8061497056013387, within(1e-10));
        // 5 and 7 samples of 12 features; by singular values, which need no root of a covariance
        assertThat(FrechetDistance.between(uniform(5, 12, 1, 0), uniform(7, 12, 2, 0.25))).isCloseTo(6.078356938322995, within(1e-10));
    }

    @Test
    void aSetIsNoFrechetDistanceFromItselfEvenIfFeaturesAreConstant() {
        float[][] samples = uniform(8, 20, 3, 0);
        for (float[] sample : samples) {
            sample[4] = 1;
        }
        assertThat(FrechetDistance.between(samples, samples)).isCloseTo(0, within(1e-12));
    }

    @Test
    void aFewSamplesOfManyFeaturesHaveTheFrechetDistanceOfTheirShift() {
        float[][] few = normal(20, 256, 0, 1);
        float[][] shifted = new float[few.length][];
        for (int i = 0; i < few.length; i++) {
            shifted[i] = few[i].clone();
            shifted[i][0] += 2;
        }
        assertThat(FrechetDistance.between(few, few)).isCloseTo(0, within(1e-10));
        assertThat(FrechetDistance.between(few, shifted)).isCloseTo(4, within(1e-5));
    }

    @Test
    void twoHalvesOfOneDistributionHaveAKernelDistanceNearZero() {
        float[][] samples = normal(2000, 8, 0, 1);
        double halves = KernelDistance.between(Arrays.copyOf(samples, 1000), Arrays.copyOfRange(samples, 1000, 2000));
        assertThat(halves).isCloseTo(0, within(0.01));
        assertThat(KernelDistance.between(samples, normal(1000, 8, 1, 1))).isGreaterThan(1);
    }

    @Test
    void shiftedAndScaledNormalDistributionsHaveTheAnalyticFrechetDistance() {
        double expected = 6 * (0.5 * 0.5 + (2 - 1) * (2 - 1));
        assertThat(FrechetDistance.between(normal(20_000, 6, 0, 1), normal(20_000, 6, 0.5, 2))).isCloseTo(expected, within(0.15));
    }

    /** Pseudo-random values from {@code shift - 1} to {@code shift + 1}, by a generator that is easy to repeat elsewhere. */
    private static float[][] uniform(int samples, int dimension, long seed, double shift) {
        float[][] values = new float[samples][dimension];
        long state = seed;
        for (float[] sample : values) {
            for (int i = 0; i < dimension; i++) {
                state = (state * 1103515245L + 12345) % (1L << 31);
                sample[i] = (float) (state / (double) (1L << 31) * 2 - 1 + shift);
            }
        }
        return values;
    }

    private static float[][] normal(int samples, int dimension, double mean, double deviation) {
        Random random = new Random(7);
        random.nextGaussian();
        float[][] values = new float[samples][dimension];
        for (float[] sample : values) {
            for (int i = 0; i < dimension; i++) {
                sample[i] = (float) (mean + deviation * random.nextGaussian());
            }
        }
        return values;
    }
}
