package io.ugatit.retrain;

import io.ugatit.checkpoint.CheckpointChoice;
import io.ugatit.checkpoint.CheckpointStore;
import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.cluster.TrainJob;
import io.ugatit.cluster.TrainOptions;
import io.ugatit.cluster.TrainingListener;
import io.ugatit.dataset.ImageDataset;
import io.ugatit.evaluate.EvaluateJob;
import io.ugatit.evaluate.EvaluateResult;
import io.ugatit.exchange.ImportJob;
import io.ugatit.exchange.ImportOptions;
import io.ugatit.job.FileFailure;
import io.ugatit.job.JobFailedException;
import io.ugatit.lock.OutputLock;
import io.ugatit.model.DivergedException;
import io.ugatit.retrain.sample.NightSampler;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/**
 * The training of a cycle's run and its verdict, from wherever a killed job has left them.
 *
 * @param spark the session to run in
 * @param options which checkpoint a run starts from, if its cycle's record does not say
 * @param listener is told how the training gets on
 * @param out where progress lines go
 * @param conf what the night is told by its file
 * @param workspace of the cycle, which has begun
 * @param asked the options of the verdict
 * @param lock of the workspace
 */
record Trial(SparkSession spark, RetrainOptions options, TrainingListener listener, PrintStream out, RetrainConf conf, Workspace workspace,
        CycleOptions asked, OutputLock lock) {

    private Configuration configuration() {
        return workspace.configuration();
    }

    /**
     * Trains, judges, and carries the verdict out.
     *
     * @param stays what is promoted if that fails
     * @return the cycle, which is over
     * @throws JobFailedException if a job fails; the cycle stays unfinished, or is recorded as failed if it would fail again
     */
    Cycle run(Cycle cycle, String stays) throws IOException {
        try {
            train(cycle);
            return judge(cycle);
        } catch (JobFailedException e) {
            if (!DivergedException.isAmongCausesOf(e)) { // the same images and options would diverge again
                throw new JobFailedException("cycle " + cycle.name() + " is unfinished: " + e.getMessage() + "; " + stays
                        + "; the next night goes on with it, or begins anew if the options of train have changed or "
                        + workspace.record(cycle.number()) + " is deleted", e);
            }
            workspace.publish(cycle.failed(e.getMessage()));
            throw new JobFailedException("cycle " + cycle.name() + " failed and is over: " + e.getMessage() + "; " + stays
                    + "; the next night begins a new cycle if images or options have changed", e);
        }
    }

    private void train(Cycle cycle) throws IOException {
        RunDirectory run = workspace.run(cycle.name());
        if (cycle.start() != null && !run.exists()) {
            // a warm start writes the run's configuration last; without one it was killed
            workspace.remove(run.path());
            CheckpointChoice start = new CheckpointChoice(checkpoint(cycle).orElse(options.checkpoint()), true);
            Path parameters = start.generators(start.find(new CheckpointStore(workspace.run(cycle.start())), out::println));
            new ImportJob(configuration(), new ImportOptions(parameters.toString(), run.path().toString(), conf.size())).run();
            out.println("cycle " + cycle.name() + " starts with the parameters of " + parameters);
        }
        TrainOptions training = conf.training(workspace.dataset(cycle.dataFolder()).toString(), run.path().toString(), cycle.number());
        new TrainJob(spark, training, listener).run();
    }

    /** What a cycle that has begun starts from stays that, whatever this night was asked for. */
    private static Optional<String> checkpoint(Cycle cycle) {
        return Optional.ofNullable(cycle.options()).map(begunWith -> begunWith.values().get(CycleOptions.CHECKPOINT));
    }

    /** Killed before the verdict is recorded, the same one is found again, since a cycle knows its start. */
    private Cycle judge(Cycle cycle) throws IOException {
        EvaluateResult own = evaluate(cycle, cycle.name());
        Double startKid = cycle.start() == null ? null : Double.valueOf(kidOfStart(cycle));
        draw(cycle);
        // training takes hours, in which somebody may have taken the start's promotion back
        Optional<String> obstacle = History.of(workspace).obstacle(cycle, asked);
        if (obstacle.isPresent()) {
            Cycle abandoned = cycle.abandoned(obstacle.get());
            workspace.publish(abandoned);
            return abandoned;
        }
        Verdict verdict = startKid == null ? Verdict.first() : Verdict.compare(own.kid(), startKid, conf.tolerance());
        lock.requireHeld();
        CycleOptions judgedBy = checkpoint(cycle).map(start -> asked.with(CycleOptions.CHECKPOINT, start)).orElse(asked);
        Cycle judged = cycle.judged(judgedBy, own.kid(), startKid, verdict.promote(),
                verdict.reason() + own.caution().map(caution -> "; caution: " + caution).orElse(""));
        workspace.carryOut(judged);
        return judged;
    }

    /** What is wrong with the promoted run is not the cycle's fault, which may be the better one. */
    private double kidOfStart(Cycle cycle) {
        try {
            return evaluate(cycle, cycle.start()).kid();
        } catch (JobFailedException e) {
            if (!DivergedException.isAmongCausesOf(e)) {
                throw e;
            }
            JobFailedException failure = new JobFailedException("the promoted run " + cycle.start() + " cannot be judged on its images: "
                    + e.getMessage() + "; take its promotion back by rollback");
            failure.addSuppressed(e);
            throw failure;
        }
    }

    /** Pictures for the morning after are no reason to fail a night. */
    private void draw(Cycle cycle) {
        try {
            NightSampler sampler = new NightSampler(workspace.images(cycle),
                    conf.evaluation("RUN", "DATASET", "FEATURES").kernels(), configuration());
            RunDirectory before = cycle.start() == null ? null : workspace.run(cycle.start());
            workspace.samples().publish(cycle.number(), sampler.draw(before, workspace.run(cycle.name())));
            workspace.samples().keep(HistoryPage.MOST_SAMPLES);
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            out.println("history has no pictures of cycle " + cycle.name() + ": " + FileFailure.reason(e));
        }
    }

    private EvaluateResult evaluate(Cycle cycle, String run) {
        String path = workspace.run(run).path().toString();
        String features = workspace.run(cycle.name()).features().toString(); // of the same images for both runs
        ImageDataset images = workspace.images(cycle);
        return new EvaluateJob(spark, conf.evaluation(path, images.path(), features), out).run(images);
    }
}
