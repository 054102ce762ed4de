package io.ugatit.cluster;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ugatit.checkpoint.CheckpointStore;
import io.ugatit.checkpoint.MetricsLog;
import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.cluster.feeding.BatchLoader;
import io.ugatit.cluster.feeding.WorkOrder;
import io.ugatit.cluster.rounds.RoundReport;
import io.ugatit.cluster.rounds.UgatitTrainingMaster;
import io.ugatit.cluster.rounds.WorkerSlot;
import io.ugatit.job.FileFailure;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import io.ugatit.job.Program;
import io.ugatit.dataset.ImageDataset;
import io.ugatit.lock.OutputLock;
import io.ugatit.model.DivergedException;
import io.ugatit.model.RhoLayer;
import io.ugatit.report.sample.Sampler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.LongStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The rounds of one training, and the checkpoints between them. */
final class TrainingRounds {
    private static final String NO_SPACE = "No space left on device";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final SparkSession spark;
    private final JavaSparkContext context;
    private final TrainOptions options;
    private final TrainingListener listener;
    private final DriverState state;
    /** Views of the graph's parameters: to ask for all of them after every round would take longer than to look at these. */
    private final Map<RhoLayer, INDArray> rhos;
    private final BatchLoader images;
    private final int threads;
    /** What the workers computed with; null before that is known. */
    private String kernels;
    private final RunDirectory run;
    private final ImageDataset dataset;
    private final ObjectNode config;
    private final CheckpointStore store;
    private final MetricsLog metrics;
    private final RoundRecords records;
    private final Optional<Sampler> sampler;
    private final OutputLock lock;
    private final CollapseWatch collapse = new CollapseWatch();
    private final TimeBudget time;
    private final String training = UUID.randomUUID().toString();
    private final long stepsBefore;
    private long stepsDone;
    private volatile LastCheckpoint lastCheckpoint;
    private boolean otherKernelsTold;
    private long lastRoundEnded;
    private double averagingSeconds;
    private double dLoss = Double.NaN;
    private double gLoss = Double.NaN;

    /**
     * @param state to begin with, and the one that is reached
     * @param sampler draws at every checkpoint, if at all
     */
    TrainingRounds(SparkSession spark, TrainOptions options, TrainingListener listener, DriverState state, BatchLoader images,
            RunStart start, RunDirectory run, MetricsLog metrics, RoundRecords records, Optional<Sampler> sampler, OutputLock lock) {
        this.spark = spark;
        this.context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        this.options = options;
        this.listener = listener;
        this.state = state;
        this.rhos = RhoLayer.among(state.graph().namedParameters());
        this.images = images;
        this.threads = start.threads();
        this.run = run;
        this.dataset = start.dataset();
        this.config = start.config();
        this.kernels = start.kernels().orElse(null);
        this.store = new CheckpointStore(run);
        this.metrics = metrics;
        this.records = records;
        this.sampler = sampler;
        this.lock = lock;
        this.stepsBefore = start.stepsDone();
        this.stepsDone = stepsBefore;
        this.lastCheckpoint = start.lastCheckpoint();
        this.time = TimeBudget.of(options.hours(), run);
    }

    /** Whether no round is to begin any more, patient or not. */
    private boolean isOver() {
        return stepsDone >= options.steps() || time.isSpent();
    }

