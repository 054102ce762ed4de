package io.ugatit.cluster;

/**
 * What a training came to.
 *
 * @param run folder of the run
 * @param steps that every worker has made in all
 * @param stepsNow of those, made by this job; fewer if it resumed a run
 * @param images seen by this job, both domains and all workers
 * @param seconds that the rounds of this job took, with averaging and checkpoints
 * @param averagingSeconds of those, what rounds took longer than their slowest worker's steps: state on its way, waiting for slots,
 *     and for a checkpoint of the round before that was not yet published
 * @param dLoss mean total loss of the discriminators in the last round of this job; NaN if it made none
 * @param gLoss mean total loss of the generators likewise
 * @param best step of the checkpoint that is the best by the training's evaluations; null if there were none
 * @param stoppedEarly whether it ended before all steps were done, since its hours have passed or evaluations found no better one for too long
 * @param timeIsUp whether its hours have passed
 */
public record TrainResult(String run, long steps, long stepsNow, long images, double seconds, double averagingSeconds,
        double dLoss, double gLoss, Long best, boolean stoppedEarly, boolean timeIsUp) { }
