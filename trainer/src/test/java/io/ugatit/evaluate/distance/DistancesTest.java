package io.ugatit.evaluate.distance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.ForkJoinPool;
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
    void theSumsOfMoreBlocksThanAreTakenAtOnceAreWhole() {
        float[][] many = uniform(17_000, 4, 1, 0);
        float[][] few = uniform(30, 4, 2, 0);
        KernelSums sums = KernelSums.between(many, few);
        for (int i : new int[] {0, 16_383, 16_384, 16_999}) {
            assertThat(sums.byX()[i]).isCloseTo(sum(many[i], few), within(1e-9));
        }
        assertThat(sums.byY()[29]).isCloseTo(sum(few[29], many), within(1e-6));
    }

    private static double sum(float[] one, float[][] others) {
        double sum = 0;
        for (float[] other : others) {
            double product = 0;
            for (int i = 0; i < one.length; i++) {
                product += (double) one[i] * other[i];
            }
            sum += Math.pow(product / one.length + 1, 3);
        }
        return sum;
    }

    @Test
    void directionsOfLargeSetsAreTakenInSmallerBlocksThatDivideThem() {
        assertThat(SlicedDistance.block(80_000)).isEqualTo(50);
        assertThat(SlicedDistance.block(80_001)).isEqualTo(25);
        assertThat(SlicedDistance.block(200_000)).isEqualTo(10);
        assertThat(SlicedDistance.block(Integer.MAX_VALUE)).isEqualTo(1);
    }

    @Test
    void frechetDistanceEqualsNumpysWithAndWithoutFullRank() {
        assertThat(frechet(uniform(30, 6, 1, 0), uniform(20, 6, 2, 0.25))).isCloseTo(0.8061497056013387, within(1e-10));
        // 5 and 7 samples of 12 features; by singular values, which need no root of a covariance
        assertThat(frechet(uniform(5, 12, 1, 0), uniform(7, 12, 2, 0.25))).isCloseTo(6.078356938322995, within(1e-10));
    }

    @Test
    void aSetIsNoFrechetDistanceFromItselfEvenIfFeaturesAreConstant() {
        float[][] samples = uniform(8, 20, 3, 0);
        for (float[] sample : samples) {
            sample[4] = 1;
        }
        assertThat(frechet(samples, samples)).isCloseTo(0, within(1e-12));
    }

    @Test
    void aFewSamplesOfManyFeaturesHaveTheFrechetDistanceOfTheirShift() {
        float[][] few = normal(20, 256, 0, 1);
        float[][] shifted = new float[few.length][];
        for (int i = 0; i < few.length; i++) {
            shifted[i] = few[i].clone();
            shifted[i][0] += 2;
        }
        assertThat(frechet(few, few)).isCloseTo(0, within(1e-10));
        assertThat(frechet(few, shifted)).isCloseTo(4, within(1e-5));
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
        assertThat(frechet(normal(20_000, 6, 0, 1), normal(20_000, 6, 0.5, 2))).isCloseTo(expected, within(0.15));
    }

    @Test
    void theStandardErrorIsThatOfLeavingOutOneSampleAtATime() {
        KernelDistance distance = KernelDistance.between(new FeatureSet(uniform(30, 6, 1, 0)), new FeatureSet(uniform(20, 6, 2, 0.25)));
        assertThat(distance.value()).isCloseTo(0.2208040891711378, within(1e-12));
        assertThat(distance.standardError()).hasValueCloseTo(0.14530284563566195, withinPercentage(1e-7));
        float[][] x = {{1, 0}, {0, 1}, {1, 1}};
        float[][] doubled = {{2, 0}, {0, 2}, {2, 2}};
        assertThat(KernelDistance.between(new FeatureSet(x), new FeatureSet(doubled)).standardError())
                .hasValueCloseTo(12.293259469931549, withinPercentage(1e-7));
        assertThat(KernelDistance.between(new FeatureSet(Arrays.copyOf(x, 2)), new FeatureSet(doubled)).standardError()).isEmpty();
    }

    @Test
    void theStandardErrorIsHowMuchTheEstimateVariesFromSampleToSample() {
        float[][] samples = normal(200 * 80, 6, 0, 1);
        double[] values = new double[200];
        double errors = 0;
        for (int i = 0; i < values.length; i++) {
            float[][] shifted = Arrays.stream(samples, 80 * i + 40, 80 * i + 80).map(float[]::clone).toArray(float[][]::new);
            for (float[] sample : shifted) {
                sample[0] += 1;
            }
            KernelDistance distance = KernelDistance.between(new FeatureSet(Arrays.copyOfRange(samples, 80 * i, 80 * i + 40)),
                    new FeatureSet(shifted));
            values[i] = distance.value();
            errors += distance.standardError().orElseThrow() / values.length;
        }
        double mean = Arrays.stream(values).average().orElseThrow();
        double deviation = Math.sqrt(Arrays.stream(values).map(value -> (value - mean) * (value - mean)).average().orElseThrow());
        assertThat(errors / deviation).isBetween(0.8, 1.3);
    }

    @Test
    void subsetsOfAllSamplesAreTheWholeSetsAndSmallerOnesVaryAroundThem() {
        FeatureSet x = new FeatureSet(uniform(30, 6, 1, 0));
        FeatureSet y = new FeatureSet(uniform(20, 6, 2, 0.25));
        assertThat(KernelSubsets.of(y, y, 5, 20, 0).mean()).isCloseTo(KernelDistance.between(y, y).value(), within(1e-12));
        assertThat(KernelSubsets.of(y, y, 5, 20, 0).deviation()).isCloseTo(0, within(1e-12));
        KernelSubsets subsets = KernelSubsets.of(x, y, 2000, 10, 3);
        assertThat(subsets.mean()).isCloseTo(0.2208, within(4 * subsets.deviation() / Math.sqrt(2000)));
        assertThat(subsets.deviation()).isGreaterThan(0.1);
        assertThat(KernelSubsets.of(x, y, 50, 10, 3)).isEqualTo(KernelSubsets.of(x, y, 50, 10, 3))
                .isNotEqualTo(KernelSubsets.of(x, y, 50, 10, 4));
    }

    @Test
    void slicedDistanceEqualsNumpysForSetsOfDifferentSizes() {
        FeatureSet x = new FeatureSet(uniform(30, 6, 1, 0));
        FeatureSet y = new FeatureSet(uniform(20, 6, 2, 0.25));
        assertThat(SlicedDistance.between(x, y, 0)).isCloseTo(2.165634138739327, within(1e-9));
        assertThat(SlicedDistance.between(y, x, 7)).isCloseTo(2.2076807249186503, within(1e-9));
        assertThat(SlicedDistance.between(x, x, 0)).isZero();
    }

    @Test
    void slicedDistanceEqualsWhatIsWorkedOutByHand() {
        // projections of X and 2X are sorted alike: the mean of |x|^2 over d, times 3 d
        assertThat(SlicedDistance.between(new FeatureSet(new float[][] {{1, 0}, {0, 1}, {1, 1}}),
                new FeatureSet(new float[][] {{2, 0}, {0, 2}, {2, 2}}), 0)).isCloseTo(4, within(0.15));
        // halves at 0 and 2; thirds at 0, 1 and 2: two sixths move by 1
        assertThat(SlicedDistance.squared(new double[] {0, 2}, new double[] {0, 1, 2})).isCloseTo(1.0 / 3, within(1e-15));
    }

    @Test
    void theBitsDoNotDependOnTheNumberOfCores() {
        float[][] x = normal(700, 40, 0, 1);
        float[][] y = normal(600, 40, 1, 1);
        double kernel = KernelDistance.between(x, y);
        double sliced = SlicedDistance.between(new FeatureSet(x), new FeatureSet(y), 0);
        ForkJoinPool one = new ForkJoinPool(1);
        try {
            assertThat(one.submit(() -> KernelDistance.between(x, y)).join()).isEqualTo(kernel);
            assertThat(one.submit(() -> SlicedDistance.between(new FeatureSet(x), new FeatureSet(y), 0)).join()).isEqualTo(sliced);
        } finally {
            one.shutdown();
        }
    }

    private static double frechet(float[][] x, float[][] y) {
        return FrechetDistance.between(new FeatureSet(x), new FeatureSet(y));
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
