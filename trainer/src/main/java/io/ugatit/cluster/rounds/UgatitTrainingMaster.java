package io.ugatit.cluster.rounds;

import io.ugatit.cluster.feeding.BatchLoader;
import io.ugatit.cluster.transport.Part;
import io.ugatit.cluster.transport.PartBlocks;
import io.ugatit.cluster.transport.PartReducer;
import io.ugatit.cluster.transport.RoundParts;
import io.ugatit.cluster.transport.StateBroadcast;
import io.ugatit.cluster.transport.TrainingState;
import io.ugatit.model.DivergedException;
import io.ugatit.model.UgatitGraph;
import io.ugatit.train.TrainingSchedule;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.deeplearning4j.core.loader.DataSetLoader;
import org.deeplearning4j.core.loader.MultiDataSetLoader;
import org.deeplearning4j.spark.api.WorkerConfiguration;
import org.deeplearning4j.spark.api.worker.NetBroadcastTuple;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;

/**
 * dl4j-spark's parameter averaging for a model of any size. A round is one {@code fitPaths} with a partition of work orders for each worker.
 * Where the stock master counts, splits and shuffles the data, broadcasts the model as one object and adds results up as they finish, here
 * only work orders travel, state goes out in chunks and comes back through a shuffle by chunk, and every chunk is averaged in the order of
 * the workers. A task that is run again gives the same bits, so Spark's own recovery loses nothing.
 */
public final class UgatitTrainingMaster extends ParameterAveragingTrainingMaster {
    private final String training;
    private final RoundOptions options;
    private final Optional<OuterStep> outer;
    private final Runnable beforeTheStateChanges;
    private long stepsDone;
    private volatile RoundReport report;
    /** Held for a round, or Spark's cleaner might free its broadcast while it is being freed, which Spark logs as an error. */
    private UgatitTrainingWorker lastWorker;
    private PartBlocks lastBlocks;

    /**
     * @param training tells trainings apart that use the same executors
     * @param outer what a round ends in, if not in plain averaging
     * @param stepsDone steps that went into the graph's parameters
     * @param beforeTheStateChanges is run before the graph's state is written to
     */
    public UgatitTrainingMaster(String training, RoundOptions options, Optional<OuterStep> outer, long stepsDone,
            Runnable beforeTheStateChanges) {
        super(new Builder(options.workers(), 1).batchSizePerWorker(options.batch()).averagingFrequency(options.averagingFrequency())
                .saveUpdater(true).storageLevelStreams(null));
        this.training = training;
        this.options = options;
        this.outer = outer;
        this.stepsDone = stepsDone;
        this.beforeTheStateChanges = beforeTheStateChanges;
    }

    /** Of the last round. */
    public RoundReport report() {
        return report;
    }

    /**
     * Trains one round.
     *
     * @param graph holds the state before and after
     * @param orders a partition for each worker, all of the same length
     * @param images a {@link BatchLoader}
     * @throws DivergedException as it is, or as a cause, if the training of a worker has diverged, or a mean is no finite number
     */
    @Override
    public void executeTrainingPaths(SparkDl4jMultiLayer network, SparkComputationGraph graph, JavaRDD<String> orders, DataSetLoader unused,
            MultiDataSetLoader images) {
        TrainingState state = state(graph);
        int chunks = state.chunks();
        AtomicBoolean useless = new AtomicBoolean();
        if (lastBlocks != null) {
            lastBlocks.removeLeftovers();
        }
        outer.ifPresent(OuterStep::roundBegins);
        try (UgatitTrainingWorker worker = getWorkerInstance(graph);
                RoundParts parts = new RoundParts(orders.mapPartitionsToPair(new WorkerTask(worker, (BatchLoader) images, options.threads())).rdd(),
                        chunks + 1, state.reducer(numWorkers, RoundReport.mostBytes(averagingFrequency)));
                PartBlocks blocks = new PartBlocks(parts)) {
            blocks.forEach((part, bytes) -> {
                beforeTheStateChanges.run();
                if (part == chunks) {
                    report = RoundReport.of(bytes);
                } else if (Part.isUseless(bytes.remaining())) {
                    useless.set(true);
                } else {
                    state.write(part, bytes);
                }
            });
            if (useless.get()) { // though no worker has said so
                throw PartReducer.notFinite();
            }
            lastWorker = worker;
            lastBlocks = blocks;
        }
        outer.ifPresent(OuterStep::roundEnds);
        if (numWorkers > 1 || outer.isPresent()) {
            ((UgatitGraph) graph.getNetwork()).project();
        }
        stepsDone += report.steps();
    }

    @Override
    public UgatitTrainingWorker getWorkerInstance(SparkComputationGraph graph) {
        JavaSparkContext spark = graph.getSparkContext();
        Broadcast<NetBroadcastTuple> configuration = spark.broadcast(new NetBroadcastTuple(graph.getNetwork().getConfiguration(), null, null));
        return new UgatitTrainingWorker(training, configuration, StateBroadcast.of(configuration.id(), state(graph)), options, stepsDone,
                new WorkerConfiguration(true, 1, batchSizePerWorker, averagingFrequency, 0, false));
    }

    private TrainingState state(SparkComputationGraph graph) {
        return options.state((UgatitGraph) graph.getNetwork(), stepsDone);
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