    /** Trains until all steps are done, its hours have passed, or patience is lost. */
    TrainResult train() {
        long began = System.nanoTime();
        lastRoundEnded = began;
        try (TrainingMetrics gauges = new TrainingMetrics();
                ExecutorWatch watch = new ExecutorWatch(context.sc(), options.workers(), PATIENCE, () -> lastCheckpoint, listener::warning);
                BackgroundWork checkpoints = new BackgroundWork("ugatit-checkpoint");
                Evaluations evaluations = new Evaluations(spark, options, dataset, run, lock, listener, gauges, records,
                        training)) {
            UgatitTrainingMaster master = new UgatitTrainingMaster(training, options.rounds(threads), state.outer(), stepsDone,
                    checkpoints::settle);
            SparkComputationGraph sparkGraph = new SparkComputationGraph(context, state.graph(), master);
            listener.started(stepsDone, options.steps());
            naming(() -> evaluations.resume(stepsDone, isOver()));
            naming(this::finishCheckpoint);
            boolean patienceLost = evaluations.isExhausted(stepsDone);
            while (!patienceLost && !isOver()) {
                round(sparkGraph, master, gauges, watch, checkpoints);
                long roundsDone = (stepsDone + options.averagingFrequency() - 1) / options.averagingFrequency();
                if (roundsDone % options.checkpointEvery() == 0 || isOver() || evaluations.isDue(stepsDone, false)) {
                    patienceLost = publish(gauges, checkpoints, evaluations);
                }
            }
            checkpoints.settle();
            naming(evaluations::settle);
            naming(this::prune); // what was the best until the last evaluation
            WorkerSlot.forgetOnExecutors(context, training);
        } finally {
            context.sc().setJobDescription(null);
            WorkerSlot.forget(training);
        }
        long stepsNow = stepsDone - stepsBefore;
        return new TrainResult(options.run(), stepsDone, stepsNow, 2 * stepsNow * options.workers() * options.batch(),
                (System.nanoTime() - began) / 1e9, averagingSeconds, dLoss, gLoss, store.best().orElse(null),
                stepsDone < options.steps(), time.isSpent());
    }

    private void round(SparkComputationGraph sparkGraph, UgatitTrainingMaster master, TrainingMetrics gauges, ExecutorWatch watch,
            BackgroundWork checkpoints) {
        // a round begins at a multiple of the averaging frequency, whatever was resumed
        long round = stepsDone / options.averagingFrequency();
        long last = Math.min((round + 1) * options.averagingFrequency(), options.steps());
        context.sc().setJobDescription("round " + (round + 1) + ": steps " + (stepsDone + 1) + " to " + last);
        long began = System.nanoTime();
        try {
            sparkGraph.fitPaths(workOrders(stepsDone + 1, last), images);
            collapse.look(master.report().glimpses());
        } catch (Exception | OutOfMemoryError e) { // Scala throws SparkException, which is checked, undeclared
            try {
                checkpoints.settle();
            } catch (RuntimeException | Error checkpoint) { // which a round ends with too
                checkpoint.addSuppressed(e);
                throw checkpoint;
            }
            throw failed(e, last);
        }
        state.average().ifPresent(average -> average.roundEnds(master.report().steps()));
        stepsDone = last;
        requireSameKernels(new Placement(master.report().workers()).kernels());
        record(master.report(), gauges);
        long ended = System.nanoTime();
        double seconds = (ended - began) / 1e9;
        double elapsed = (ended - lastRoundEnded) / 1e9;
        lastRoundEnded = ended;
        double averaging = seconds - master.report().stepsSeconds();
        averagingSeconds += averaging;
        time.spend(elapsed);
        gauges.set("step", stepsDone);
        gauges.set("round_seconds", seconds);
        gauges.set("averaging_seconds", averaging);
        double imagesPerSecond = 2 * (last - round * options.averagingFrequency()) * options.workers() * options.batch() / seconds;
        gauges.set("images_per_second", imagesPerSecond);
        records.round(last, seconds, elapsed, averaging, imagesPerSecond, master.report(), rhos);
        if (metrics.isFull() || records.isFull()) {
            publishRows(last);
        }
        listener.round(stepsDone, dLoss, gLoss);
        if (stepsBefore + options.averagingFrequency() >= last) {
            watch.countSlots();
            naming(() -> {
                lock.requireHeld();
                records.workers(stepsBefore, context.sc(), master.report().workers());
            });
            Placement placement = new Placement(master.report().workers());
            listener.workers(placement.line());
            placement.warnings(context.isLocal()).forEach(listener::warning);
        }
    }

