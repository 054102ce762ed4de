package io.ugatit.cluster;

import io.ugatit.model.UgatitGraph;
import io.ugatit.train.TrainingSchedule;
import java.io.Serializable;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ShuffleDependency;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.rdd.ShuffledRDD;
import org.apache.spark.serializer.JavaSerializer;
import org.deeplearning4j.core.loader.DataSetLoader;
import org.deeplearning4j.core.loader.MultiDataSetLoader;
import org.deeplearning4j.spark.api.WorkerConfiguration;
import org.deeplearning4j.spark.api.worker.NetBroadcastTuple;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import scala.Function2;
import scala.collection.Iterator;
import scala.collection.Seq;
import scala.collection.immutable.Range$;
import scala.reflect.ClassTag$;
import scala.runtime.BoxedUnit;

/**
 * dl4j-spark's parameter averaging for a model of any size. A round is one {@code fitPaths} with a partition of work orders for each worker.
 * Where the stock master counts, splits and shuffles the data, broadcasts the model as one object and adds results up as they finish, here
 * only work orders travel, state goes out in chunk broadcasts and comes back through a shuffle by chunk, and every chunk is averaged in the
 * order of the workers. A task that is run again gives the same bits, so Spark's own recovery loses nothing.
 */
final class UgatitTrainingMaster extends ParameterAveragingTrainingMaster {
    /** Parts that one Spark job brings to the driver: {@code spark.driver.maxResultSize}, 1 GB unless set, limits them together. */
    private static final int PARTS_A_JOB = 16;

    private final String training;
    private final TrainingSchedule schedule;
    private final int threads;
    private final MomentsPolicy moments;
    private final Optional<OuterStep> outer;
    private final int chunkBytes;
    private long stepsDone;
    private RoundReport report;

    /**
     * @param training tells trainings apart that use the same executors
     * @param threads that one worker computes with
     * @param outer what a round ends in, if not in plain averaging
     * @param chunkBytes of the pieces in which state travels, a multiple of 4
     * @param stepsDone steps that went into the graph's parameters
     */
    UgatitTrainingMaster(String training, TrainOptions options, Optional<OuterStep> outer, int threads, int chunkBytes, long stepsDone) {
        super(new Builder(options.workers(), 1).batchSizePerWorker(options.batch()).averagingFrequency(options.averagingFrequency())
                .saveUpdater(true).storageLevelStreams(null));
        this.training = training;
        this.schedule = options.schedule();
        this.moments = options.moments();
        this.outer = outer;
        this.threads = threads;
        this.chunkBytes = chunkBytes;
        this.stepsDone = stepsDone;
    }

    /** Of the last round. */
    RoundReport report() {
        return report;
    }

    /**
     * Trains one round.
     *
     * @param graph holds the state before and after
     * @param orders a partition for each worker, all of the same length
     * @param images a {@link BatchLoader}
     */
    @Override
    public void executeTrainingPaths(SparkDl4jMultiLayer network, SparkComputationGraph graph, JavaRDD<String> orders, DataSetLoader unused,
            MultiDataSetLoader images) {
        TrainingState state = state(graph);
        int chunks = state.chunks();
        UgatitTrainingWorker worker = getWorkerInstance(graph);
        outer.ifPresent(OuterStep::roundBegins);
        JavaPairRDD<Long, byte[]> parts = orders.mapPartitionsToPair(new WorkerTask(worker, (BatchLoader) images, threads))
                .repartitionAndSortWithinPartitions(new PartKey.ByPart(chunks + 1));
        forgetWhatIsWritten((ShuffledRDD<?, ?, ?>) parts.rdd());
        JavaRDD<byte[]> reduced = parts.mapPartitionsWithIndex(new PartReducer(chunks, numWorkers), true);
        try {
            forEachPart(reduced, chunks + 1, (part, result) -> {
                if (part < chunks) {
                    state.write(part, result);
                } else {
                    report = RoundReport.of(result);
                }
            });
        } finally {
            worker.destroyBroadcasts();
            forgetShuffle(graph.getSparkContext(), parts);
        }
        outer.ifPresent(OuterStep::roundEnds);
        if (numWorkers > 1 || outer.isPresent()) {
            ((UgatitGraph) graph.getNetwork()).project();
        }
        stepsDone += report.steps();
    }

    /** Java's object streams hold on to what they have written until they are reset: with one for each part, to the whole state. */
    private static void forgetWhatIsWritten(ShuffledRDD<?, ?, ?> shuffled) {
        shuffled.setSerializer(new JavaSerializer(shuffled.context().getConf().set("spark.serializer.objectStreamReset", "1")));
    }

    /** Each as soon as it is there; {@code collect} would hold all of a job's together. */
    private static void forEachPart(JavaRDD<byte[]> reduced, int parts, BiConsumer<Integer, byte[]> receive) {
        for (int from = 0; from < parts; from += PARTS_A_JOB) {
            int first = from;
            reduced.context().runJob(reduced.rdd(),
                    (Function2<TaskContext, Iterator<byte[]>, byte[]> & Serializable) (task, results) -> results.next(),
                    (Seq<Object>) (Seq<?>) Range$.MODULE$.apply(from, Math.min(from + PARTS_A_JOB, parts)),
                    (Function2<Object, byte[], BoxedUnit>) (index, result) -> {
                        receive.accept(first + (Integer) index, result);
                        return BoxedUnit.UNIT;
                    }, ClassTag$.MODULE$.apply(byte[].class));
        }
    }

    /** Spark would keep the workers' states on disk until Java happens to collect the RDD. */
    private static void forgetShuffle(JavaSparkContext spark, JavaPairRDD<Long, byte[]> parts) {
        SparkContext context = spark.sc();
        if (context.cleaner().isDefined() && parts.rdd().dependencies().head() instanceof ShuffleDependency<?, ?, ?> dependency) {
            context.cleaner().get().doCleanupShuffle(dependency.shuffleId(), false);
        }
    }

    @Override
    public UgatitTrainingWorker getWorkerInstance(SparkComputationGraph graph) {
        JavaSparkContext spark = graph.getSparkContext();
        Broadcast<NetBroadcastTuple> configuration = spark.broadcast(new NetBroadcastTuple(graph.getNetwork().getConfiguration(), null, null));
        return new UgatitTrainingWorker(training, configuration, StateBroadcast.of(spark, state(graph)), moments, chunkBytes, schedule, stepsDone,
                new WorkerConfiguration(true, 1, batchSizePerWorker, averagingFrequency, 0, false));
    }

    private TrainingState state(SparkComputationGraph graph) {
        return new TrainingState((UgatitGraph) graph.getNetwork(), moments, chunkBytes);
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
