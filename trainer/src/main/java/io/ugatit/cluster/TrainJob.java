package io.ugatit.cluster;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.ugatit.checkpoint.Checkpoint;
import io.ugatit.checkpoint.CheckpointStore;
import io.ugatit.checkpoint.MetricsLog;
import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.dataset.Domain;
import io.ugatit.dataset.ImageDataset;
import io.ugatit.dataset.Split;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import io.ugatit.model.UgatitGraph;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.LongStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Trains the six networks on Spark by rounds of parameter averaging, and publishes checkpoints. May be killed at any time: started again it
 * goes on from the last checkpoint and ends in the same bits.
 */
public final class TrainJob {
    /** Bytes of the chunks in which state travels. */
    private static final int CHUNK_BYTES = 32 << 20;

    private final SparkSession spark;
    private final TrainOptions options;
    private final TrainingListener listener;
    private final ObjectMapper json = new ObjectMapper();

    /**
     * @param spark the session to train in
     * @param listener is told how it gets on
     */
    public TrainJob(SparkSession spark, TrainOptions options, TrainingListener listener) {
        this.spark = spark;
        this.options = options;
        this.listener = listener;
    }

    /**
     * Trains until all steps are done.
     *
     * @throws InvalidRequestException if data set, run and options do not go together; nothing was written then
     * @throws JobFailedException if training cannot go on; the message names the last checkpoint
     */
    public TrainResult run() {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        Configuration configuration = context.hadoopConfiguration();
        RunDirectory run = new RunDirectory(configuration, new Path(options.run()));
        ImageDataset dataset = ImageDataset.open(options.data(), configuration);
        RunStart start = RunStart.find(options, run, dataset, threadsPerWorker(context));
        requireImages(dataset, start);
        UgatitGraph graph = UgatitGraph.create(start.network(), options.seed());
        if (options.moments() == MomentsPolicy.AVERAGE || options.outer().isOn()) {
            graph.prepareTraining(); // gradients and moments are three times as large as the parameters
        }
        Optional<OuterStep> outer = options.outer().isOn() ? Optional.of(new OuterStep(graph, options.outer())) : Optional.empty();
        start.checkpoint().ifPresent(checkpoint -> restore(checkpoint, graph, optimizerState(graph, outer)));

        start.warnings().forEach(listener::warning);
        MetricsLog metrics = new MetricsLog(run);
        try {
            run.removeStale();
            run.publishConfig(start.config());
            metrics.dropAfter(start.stepsDone());
        } catch (JobFailedException e) {
            throw new JobFailedException(e.getMessage() + safe(start.checkpoint().map(Checkpoint::step)), e);
        }
        return new Rounds(context, graph, outer, new BatchLoader(dataset, configuration, options, start.network().size()), start,
                new CheckpointStore(run), metrics).train();
    }

    /** As many as a task has; in local mode a share of all slots, since nobody else needs them. */
    private int threadsPerWorker(JavaSparkContext context) {
        int perTask = context.getConf().getInt("spark.task.cpus", 1);
        return context.isLocal() ? Math.max(perTask, context.defaultParallelism() / options.workers()) : perTask;
    }

    private void requireImages(ImageDataset dataset, RunStart start) {
        int size = start.network().size();
        if (dataset.manifest().size() != size) {
            throw new InvalidRequestException("--data " + options.data() + " is prepared for --size " + dataset.manifest().size()
                    + ", not " + size + ": give --size " + dataset.manifest().size() + ", or prepare the images again");
        }
        for (Domain domain : Domain.values()) {
            if (dataset.count(domain, Split.TRAIN) == 0) {
                throw new InvalidRequestException("--data " + options.data() + " has no training images of domain " + domain);
            }
        }
    }

    /** What a run needs besides parameters to go on as if it had never stopped; empty if all of it begins at zero in every round. */
    private Map<String, INDArray> optimizerState(UgatitGraph graph, Optional<OuterStep> outer) {
        Map<String, INDArray> state = new LinkedHashMap<>();
        if (options.moments() == MomentsPolicy.AVERAGE) {
            state.putAll(graph.namedMoments());
        }
        outer.ifPresent(step -> state.putAll(step.named()));
        return state;
    }

    private static void restore(Checkpoint checkpoint, UgatitGraph graph, Map<String, INDArray> optimizerState) {
        // an imported run has parameters only; its optimizers start at zero, as they are
        checkpoint.readInto(graph.namedParameters(), checkpoint.hasMoments() ? optimizerState : Map.of());
    }

    /** What every failure ends in. */
    private static String safe(Optional<Long> checkpoint) {
        return checkpoint.map(step -> "; the checkpoint of step " + step + " is safe").orElse("; there is no checkpoint yet");
    }

    /** The rounds of one training. */
    private final class Rounds {
        private final JavaSparkContext context;
        private final UgatitGraph graph;
        private final Optional<OuterStep> outer;
        private final BatchLoader images;
        private final int threads;
        private final CheckpointStore store;
        private final MetricsLog metrics;
        private final TrainingMetrics gauges = new TrainingMetrics();
        private final String training = UUID.randomUUID().toString();
        private final long stepsBefore;
        private long stepsDone;
        private Optional<Long> lastCheckpoint;
        private double averagingSeconds;
        private double dLoss = Double.NaN;
        private double gLoss = Double.NaN;

