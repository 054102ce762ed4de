package io.ugatit.cluster.rounds;

import io.ugatit.cluster.transport.StateBroadcast;
import io.ugatit.cluster.transport.TrainingState;
import io.ugatit.job.TaskGpus;
import io.ugatit.model.UgatitGraph;
import io.ugatit.tensor.choice.KernelChoice;
import io.ugatit.train.AlternatingStep;
import io.ugatit.train.TrainingSchedule;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.TaskCompletionListener;
import org.apache.spark.util.TaskFailureListener;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.api.WorkerConfiguration;
import org.deeplearning4j.spark.api.worker.NetBroadcastTuple;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingWorker;

/**
 * dl4j-spark's worker with another model: a graph with the alternating step in it, whose state arrives in chunks instead of in the stock
 * worker's one broadcast object.
 */
final class UgatitTrainingWorker extends ParameterAveragingTrainingWorker implements AutoCloseable {
    private static final long serialVersionUID = 1L;
    private final String training;
    private final Broadcast<NetBroadcastTuple> configuration;
    private final StateBroadcast sent;
    private final RoundOptions options;
    private final long stepsDone;
    private transient WorkerSlot slot;
    private transient AlternatingStep step;
    private transient boolean failed;

    /**
     * @param training tells trainings apart that use the same executors
     * @param configuration of the graph, without parameters
     * @param sent the state after {@code stepsDone}, freed with the configuration
     */
    UgatitTrainingWorker(String training, Broadcast<NetBroadcastTuple> configuration, StateBroadcast sent,
            RoundOptions options, long stepsDone, WorkerConfiguration workerConfiguration) {
        super(configuration, true, workerConfiguration, null, null, null);
        this.training = training;
        this.configuration = configuration;
        this.sent = sent;
        this.options = options;
        this.stepsDone = stepsDone;
    }

    @Override
    public ComputationGraph getInitialModelGraph() {
        KernelChoice kernels = KernelChoice.of(options.kernels(), TaskGpus.addresses());
        slot = WorkerSlot.take(training, kernels, options.batch(), () -> {
            UgatitGraph graph = UgatitGraph.zeros(configuration.value().getGraphConfiguration().clone());
            graph.prepareTraining();
            return graph;
        });
        TaskFailureListener close = (context, failure) -> { // a step that has ended on the way has not given back what it took
            failed = true;
            slot.close();
        };
        TaskContext.get().addTaskFailureListener(close);
        TaskCompletionListener leave = context -> {
            if (!failed) {
                slot.giveBack(training);
            }
        };
        TaskContext.get().addTaskCompletionListener(leave);
        sent.into(state());
        slot.graph().load();
        step = slot.step(options.schedule(), stepsDone);
        slot.graph().setTrainingStep(step);
        return slot.graph();
    }

    /** What this task has taken from its executor; after {@link #getInitialModelGraph}. */
    WorkerSlot slot() {
        return slot;
    }

    /** The step in the graph; after {@link #getInitialModelGraph}. */
    AlternatingStep step() {
        return step;
    }

    /** Frees what was sent everywhere, once the round is over. */
    @Override
    public void close() {
        configuration.destroy();
    }

    /** The graph's state, as it travels; after {@link #getInitialModelGraph}. */
    TrainingState state() {
        return options.state(slot.graph(), stepsDone);
    }
}
