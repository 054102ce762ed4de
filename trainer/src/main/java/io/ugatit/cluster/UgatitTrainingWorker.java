package io.ugatit.cluster;

import io.ugatit.model.UgatitGraph;
import io.ugatit.train.AlternatingStep;
import io.ugatit.train.TrainingSchedule;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.TaskCompletionListener;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.api.WorkerConfiguration;
import org.deeplearning4j.spark.api.worker.NetBroadcastTuple;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingWorker;

/**
 * dl4j-spark's worker with another model: a graph with the alternating step in it, whose state arrives in chunks instead of in the stock
 * worker's one broadcast object.
 */
final class UgatitTrainingWorker extends ParameterAveragingTrainingWorker {
    private static final long serialVersionUID = 1L;
    private final String training;
    private final Broadcast<NetBroadcastTuple> configuration;
    private final List<Broadcast<byte[]>> chunks;
    private final MomentsPolicy moments;
    private final int chunkBytes;
    private final TrainingSchedule schedule;
    private final long stepsDone;
    private transient WorkerSlot slot;
    private transient AlternatingStep step;

    /**
     * @param training tells trainings apart that use the same executors
     * @param configuration of the graph, without parameters
     * @param chunks of the state after {@code stepsDone}
     */
    UgatitTrainingWorker(String training, Broadcast<NetBroadcastTuple> configuration, List<Broadcast<byte[]>> chunks,
            MomentsPolicy moments, int chunkBytes, TrainingSchedule schedule, long stepsDone, WorkerConfiguration workerConfiguration) {
        super(configuration, true, workerConfiguration, null, null, null);
        this.training = training;
        this.configuration = configuration;
        this.chunks = chunks;
        this.moments = moments;
        this.chunkBytes = chunkBytes;
        this.schedule = schedule;
        this.stepsDone = stepsDone;
    }

    @Override
    public ComputationGraph getInitialModelGraph() {
        slot = WorkerSlot.take(training, () -> {
            UgatitGraph graph = new UgatitGraph(configuration.value().getGraphConfiguration().clone());
            graph.init();
            graph.prepareTraining();
            return graph;
        });
        TaskCompletionListener giveBack = context -> slot.giveBack(training);
        TaskContext.get().addTaskCompletionListener(giveBack);
        TrainingState state = state();
        for (int chunk = 0; chunk < chunks.size(); chunk++) {
            state.write(chunk, chunks.get(chunk).value());
        }
        step = new AlternatingStep(slot.graph(), schedule, stepsDone);
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

    /** Frees the memory of the broadcasts everywhere, once the round is over. */
    void destroyBroadcasts() {
        chunks.forEach(Broadcast::destroy);
        configuration.destroy();
    }

    /** The graph's state, as it travels; after {@link #getInitialModelGraph}. */
    TrainingState state() {
        return new TrainingState(slot.graph(), moments, chunkBytes);
    }
}