    /** Where GPUs are involved, other kernels are other bits from the first digit after the sixth on. */
    private void requireSameKernels(String now) {
        if (now.equals(kernels)) {
            return;
        }
        if (kernels != null && !options.otherKernels() && (Placement.ofGpus(kernels) || Placement.ofGpus(now))) {
            String reason = "the run was computed by " + kernels + ", and its workers now compute by " + now
                    + ": take such as before (--kernels, --precision), or give --other-kernels to go on with these" + lastCheckpoint.isSafe();
            boolean fromTheStartOn = stepsBefore + options.averagingFrequency() >= stepsDone;
            throw fromTheStartOn && Placement.ofGpus(now) ? new OtherKernelsException(reason) : new JobFailedException(reason);
        }
        if (kernels != null && !options.otherKernels() && !otherKernelsTold) { // on unlike executors they may change with every round
            otherKernelsTold = true;
            listener.warning("the run was computed by " + kernels + ", and its workers now compute by " + now
                    + ": the last bits will be others than without the change");
        }
        kernels = now;
        naming(() -> {
            lock.requireHeld();
            run.publishConfig(config.put(RunStart.KERNELS, now));
        });
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

    private void record(RoundReport report, TrainingMetrics gauges) {
        dLoss = report.mean("d_total");
        gLoss = report.mean("g_total");
        metrics.append(report.losses());
        report.lossNames().forEach(name -> gauges.set(name, report.mean(name)));
    }

    /** @return whether patience was lost over the checkpoints before this one, which is then the last */
    private boolean publish(TrainingMetrics gauges, BackgroundWork checkpoints, Evaluations evaluations) {
        long step = stepsDone;
        String kernelsOfStep = kernels;
        naming(evaluations::settle); // of the checkpoint before, which is the newest until then and so is not pruned
        boolean patienceLost = evaluations.isExhausted(step);
        publishRows(step);
        checkpoints.begin(() -> naming(() -> {
            lock.requireHeld();
            state.publish(store, step, JsonNodeFactory.instance.objectNode().put("step", step).put(RunStart.PROGRAM, Program.build())
                    .put(RunStart.KERNELS, kernelsOfStep));
            lastCheckpoint = new LastCheckpoint(Optional.of(step));
            gauges.set("checkpoint_step", step);
            store.prune(options.keep());
            sample(step);
            listener.checkpoint(state.graph(), step);
        }));
        if (!patienceLost && evaluations.isDue(step, isOver())) {
            evaluations.begin(step, checkpoints::settle);
        }
        return patienceLost;
    }

    private void publishRows(long step) {
        naming(() -> {
            lock.requireHeld();
            metrics.publish(step);
            records.publish(step);
        });
    }

    private void prune() {
        lock.requireHeld();
        store.prune(options.keep());
    }

    /** Does what a training that was killed after it had published the checkpoint has not come to. */
    private void finishCheckpoint() {
        if (stepsDone > 0) {
            lock.requireHeld();
            store.nameLatest(stepsDone);
            store.prune(options.keep());
            if (sampler.isPresent() && !sampler.get().has(stepsDone)) {
                sample(stepsDone);
            }
        }
    }

    /** Pictures of days of training are no reason to end it. */
    private void sample(long step) {
        try {
            sampler.ifPresent(draws -> records.samples(draws.sample(state.graph(), step)));
        } catch (RuntimeException | OutOfMemoryError e) {
            boolean told = e instanceof JobFailedException || e instanceof InvalidRequestException;
            listener.warning((told ? e.getMessage() : "no samples after step " + step + ": " + e) + "; the checkpoint of step " + step
                    + " is whole, the training goes on");
        }
    }

    /** No space left, say. */
    private void naming(Runnable writing) {
        try {
            writing.run();
        } catch (JobFailedException | InvalidRequestException e) {
            throw new JobFailedException(e.getMessage() + lastCheckpoint.isSafe(), e);
        }
    }

    /** @param last step of the round that has failed */
    private JobFailedException failed(Throwable e, long last) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof DivergedException) {
                return new JobFailedException("training diverged " + (stepsDone + 1 == last ? "at step " : "in steps " + (stepsDone + 1)
                        + " to ") + last + ": " + cause.getMessage() + lastCheckpoint.isSafe(), e);
            }
            if (cause instanceof JobFailedException || cause instanceof InvalidRequestException) {
                return new JobFailedException(cause.getMessage() + lastCheckpoint.isSafe(), e);
            }
        }
        String reason = FileFailure.reason(e);
        // what tasks write lies there and nowhere else
        String where = reason.contains(NO_SPACE) ? ", in a folder of spark.local.dir" : "";
        return new JobFailedException("round after step " + stepsDone + " failed: " + reason + where + lastCheckpoint.isSafe(), e);
    }
}
