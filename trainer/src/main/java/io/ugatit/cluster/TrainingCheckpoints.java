package io.ugatit.cluster;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.ugatit.checkpoint.CheckpointStore;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import io.ugatit.job.Program;
import io.ugatit.report.sample.Sampler;
import java.util.Optional;

/** The checkpoints of one training: published beside the rounds that follow them, one at a time, with the samples drawn from each. */
final class TrainingCheckpoints implements AutoCloseable {
    private final TrainedRun run;
    private final DriverState state;
    private final CheckpointStore store;
    private final int keep;
    private final Optional<Sampler> sampler;
    private final TrainingListener listener;
    private final BackgroundWork work = new BackgroundWork("ugatit-checkpoint");

    /**
     * @param state what they hold
     * @param keep how many stay
     * @param sampler draws at every checkpoint, if at all
     */
    TrainingCheckpoints(TrainedRun run, DriverState state, int keep, Optional<Sampler> sampler, TrainingListener listener) {
        this.run = run;
        this.state = state;
        this.store = new CheckpointStore(run.directory());
        this.keep = keep;
        this.sampler = sampler;
        this.listener = listener;
    }

    /**
     * Does what a training that was killed after it had published the checkpoint has not come to.
     *
     * @param step of the checkpoint, 0 if there is none
     */
    void finish(long step) {
        if (step > 0) {
            run.write(() -> {
                store.nameLatest(step);
                store.prune(keep);
                if (sampler.isPresent() && !sampler.get().has(step)) {
                    sample(step);
                }
            });
        }
    }

    /**
     * Begins to publish the checkpoint of a step; the state must not change until that is {@link #settle settled}.
     *
     * @param kernels that the workers have computed with
     * @param gauges are set when it is there
     */
    void begin(long step, String kernels, TrainingMetrics gauges) {
        work.begin(() -> run.write(() -> {
            state.publish(store, step, JsonNodeFactory.instance.objectNode().put("step", step).put(RunStart.PROGRAM, Program.build())
                    .put(RunStart.KERNELS, kernels));
            run.published(step);
            gauges.set("checkpoint_step", step);
            store.prune(keep);
            sample(step);
            listener.checkpoint(state.graph(), step);
        }));
    }

    /** Pictures of days of training are no reason to end it. */
    private void sample(long step) {
        try {
            sampler.ifPresent(draws -> run.records().samples(draws.sample(state.graph(), step)));
        } catch (RuntimeException | OutOfMemoryError e) {
            boolean told = e instanceof JobFailedException || e instanceof InvalidRequestException;
            listener.warning((told ? e.getMessage() : "no samples after step " + step + ": " + e) + "; the checkpoint of step " + step
                    + " is whole, the training goes on");
        }
    }

    /** Waits until what has begun is published, and throws what could not be written. */
    void settle() {
        work.settle();
    }

    /** Deletes what is not to stay. */
    void prune() {
        run.write(() -> store.prune(keep));
    }

    /** The step of the best one, if some were judged. */
    Optional<Long> best() {
        return store.best();
    }

    /** Waits until nothing is being published. */
    @Override
    public void close() {
        work.close();
    }
}
