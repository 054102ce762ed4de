package io.ugatit.retrain;

import io.ugatit.checkpoint.CheckpointStore;
import io.ugatit.checkpoint.ImportJob;
import io.ugatit.checkpoint.ImportOptions;
import io.ugatit.checkpoint.Publishing;
import io.ugatit.checkpoint.RunConfig;
import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.cluster.TrainJob;
import io.ugatit.cluster.TrainOptions;
import io.ugatit.cluster.TrainingListener;
import io.ugatit.dataset.DatasetManifest;
import io.ugatit.dataset.Domain;
import io.ugatit.dataset.ImageDataset;
import io.ugatit.dataset.Split;
import io.ugatit.evaluate.EvaluateJob;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import io.ugatit.job.OutputLock;
import io.ugatit.model.NetworkOptions;
import io.ugatit.prep.PrepJob;
import io.ugatit.retrain.RetrainResult.Outcome;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/**
 * One night: prepares the images, and if they are others than the promoted run's, trains a new run from its parameters with fresh moments,
 * evaluates both runs on the new images and promotes the new one unless it is worse. A workspace without a promoted run begins with a run
 * from scratch, which is promoted.
 *
 * <p>May be killed at any time: started again it goes on with the cycle that has begun, whatever lies in the input by then. A second
 * job for a workspace that one is using is refused. A run that was not promoted stays where it is; writing the name of an older run into
 * {@code PROMOTED} takes a promotion back.
 */
public final class RetrainJob {
    private static final String SAFE = "the promoted run is as it was; start the job again to go on";
    private static final int FEWEST_TEST_IMAGES = 2;

    private final SparkSession spark;
    private final Configuration configuration;
    private final RetrainOptions options;
    private final TrainingListener listener;
    private final PrintStream out;

    /**
     * @param spark the session to run in
     * @param options what is asked for
     * @param listener is told how the training gets on
     * @param out where progress lines go
     */
    public RetrainJob(SparkSession spark, RetrainOptions options, TrainingListener listener, PrintStream out) {
        this.spark = spark;
        this.configuration = spark.sparkContext().hadoopConfiguration();
        this.options = options;
        this.listener = listener;
        this.out = out;
    }

    /**
     * Runs the cycle to its end.
     *
     * @throws InvalidRequestException if the file, the images or the workspace are not what they must be, or another job uses the
     *     workspace; no cycle was begun then
     * @throws JobFailedException if a job or a file system fails; the promoted run is as it was, and the job can be started again
     */
    public RetrainResult run() {
        long began = System.nanoTime();
        RetrainConf conf = RetrainConf.read(configuration, options.conf());
        Workspace workspace = new Workspace(configuration, workspacePath(conf));
        try (OutputLock lock = OutputLock.inside(configuration, workspace.path(), "retrain", "workspace", out::println)) {
            return run(conf, workspace, lock, began);
        } catch (IOException e) {
            throw new JobFailedException("cannot retrain in " + conf.workspace() + ": " + e.getMessage() + "; " + SAFE, e);
        }
    }

    private Path workspacePath(RetrainConf conf) {
        try {
            Path path = new Path(conf.workspace());
            return Publishing.fileSystem(configuration, path).makeQualified(path);
        } catch (IOException | IllegalArgumentException e) {
            throw new InvalidRequestException("--conf is " + options.conf() + ": workspace is " + conf.workspace() + ": " + e.getMessage(), e);
        }
    }

    private RetrainResult run(RetrainConf conf, Workspace workspace, OutputLock lock, long began) throws IOException {
        Optional<String> promoted = workspace.promoted();
        Optional<Cycle> last = workspace.lastCycle();
        Optional<Cycle> unfinished = last.filter(cycle -> !cycle.isJudged());
        Optional<String> start = unfinished.isPresent() ? unfinished.map(Cycle::start) : promoted;
        requireNetwork(conf, start.map(workspace::run));
        lock.requireHeld();
        workspace.removeStale();
        Optional<Cycle> cycle = unfinished.isPresent() ? unfinished
                : begin(conf, workspace, last.map(Cycle::number).orElse(0) + 1, promoted);
        if (cycle.isEmpty()) {
            return new RetrainResult(Outcome.NOTHING_NEW, null, workspace.run(promoted.orElseThrow()).path().toString(), null, null,
                    "nothing new: the images are those of the promoted run " + promoted.orElseThrow(), (System.nanoTime() - began) / 1e9);
        }
        train(conf, workspace, cycle.get());
        Cycle judged = judge(conf, workspace, cycle.get(), lock);
        return new RetrainResult(judged.promoted() ? Outcome.PROMOTED : Outcome.KEPT, judged.name(),
                workspace.promoted().map(name -> workspace.run(name).path().toString()).orElse(null), judged.kid(), judged.startKid(),
                judged.reason(), (System.nanoTime() - began) / 1e9);
    }

