package io.ugatit.cluster;

import io.ugatit.cluster.rounds.RoundReport;
import io.ugatit.job.JobFailedException;
import io.ugatit.model.DivergedException;
import java.time.Duration;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;

/** One training, round after round: how long it goes on, what each round is told by, and when a checkpoint and its evaluation begin. */
final class TrainingRounds {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final SparkSession spark;
    private final TrainOptions options;
    private final TrainingListener listener;
    private final TrainedRun run;
    private final TrainingCheckpoints checkpoints;
    private final SparkRounds rounds;
    private final RunKernels kernels;
    private final TimeBudget time;
    private final long stepsBefore;
    private long stepsDone;
    private long lastRoundEnded;
    private double averagingSeconds;
    private double dLoss = Double.NaN;
    private double gLoss = Double.NaN;

    /**
     * @param checkpoints closed with the training, as are the rounds
     * @param rounds that change what the checkpoints hold
     */
    TrainingRounds(SparkSession spark, TrainOptions options, TrainingListener listener, TrainedRun run, TrainingCheckpoints checkpoints,
            SparkRounds rounds) {
        this.spark = spark;
        this.options = options;
        this.listener = listener;
        this.run = run;
        this.checkpoints = checkpoints;
        this.rounds = rounds;
        this.kernels = new RunKernels(run, options, listener);
        this.stepsBefore = run.start().stepsDone();
        this.stepsDone = stepsBefore;
        this.time = TimeBudget.of(options.hours(), run.directory());
    }

    /** Whether no round is to begin any more, patient or not. */
    private boolean isOver() {
        return stepsDone >= options.steps() || time.isSpent();
    }

    /** Trains until all steps are done, its hours have passed, or patience is lost. */
    TrainResult train() {
        long began = System.nanoTime();
        lastRoundEnded = began;
        try (rounds;
                TrainingMetrics gauges = new TrainingMetrics();
                ExecutorWatch watch = new ExecutorWatch(spark.sparkContext(), options.workers(), PATIENCE, run::lastCheckpoint,
                        listener::warning);
                checkpoints;
                Evaluations evaluations = new Evaluations(spark, options, run, listener, gauges, rounds.training())) {
            listener.started(stepsDone, options.steps());
            run.namingCheckpoint(() -> evaluations.resume(stepsDone, isOver()));
            checkpoints.finish(stepsDone);
            boolean patienceLost = evaluations.isExhausted(stepsDone);
            while (!patienceLost && !isOver()) {
                round(gauges, watch);
                long roundsDone = (stepsDone + options.averagingFrequency() - 1) / options.averagingFrequency();
                if (roundsDone % options.checkpointEvery() == 0 || isOver() || evaluations.isDue(stepsDone, false)) {
                    patienceLost = publish(gauges, evaluations);
                }
            }
            checkpoints.settle();
            run.namingCheckpoint(evaluations::settle);
            checkpoints.prune(); // what was the best until the last evaluation
            rounds.forgetOnExecutors();
        }
        long stepsNow = stepsDone - stepsBefore;
        return new TrainResult(options.run(), stepsDone, stepsNow, 2 * stepsNow * options.workers() * options.batch(),
                (System.nanoTime() - began) / 1e9, averagingSeconds, dLoss, gLoss, checkpoints.best().orElse(null),
                stepsDone < options.steps(), time.isSpent());
    }

    private void round(TrainingMetrics gauges, ExecutorWatch watch) {
        // a round begins at a multiple of the averaging frequency, whatever was resumed
        long round = stepsDone / options.averagingFrequency();
        long last = Math.min((round + 1) * options.averagingFrequency(), options.steps());
        long began = System.nanoTime();
        RoundReport report;
        try {
            report = rounds.train(stepsDone, last);
        } catch (JobFailedException e) {
            if (DivergedException.isAmongCausesOf(e)) { // who wants to know why looks at the losses; who resumes drops them
                publishRowsAfter(e);
            }
            throw e;
        }
        stepsDone = last;
        Placement placement = new Placement(report.workers());
        kernels.requireSame(placement.kernels(), last);
        record(report, gauges);
        long ended = System.nanoTime();
        double seconds = (ended - began) / 1e9;
        double elapsed = (ended - lastRoundEnded) / 1e9;
        lastRoundEnded = ended;
        double averaging = seconds - report.stepsSeconds();
        averagingSeconds += averaging;
        time.spend(elapsed);
        gauges.set("step", stepsDone);
        gauges.set("round_seconds", seconds);
        gauges.set("averaging_seconds", averaging);
        double imagesPerSecond = 2 * (last - round * options.averagingFrequency()) * options.workers() * options.batch() / seconds;
        gauges.set("images_per_second", imagesPerSecond);
        run.records().round(last, seconds, elapsed, averaging, imagesPerSecond, report, rounds.rhos());
        if (run.records().isFull()) {
            publishRows(last);
        }
        listener.round(stepsDone, dLoss, gLoss);
        if (stepsBefore + options.averagingFrequency() >= last) {
            watch.countSlots();
            tellPlacement(placement);
        }
    }

    private void record(RoundReport report, TrainingMetrics gauges) {
        dLoss = report.mean("d_total");
        gLoss = report.mean("g_total");
        run.records().losses(report.losses());
        report.lossNames().forEach(name -> gauges.set(name, report.mean(name)));
    }

    private void tellPlacement(Placement placement) {
        SparkContext context = spark.sparkContext();
        run.write(() -> run.records().workers(stepsBefore, context, placement.workers()));
        listener.workers(placement.line());
        placement.warnings(context.isLocal()).forEach(listener::warning);
    }

    /** @return whether patience was lost over the checkpoints before this one, which is then the last */
    private boolean publish(TrainingMetrics gauges, Evaluations evaluations) {
        long step = stepsDone;
        run.namingCheckpoint(evaluations::settle); // of the checkpoint before, which is the newest until then and so is not pruned
        boolean patienceLost = evaluations.isExhausted(step);
        publishRows(step);
        checkpoints.begin(step, kernels.names(), gauges);
        if (!patienceLost && evaluations.isDue(step, isOver())) {
            evaluations.begin(step, checkpoints::settle);
        }
        return patienceLost;
    }

    private void publishRows(long step) {
        run.write(() -> run.records().publish(step));
    }

    /** Publishes the rounds since the last checkpoint. @param failure takes what goes wrong with that */
    private void publishRowsAfter(JobFailedException failure) {
        try {
            publishRows(stepsDone);
        } catch (RuntimeException | Error e) {
            failure.addSuppressed(e);
        }
    }
}
