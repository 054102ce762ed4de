package io.ugatit.cluster;

import io.ugatit.cluster.feeding.BatchLoader;
import io.ugatit.cluster.feeding.WorkOrder;
import io.ugatit.cluster.rounds.RoundReport;
import io.ugatit.cluster.rounds.UgatitTrainingMaster;
import io.ugatit.cluster.rounds.WorkerSlot;
import io.ugatit.job.FileFailure;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import io.ugatit.model.DivergedException;
import io.ugatit.model.RhoLayer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.LongStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The rounds of one training, each by jobs of Spark that change the driver's state, and what a round fails with. */
final class SparkRounds implements AutoCloseable {
    private static final String NO_SPACE = "No space left on device";

    private final JavaSparkContext context;
    private final TrainOptions options;
    private final DriverState state;
    private final BatchLoader images;
    private final TrainedRun run;
    private final TrainingCheckpoints checkpoints;
    private final String training = UUID.randomUUID().toString();
    private final UgatitTrainingMaster master;
    private final SparkComputationGraph graph;
    /** Views of the graph's parameters: to ask for all of them after every round would take longer than to look at these. */
    private final Map<RhoLayer, INDArray> rhos;
    private final CollapseWatch collapse = new CollapseWatch();

    /**
     * @param state to begin with, and the one that is reached
     * @param checkpoints of the state, which does not change until they are settled
     */
    SparkRounds(JavaSparkContext context, TrainOptions options, DriverState state, BatchLoader images, TrainedRun run,
            TrainingCheckpoints checkpoints) {
        this.context = context;
        this.options = options;
        this.state = state;
        this.images = images;
        this.run = run;
        this.checkpoints = checkpoints;
        this.master = new UgatitTrainingMaster(training, options.rounds(run.start().threads()), state.outer(), run.start().stepsDone(),
                checkpoints::settle);
        this.graph = new SparkComputationGraph(context, state.graph(), master);
        this.rhos = RhoLayer.among(state.graph().namedParameters());
    }

    /** Tells trainings apart that use the same session. */
    String training() {
        return training;
    }

    /** Rho of every layer that has one, as the last round has left them; not to be changed. */
    Map<RhoLayer, INDArray> rhos() {
        return rhos;
    }

    /**
     * Trains one round.
     *
     * @param stepsDone before it
     * @param last its last step
     * @return what its workers tell
     * @throws JobFailedException if the round or the checkpoint beside it fails; among its causes is a {@link DivergedException} if the
     *     training has diverged
     */
    RoundReport train(long stepsDone, long last) {
        context.sc().setJobDescription("round " + (stepsDone / options.averagingFrequency() + 1) + ": steps " + (stepsDone + 1) + " to "
                + last);
        try {
            graph.fitPaths(workOrders(stepsDone + 1, last), images);
            collapse.look(master.report().glimpses());
        } catch (Exception | OutOfMemoryError e) { // Scala throws SparkException, which is checked, undeclared
            try {
                checkpoints.settle();
            } catch (RuntimeException | Error checkpoint) { // which a round ends with too
                checkpoint.addSuppressed(e);
                throw checkpoint;
            }
            throw failed(e, stepsDone, last);
        }
        state.average().ifPresent(average -> average.roundEnds(master.report().steps()));
        return master.report();
    }

    /** A partition for each worker, in the order of the workers. */
    private JavaRDD<String> workOrders(long first, long last) {
        List<String> orders = new ArrayList<>();
        for (int worker = 0; worker < options.workers(); worker++) {
            int number = worker;
            LongStream.rangeClosed(first, last).forEach(step -> orders.add(new WorkOrder(step, number).path()));
        }
        return context.parallelize(orders, options.workers());
    }

    private JobFailedException failed(Throwable e, long stepsDone, long last) {
        String isSafe = run.lastCheckpoint().isSafe();
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof DivergedException) {
                return new JobFailedException("training diverged " + (stepsDone + 1 == last ? "at step " : "in steps " + (stepsDone + 1)
                        + " to ") + last + ": " + cause.getMessage() + isSafe, e);
            }
            if (cause instanceof JobFailedException || cause instanceof InvalidRequestException) {
                return new JobFailedException(cause.getMessage() + isSafe, e);
            }
        }
        String reason = FileFailure.reason(e);
        // what tasks write lies there and nowhere else
        String where = reason.contains(NO_SPACE) ? ", in a folder of spark.local.dir" : "";
        return new JobFailedException("round after step " + stepsDone + " failed: " + reason + where + isSafe, e);
    }

    /** Frees what the rounds have left on executors; for after the last one. */
    void forgetOnExecutors() {
        WorkerSlot.forgetOnExecutors(context, training);
    }

    /** Frees what the rounds have left in this JVM. */
    @Override
    public void close() {
        context.sc().setJobDescription(null);
        WorkerSlot.forget(training);
    }
}