    /** Before anything is written: training would find out hours of preparation later. */
    private void requireNetwork(RetrainConf conf, Optional<RunDirectory> start) {
        NetworkOptions before = start.map(RunConfig::network).orElse(NetworkOptions.DEFAULT);
        NetworkOptions asked = conf.training("DATASET", "RUN", 1).network().orElse(before);
        if (start.isPresent() && !asked.equals(before)) {
            throw new InvalidRequestException("--conf is " + options.conf() + ": asks for networks of other sizes than those of the promoted run "
                    + start.get().path() + ": give its sizes (" + before + "), or another workspace");
        }
    }

    /**
     * Prepares the images and begins a cycle with them.
     *
     * @return empty if they are the promoted run's
     */
    private Optional<Cycle> begin(RetrainConf conf, Workspace workspace, int number, Optional<String> promoted) throws IOException {
        Path folder = workspace.dataset(number);
        // a job that was killed before the cycle was recorded: the images may be others by now
        workspace.remove(folder);
        new PrepJob(spark, conf.prep(folder.toString()), out).run();
        DatasetManifest manifest = ImageDataset.open(folder.toString(), configuration).manifest();
        try {
            requireImages(conf, manifest);
        } catch (InvalidRequestException e) {
            workspace.remove(folder);
            throw e;
        }
        if (promoted.isPresent() && workspace.cycleOf(promoted.get()).dataset().equals(manifest.contentHash())) {
            workspace.remove(folder);
            return Optional.empty();
        }
        Cycle cycle = Cycle.begun(number, manifest.contentHash(), promoted.orElse(null));
        workspace.publish(cycle);
        return Optional.of(cycle);
    }

    private static void requireImages(RetrainConf conf, DatasetManifest manifest) {
        for (Domain domain : Domain.values()) {
            if (manifest.count(domain, Split.TRAIN) == 0 || manifest.count(domain, Split.TEST) < FEWEST_TEST_IMAGES) {
                throw new InvalidRequestException("input is " + conf.input() + ": needs images in train" + domain + " and at least "
                        + FEWEST_TEST_IMAGES + " in test" + domain);
            }
        }
    }

    private void train(RetrainConf conf, Workspace workspace, Cycle cycle) throws IOException {
        RunDirectory run = workspace.run(cycle.name());
        if (cycle.start() != null && !run.exists()) {
            // a warm start writes the run's configuration last; without one it was killed
            workspace.remove(run.path());
            Path parameters = new CheckpointStore(workspace.run(cycle.start())).requireWhole(out::println).parameters();
            new ImportJob(configuration, new ImportOptions(parameters.toString(), run.path().toString(), conf.size())).run();
            out.println("cycle " + cycle.name() + " starts with the parameters of " + parameters);
        }
        TrainOptions training = conf.training(workspace.dataset(cycle.number()).toString(), run.path().toString(), cycle.number());
        new TrainJob(spark, training, listener).run();
    }

    /** The verdict is recorded after it is carried out: killed in between, the same one is found again, since a cycle knows its start. */
    private Cycle judge(RetrainConf conf, Workspace workspace, Cycle cycle, OutputLock lock) throws IOException {
        double kid = kid(conf, workspace, cycle, cycle.name());
        Double startKid = cycle.start() == null ? null : Double.valueOf(kid(conf, workspace, cycle, cycle.start()));
        Verdict verdict = startKid == null ? Verdict.first() : Verdict.compare(kid, startKid, conf.tolerance());
        lock.requireHeld();
        if (verdict.promote()) {
            workspace.promote(cycle.name());
        }
        Cycle judged = cycle.judged(kid, startKid, verdict.promote(), verdict.reason());
        workspace.publish(judged);
        return judged;
    }

    private double kid(RetrainConf conf, Workspace workspace, Cycle cycle, String run) {
        return new EvaluateJob(spark, conf.evaluation(workspace.run(run).path().toString(), workspace.dataset(cycle.number()).toString()), out)
                .run().kid();
    }
}
