package io.ugatit.train;

import java.util.SplittableRandom;

/**
 * Where on the lines between real and translated images a gradient penalty looks: uniform numbers in [0, 1), a pure function of the seed,
 * the step and the worker, so that any step can be repeated by anyone.
 */
@FunctionalInterface
interface RandomShares {

    /**
     * @param step counts from 1
     * @param worker from 0
     * @param count how many
     */
    double[] of(long step, int worker, int count);

    /** Those of a seed. */
    static RandomShares of(long seed) {
        return (step, worker, count) -> {
            long ofStep = new SplittableRandom(seed).nextLong() + step;
            long ofWorker = new SplittableRandom(ofStep).nextLong() + worker;
            return new SplittableRandom(ofWorker).doubles(count).toArray();
        };
    }
}
