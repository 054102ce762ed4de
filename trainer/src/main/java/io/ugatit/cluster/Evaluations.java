package io.ugatit.cluster;

import io.ugatit.checkpoint.CheckpointStore;
import io.ugatit.checkpoint.log.EvaluationLog;
import io.ugatit.checkpoint.log.EvaluationRow;
import io.ugatit.evaluate.EvaluateJob;
import io.ugatit.evaluate.EvaluateOptions;
import io.ugatit.evaluate.EvaluateResult;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import io.ugatit.job.Options;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/**
 * Judges checkpoints beside the rounds that follow them, one at a time, and keeps {@code BEST}. What was found is in the
 * {@link EvaluationLog}, from which the rest follows: {@code BEST} names the checkpoint with the lowest KID, both directions summed, among
 * those that were judged as the last one was; and a training that has lost its patience loses it again when it is started again.
 */
final class Evaluations implements AutoCloseable {
    private static final PrintStream NOWHERE = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);

    private final SparkSession spark;
    private final TrainOptions options;
    private final TrainedRun run;
    private final CheckpointStore store;
    private final EvaluationLog log;
    private final TrainingListener listener;
    private final TrainingMetrics gauges;
    private final String group;
    private final EvaluateOptions request;
    private final BackgroundWork work = new BackgroundWork("ugatit-evaluation");
    private volatile boolean closed;

    /** @param training tells trainings apart that use the same session */
    Evaluations(SparkSession spark, TrainOptions options, TrainedRun run, TrainingListener listener, TrainingMetrics gauges,
            String training) {
        this.spark = spark;
        this.options = options;
        this.run = run;
        this.store = new CheckpointStore(run.directory());
        this.log = new EvaluationLog(run.directory());
        this.listener = listener;
        this.gauges = gauges;
        this.group = "evaluations of " + training;
        this.request = Options.parse(EvaluateOptions.class, "--run", options.run(), "--data", options.data(),
                "--extractor", options.evaluation().extractor(),
                "--kernels", options.kernels().kernels().toString(), "--precision", options.kernels().precision().toString());
    }

    /** Whether the checkpoint of a step, at the end of a round, is to be judged. @param last whether no round comes after it */
    boolean isDue(long step, boolean last) {
        long rounds = (step + options.averagingFrequency() - 1) / options.averagingFrequency();
        return options.evaluation().isOn() && step > 0 && (rounds % options.evaluation().every() == 0 || last);
    }

    /** Forgets what was found after the step that the run resumes after, and judges that step's checkpoint if it was not yet. */
    void resume(long step, boolean last) {
        if (!options.evaluation().isOn()) {
            return;
        }
        log.dropAfter(step);
        List<EvaluationRow> rows = log.rows();
        publishBest(rows);
        if (isDue(step, last) && !isExhausted(step) && rows.stream().noneMatch(row -> row.step() == step)) {
            begin(step, () -> { });
        }
    }

    /** Whether patience was lost over the checkpoints before this one; to be asked when those are {@link #settle settled}. */
    boolean isExhausted(long step) {
        if (options.evaluation().patience() == 0) {
            return false;
        }
        List<EvaluationRow> before = log.rows().stream().filter(row -> row.step() < step).toList();
        return EvaluationRow.best(before)
                .map(best -> before.stream().filter(row -> row.isComparableWith(best) && row.step() > best.step()).count())
                .orElse(0L) >= options.evaluation().patience();
    }

    /** Of the checkpoints that are there: one that was judged by other features, or of a damaged best, may be the best no more. */
    private void publishBest(List<EvaluationRow> rows) {
        List<Long> there = store.steps();
        List<EvaluationRow> kept = rows.stream().filter(row -> there.contains(row.step())).toList();
        EvaluationRow.best(kept).filter(best -> !store.best().equals(Optional.of(best.step()))).ifPresent(best -> {
            run.requireHeld();
            store.publishBest(best.step());
        });
    }

    /**
     * Begins to judge the checkpoint of a step.
     *
     * @param published waits until it is there
     */
    void begin(long step, Runnable published) {
        work.begin(() -> {
            published.run();
            if (!closed) {
                evaluate(step);
            }
        });
    }

    private void evaluate(long step) {
        spark.sparkContext().setJobGroup(group, "evaluation of the checkpoint of step " + step, false);
        EvaluateResult result;
        try {
            result = new EvaluateJob(spark, request, NOWHERE).run(run.start().dataset());
        } catch (RuntimeException | OutOfMemoryError e) { // days of training do not end for it, not even for an error in the program
            boolean told = e instanceof JobFailedException || e instanceof InvalidRequestException;
            warn(step, told ? e.getMessage() : e.toString());
            return;
        }
        if (result.step() != step) {
            warn(step, "that of step " + result.step() + " is the newest whole one");
            return;
        }
        EvaluationRow row = new EvaluationRow(step, result.extractor(), result.dataset(), result.a2b().kid(), result.b2a().kid(),
                result.a2b().distances().kidError(), result.b2a().distances().kidError());
        run.requireHeld();
        log.add(row);
        List<EvaluationRow> rows = log.rows();
        publishBest(rows);
        run.records().evaluated(row);
        gauges.set("kid", row.kid());
        gauges.set("kid_step", step);
        listener.evaluated(step, row.kid(), EvaluationRow.best(rows).orElseThrow().equals(row));
    }

    private void warn(long step, String reason) {
        if (!closed) {
            listener.warning("the checkpoint of step " + step + " could not be evaluated: " + reason + "; the training goes on");
        }
    }

    /** Waits until what has begun is judged, and throws what could not be written. */
    void settle() {
        work.settle();
    }

    /** Breaks off what is still being judged. */
    @Override
    public void close() {
        closed = true;
        work.close(() -> {
            if (!spark.sparkContext().isStopped()) {
                spark.sparkContext().cancelJobGroup(group);
            }
        });
    }
}
