package io.ugatit.cluster.rounds;

/** What becomes of Adam's moments when the workers' parameters are averaged. */
public enum MomentsPolicy {
    /** They are averaged as the parameters are. */
    AVERAGE,
    /** They stay where they are and begin at zero in the next round: a third of the bytes travels. */
    RESET
}
