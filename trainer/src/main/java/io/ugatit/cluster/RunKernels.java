package io.ugatit.cluster;

import io.ugatit.job.JobFailedException;

/** What a run is computed by: the kernels that its checkpoint names, and those of its workers round after round. */
final class RunKernels {
    private final TrainedRun run;
    private final TrainOptions options;
    private final TrainingListener listener;
    private final long stepsBefore;
    /** What the workers computed with; null before that is known. */
    private String names;
    private boolean othersTold;

    RunKernels(TrainedRun run, TrainOptions options, TrainingListener listener) {
        this.run = run;
        this.options = options;
        this.listener = listener;
        this.stepsBefore = run.start().stepsDone();
        this.names = run.start().kernels().orElse(null);
    }

    /** Their names, of the last round; null before they are known. */
    String names() {
        return names;
    }

    /**
     * Refuses kernels that may not follow upon those before, and writes down those that may. Where GPUs are involved, other kernels are
     * other bits from the first digit after the sixth on.
     *
     * @param now what the round was computed by
     * @param step its last
     * @throws OtherKernelsException if it is so from the first round after a start on, by GPUs
     * @throws JobFailedException if it is so in any other way, or the configuration cannot be published
     */
    void requireSame(String now, long step) {
        if (now.equals(names)) {
            return;
        }
        if (names != null && !options.otherKernels() && (Placement.ofGpus(names) || Placement.ofGpus(now))) {
            String reason = "the run was computed by " + names + ", and its workers now compute by " + now
                    + ": take such as before (--kernels, --precision), or give --other-kernels to go on with these"
                    + run.lastCheckpoint().isSafe();
            boolean fromTheStartOn = stepsBefore + options.averagingFrequency() >= step;
            throw fromTheStartOn && Placement.ofGpus(now) ? new OtherKernelsException(reason) : new JobFailedException(reason);
        }
        if (names != null && !options.otherKernels() && !othersTold) { // on unlike executors they may change with every round
            othersTold = true;
            listener.warning("the run was computed by " + names + ", and its workers now compute by " + now
                    + ": the last bits will be others than without the change");
        }
        names = now;
        run.write(() -> run.directory().publishConfig(run.start().config().put(RunStart.KERNELS, now)));
    }
}