        Rounds(JavaSparkContext context, UgatitGraph graph, Optional<OuterStep> outer, BatchLoader images, RunStart start,
                CheckpointStore store, MetricsLog metrics) {
            this.context = context;
            this.graph = graph;
            this.outer = outer;
            this.images = images;
            this.threads = start.threads();
            this.store = store;
            this.metrics = metrics;
            this.stepsBefore = start.stepsDone();
            this.stepsDone = stepsBefore;
            this.lastCheckpoint = start.checkpoint().map(Checkpoint::step);
        }

        TrainResult train() {
            UgatitTrainingMaster master = new UgatitTrainingMaster(training, options, outer, threads, CHUNK_BYTES, stepsDone);
            SparkComputationGraph sparkGraph = new SparkComputationGraph(context, graph, master);
            long began = System.nanoTime();
            listener.started(stepsDone, options.steps());
            try {
                while (stepsDone < options.steps()) {
                    round(sparkGraph, master);
                    long roundsDone = (stepsDone + options.averagingFrequency() - 1) / options.averagingFrequency();
                    if (roundsDone % options.checkpointEvery() == 0 || stepsDone == options.steps()) {
                        publish();
                    }
                }
            } finally {
                WorkerSlot.forget(training);
                gauges.close();
                context.sc().setJobDescription(null);
            }
            long stepsNow = stepsDone - stepsBefore;
            return new TrainResult(options.run(), stepsDone, stepsNow, 2 * stepsNow * options.workers() * options.batch(),
                    (System.nanoTime() - began) / 1e9, averagingSeconds, dLoss, gLoss);
        }

        private void round(SparkComputationGraph sparkGraph, UgatitTrainingMaster master) {
            // a round begins at a multiple of the averaging frequency, whatever was resumed
            long round = stepsDone / options.averagingFrequency();
            long last = Math.min((round + 1) * options.averagingFrequency(), options.steps());
            context.sc().setJobDescription("round " + (round + 1) + ": steps " + (stepsDone + 1) + " to " + last);
            long began = System.nanoTime();
            try {
                sparkGraph.fitPaths(workOrders(stepsDone + 1, last), images);
            } catch (Exception e) { // Scala throws SparkException, which is checked, undeclared
                throw failed(e);
            }
            stepsDone = last;
            record(master.report());
            double seconds = (System.nanoTime() - began) / 1e9;
            double averaging = seconds - master.report().stepsSeconds();
            averagingSeconds += averaging;
            gauges.set("step", stepsDone);
            gauges.set("round_seconds", seconds);
            gauges.set("averaging_seconds", averaging);
            gauges.set("images_per_second", 2 * (last - round * options.averagingFrequency()) * options.workers() * options.batch() / seconds);
            listener.round(stepsDone, dLoss, gLoss);
            if (stepsBefore + options.averagingFrequency() >= last) {
                warnOfWaitingWorkers();
                Placement placement = new Placement(master.report().workers());
                listener.workers(placement.line());
                placement.warnings().forEach(listener::warning);
            }
        }

        /** After the first round, when the executors are there. */
        private void warnOfWaitingWorkers() {
            int slots = context.defaultParallelism() / context.getConf().getInt("spark.task.cpus", 1);
            if (options.workers() > slots && !context.getConf().contains("spark.default.parallelism")) {
                listener.warning("--workers is " + options.workers() + ", but there are " + slots + " slots: in every round some workers wait"
                        + " for others; the result is the same");
            }
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

        private void record(RoundReport report) {
            dLoss = report.mean("d_total");
            gLoss = report.mean("g_total");
            if (!Double.isFinite(dLoss) || !Double.isFinite(gLoss)) {
                throw new JobFailedException("the losses are no longer finite before step " + stepsDone + ": a lower --lr may help"
                        + lastCheckpoint());
            }
            metrics.append(report.losses());
            report.lossNames().forEach(name -> gauges.set(name, report.mean(name)));
        }

        private void publish() {
            try {
                metrics.publish(stepsDone);
                store.publish(stepsDone, graph.namedParameters(), optimizerState(graph, outer),
                        json.createObjectNode().put("step", stepsDone));
                lastCheckpoint = Optional.of(stepsDone);
                gauges.set("checkpoint_step", stepsDone);
                store.prune(options.keep());
                listener.checkpoint(graph, stepsDone);
            } catch (JobFailedException e) { // no space left, say
                throw new JobFailedException(e.getMessage() + lastCheckpoint(), e);
            }
        }

        private JobFailedException failed(Exception e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof JobFailedException || cause instanceof InvalidRequestException) {
                    return new JobFailedException(cause.getMessage() + lastCheckpoint(), e);
                }
            }
            return new JobFailedException("round after step " + stepsDone + " failed: " + firstLine(e) + lastCheckpoint(), e);
        }

        private String lastCheckpoint() {
            return safe(lastCheckpoint);
        }

        private static String firstLine(Throwable e) {
            String message = String.valueOf(e.getMessage());
            return message.lines().findFirst().orElse(e.getClass().getSimpleName());
        }
    }
}
