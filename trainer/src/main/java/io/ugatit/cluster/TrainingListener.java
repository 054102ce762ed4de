package io.ugatit.cluster;

import io.ugatit.model.UgatitGraph;

/** Is told how a training gets on, in the driver. */
public interface TrainingListener {

    /**
     * A round is over.
     *
     * @param stepsDone of every worker
     * @param steps in all
     * @param dLoss mean of the round's total discriminator losses
     * @param gLoss mean of the round's total generator losses
     */
    void round(long stepsDone, long steps, double dLoss, double gLoss);

    /**
     * A checkpoint is published.
     *
     * @param graph holds the parameters; not to be changed
     */
    void checkpoint(UgatitGraph graph, long stepsDone);

    /** Something is wrong that does not stop the training: one line. */
    void warning(String line);
}
