package io.ugatit.cluster.rounds;

/** What becomes of Adam's moments when the workers' parameters are averaged. */
public enum MomentsPolicy {
    /** They are averaged as the parameters are. */
    AVERAGE,
    /**
     * The second ones are averaged; the first ones stay where they are and begin at zero in the next round, whose first steps are short
     * therefore: two thirds of the bytes travel. With their decays of 0.999 and 0.5 the second ones remember 693 steps to a half, the
     * first ones a single one (DES-LOC, arXiv 2505.22549, averages each as often as it forgets).
     */
    SECOND,
    /** As {@link #SECOND}, and the second ones travel in 16 bits, as which they go on everywhere: half of the bytes travels. */
    COMPACT,
    /** They stay where they are and begin at zero in the next round: a third of the bytes travels. */
    RESET;

    /** So many steps of a round at least hardly miss the length that their first ones lack. */
    private static final int LONG_ROUND = 10;

    /**
     * What is right unless something else is asked for: the bytes are halved, but not for one worker, who trains as if there were no
     * rounds, nor in rounds so short that first moments would be missed.
     *
     * @param workers that train side by side
     * @param averagingFrequency steps of a round
     */
    public static MomentsPolicy usual(int workers, int averagingFrequency) {
        return workers > 1 && averagingFrequency >= LONG_ROUND ? COMPACT : AVERAGE;
    }

    /** Whether the first moments go on from round to round. */
    public boolean keepsFirst() {
        return this == AVERAGE;
    }

    /** Whether the second moments go on from round to round. */
    public boolean keepsSecond() {
        return this != RESET;
    }
}
