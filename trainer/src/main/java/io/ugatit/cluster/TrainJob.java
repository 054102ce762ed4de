package io.ugatit.cluster;

import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.cluster.feeding.BatchLoader;
import io.ugatit.dataset.Domain;
import io.ugatit.dataset.ImageDataset;
import io.ugatit.dataset.Split;
import io.ugatit.device.Natives;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import io.ugatit.job.PathOption;
import io.ugatit.job.Slots;
import io.ugatit.lock.OutputLock;
import io.ugatit.report.sample.Sampler;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * Trains the six networks on Spark by rounds of parameter averaging, publishes checkpoints and draws samples. May be killed at any time:
 * started again it goes on from the last checkpoint and ends in the same bits, with the version of the data set that its first
 * checkpoint is of.
 */
public final class TrainJob {
    /** An unbiased distance of sets takes two of each. */
    private static final int FEWEST_TEST_IMAGES = 2;

    private final SparkSession spark;
    private final TrainOptions options;
    private final TrainingListener listener;

    /**
     * A training that prints its progress on stdout.
     *
     * @param spark the session to train in
     * @param options what is asked for
     */
    public TrainJob(SparkSession spark, TrainOptions options) {
        this(spark, options, new TrainingProgress(System.out));
    }

    /**
     * A training that tells its progress to a listener.
     *
     * @param spark the session to train in
     * @param options what is asked for
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
     * @throws InvalidRequestException if data set, run and options do not go together, or another job is writing the run; nothing was
     *     written then. It is a {@link RunRefusedException} if what the run holds is the reason
     * @throws JobFailedException if training cannot go on; the message names the last checkpoint. Among its causes is a
     *     {@link io.ugatit.model.DivergedException} if going on would come to the same; it is an {@link OtherKernelsException} if it would
     *     on these machines
     */
    public TrainResult run() {
        Natives.require(); // before any data is read
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        if (context.isLocal()) {
            options.kernels().requireHere();
        }
        Configuration configuration = context.hadoopConfiguration();
        RunDirectory run = new RunDirectory(configuration, PathOption.folder(configuration, "--run", options.run()));
        try (OutputLock lock = OutputLock.inside(configuration, run.path(), "train", "--run", listener::warning)) {
            return train(context, run, lock);
        }
    }

    private TrainResult train(JavaSparkContext context, RunDirectory run, OutputLock lock) {
        RunStart start = find(run, threadsPerWorker(context));
        options.requireFor(start.network());
        ImageDataset dataset = start.dataset();
        requireImages(dataset, start);
        DriverState state = DriverState.of(options, start);
        start.warnings().forEach(listener::warning);
        try (RoundRecords records = new RoundRecords(run, listener, options.mlflow())) {
            TrainedRun trained = new TrainedRun(run, lock, start, records);
            trained.begin();
            BatchLoader images = new BatchLoader(dataset, run.configuration(), options.feed(start.network().size()),
                    slotsPerExecutor(context));
            TrainingCheckpoints checkpoints = new TrainingCheckpoints(trained, state, options.keep(), sampler(run, dataset), listener);
            SparkRounds rounds = new SparkRounds(context, options, state, images, trained, checkpoints);
            TrainResult result = new TrainingRounds(spark, options, listener, trained, checkpoints, rounds).train();
            records.finished();
            return result;
        }
    }

    private RunStart find(RunDirectory run, int threads) {
        try {
            return RunStart.find(options, run, threads);
        } catch (InvalidRequestException e) {
            throw new RunRefusedException(e);
        }
    }

    private Optional<Sampler> sampler(RunDirectory run, ImageDataset dataset) {
        return options.samples() > 0 ? Optional.of(new Sampler(run, dataset, options.samples(), options.kernels())) : Optional.empty();
    }

    /** As many as a task has; in local mode a share of all slots, since nobody else needs them. */
    private int threadsPerWorker(JavaSparkContext context) {
        int perTask = context.getConf().getInt("spark.task.cpus", 1);
        return context.isLocal() ? Math.max(perTask, Slots.here(context.sc()) * perTask / options.workers()) : perTask;
    }

    /** 0 if an executor takes all cores of its machine. */
    private static int slotsPerExecutor(JavaSparkContext context) {
        return context.isLocal() ? Slots.here(context.sc())
                : context.getConf().getInt("spark.executor.cores", 0) / context.getConf().getInt("spark.task.cpus", 1);
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
            long tests = dataset.count(domain, Split.TEST);
            if (options.evaluation().isOn() && tests < FEWEST_TEST_IMAGES) {
                throw new InvalidRequestException("--evaluate-every judges by test images: --data " + options.data() + " has " + tests
                        + " of domain " + domain + ", needs at least " + FEWEST_TEST_IMAGES + " in test" + domain);
            }
        }
    }
}
