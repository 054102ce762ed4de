package io.ugatit.retrain;

/**
 * What a night came to.
 *
 * @param outcome what happened to the promoted run
 * @param cycle name of the cycle, such as {@code 0003}; null if there was nothing new
 * @param promoted path of the run that is promoted now; null if none is
 * @param kid mean KID of the new run; null if there was nothing new or no verdict
 * @param startKid mean KID of the run it began with, on the same images; null without one
 * @param reason why, in one line
 * @param seconds how long the job took
 */
public record RetrainResult(Outcome outcome, String cycle, String promoted, Double kid, Double startKid, String reason, double seconds) {

    /** What happened to the promoted run. */
    public enum Outcome {
        /** Images and options were tried before, or a promotion by hand stands: nothing was trained. */
        NOTHING_NEW,
        /** The new run took its place. */
        PROMOTED,
        /** The new run was worse, or somebody has promoted another by hand since it began: that one stays. */
        KEPT
    }
}
