package io.ugatit.cluster;

import io.ugatit.model.UgatitGraph;

/** Is told how a training gets on, in the driver. */
public interface TrainingListener {

    /**
     * The first round is about to begin.
     *
     * @param stepsDone of every worker, by the run so far
     * @param steps in all
     */
    void started(long stepsDone, long steps);

    /** The first round is over: one line that says what the workers compute on. */
    void workers(String line);

    /**
     * A round is over.
     *
     * @param stepsDone of every worker
     * @param dLoss mean of the round's total discriminator losses
     * @param gLoss mean of the round's total generator losses
     */
    void round(long stepsDone, double dLoss, double gLoss);

    /**
     * A checkpoint is published. Called from another thread, while workers compute the next round; the round does not end before this returns.
     *
     * @param graph holds the parameters; not to be changed
     */
    void checkpoint(UgatitGraph graph, long stepsDone);

    /**
     * A checkpoint was judged. Called from another thread, beside the other calls.
     *
     * @param step of the checkpoint
     * @param kid of both directions, summed: the lower the better
     * @param best whether it is the best so far
     */
    default void evaluated(long step, double kid, boolean best) {
        // the run's metrics say it too
    }

    /** Something is wrong that does not stop the training: one line. May be called from another thread, beside the other calls. */
    void warning(String line);
}
