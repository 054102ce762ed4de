package io.ugatit.cluster;

import io.ugatit.model.UgatitGraph;
import io.ugatit.process.Waiting;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;

/** Does harm once to a training, in the round after step 9; the checkpoint of step 6 is published by then. */
final class Disturber extends SmallTraining.Silent {
    /** When. */
    enum Moment {
        /** As soon as a task with a worker's steps has started. */
        STEPS,
        /** As soon as a chunk is averaged. */
        AVERAGING
    }

    private final Moment moment;
    private final Runnable harm;
    private final Set<Integer> ofSteps = ConcurrentHashMap.newKeySet();
    private volatile boolean published;
    private volatile boolean armed;
    private volatile boolean done;
    private volatile int executorsLost;
    private volatile Throwable failure = new AssertionError("no harm was done");

    Disturber(Moment moment, Runnable harm) {
        this.moment = moment;
        this.harm = harm;
    }

    int executorsLost() {
        return executorsLost;
    }

    /** Why no harm was done; null if it was. */
    Throwable failure() {
        return failure;
    }

    @Override
    public void checkpoint(UgatitGraph graph, long stepsDone) {
        published = true;
    }

    /** Spark tells of tasks later, so that the training could be over before the harm is. */
    @Override
    public void round(long stepsDone, double dLoss, double gLoss) {
        if (stepsDone == 9) {
            Waiting.until("the checkpoint of step 6 is published", () -> published);
            armed = true;
        } else if (stepsDone > 9) {
            Waiting.until("the harm is done", () -> done);
        }
    }

    SparkListener ofSpark() {
        return new SparkListener() {
            @Override
            public void onStageSubmitted(SparkListenerStageSubmitted stage) {
                if (stage.stageInfo().shuffleDepId().isDefined()) {
                    ofSteps.add(stage.stageInfo().stageId());
                }
            }

            @Override
            public void onTaskStart(SparkListenerTaskStart start) {
                if (moment == Moment.STEPS && ofSteps.contains(start.stageId())) {
                    disturb();
                }
            }

            @Override
            public void onTaskEnd(SparkListenerTaskEnd end) {
                if (moment == Moment.AVERAGING && !ofSteps.contains(end.stageId())) {
                    disturb();
                }
            }

            @Override
            public void onExecutorRemoved(SparkListenerExecutorRemoved removed) {
                executorsLost++;
            }
        };
    }

    private void disturb() {
        if (armed) {
            armed = false;
            try {
                harm.run();
                failure = null;
            } catch (RuntimeException | AssertionError e) {
                failure = e;
            }
            done = true;
        }
    }
}
