package io.ugatit.evaluate.distance;

import java.util.Arrays;
import java.util.Random;

/**
 * KID as torch-fidelity and clean-fid report it: the mean and the standard deviation of the unbiased estimates over random subsets of both
 * sets, drawn without replacement. The standard deviation tells how estimates of so few images vary; it is no error of the mean, since
 * the subsets share images.
 *
 * @param mean over the subsets
 * @param deviation the root of the mean squared difference to the mean
 */
public record KernelSubsets(double mean, double deviation) {

    /**
     * The estimates of random subsets.
     *
     * @param count of the subsets, at least 1
     * @param size of each, from 2 to the size of the smaller set
     * @param seed of the draws; another gives other subsets
     */
    public static KernelSubsets of(FeatureSet x, FeatureSet y, int count, int size, long seed) {
        Random random = new Random(seed);
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            float[][] some = draw(x.rows(), size, random);
            values[i] = KernelDistance.between(some, draw(y.rows(), size, random));
        }
        double mean = Arrays.stream(values).sum() / count;
        double squares = 0;
        for (double value : values) {
            squares += (value - mean) * (value - mean);
        }
        return new KernelSubsets(mean, Math.sqrt(squares / count));
    }

    /** So many different samples: the beginning of a random order (Fisher and Yates). */
    private static float[][] draw(float[][] rows, int size, Random random) {
        float[][] order = rows.clone();
        for (int i = 0; i < size; i++) {
            int other = i + random.nextInt(order.length - i);
            float[] row = order[i];
            order[i] = order[other];
            order[other] = row;
        }
        return Arrays.copyOf(order, size);
    }
}
