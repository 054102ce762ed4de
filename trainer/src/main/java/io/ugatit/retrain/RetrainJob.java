package io.ugatit.retrain;

import io.ugatit.checkpoint.CheckpointStore;
import io.ugatit.checkpoint.RunConfig;
import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.cluster.OtherKernelsException;
import io.ugatit.cluster.RunRefusedException;
import io.ugatit.cluster.TrainOptions;
import io.ugatit.cluster.TrainingListener;
import io.ugatit.cluster.TrainingProgress;
import io.ugatit.dataset.ImageDataset;
import io.ugatit.job.FileFailure;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import io.ugatit.job.PathOption;
import io.ugatit.lock.HeldException;
import io.ugatit.lock.OutputLock;
import io.ugatit.model.NetworkOptions;
import io.ugatit.prep.PrepJob;
import io.ugatit.publish.Removal;
import io.ugatit.retrain.RetrainResult.Outcome;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;

/**
 * One night: prepares the images, and if they or the options are others than those tried last, trains a new run from the promoted one's
 * parameters with fresh moments, evaluates both runs on the new images and promotes the new one unless it is worse. A workspace without a
 * promoted run begins with a run from scratch, which is promoted.
 *
 * <p>May be killed at any time: started again it goes on with the cycle that has begun, whatever lies in the input by then, unless the
 * options of its training have changed or its run cannot go on: then that cycle is recorded as abandoned, and a new one begins. A training
 * that diverged would diverge again: its cycle is recorded as failed and is over, and nights fail until images or options have changed. Old
 * runs and data sets are deleted; what cannot be is told of and fails no night. A second job for a workspace that one is using is refused.
 *
 * <p>Writing the name of an older run into {@code PROMOTED} takes a promotion back. That stands until there are new images, which then
 * start from it.
 */
public final class RetrainJob {
    /** Of which {@code nights} holds what they came to: ten years. */
    private static final int NIGHTS = 3650;
    private static final long WAIT_MILLIS = 2000;
    private static final Duration PATIENCE = Duration.ofSeconds(NotifyOptions.PATIENCE_SECONDS);
    private static final String SAFE = "the next night goes on where this one stopped";

    private final SparkSession spark;
    private final Configuration configuration;
    private final RetrainOptions options;
    private final TrainingListener listener;
    private final PrintStream out;
    private final Clock clock;
    /** The name of the cycle that has begun or goes on; null before that is known. */
    private String current;
    /** What the night came to; null before it is over. */
    private Night over;

    /**
     * A night that prints its progress on stdout.
     *
     * @param spark the session to run in
     * @param options what is asked for
     */
    public RetrainJob(SparkSession spark, RetrainOptions options) {
        this(spark, options, new TrainingProgress(System.out), System.out);
    }

    /**
     * A night that tells its progress elsewhere.
     *
     * @param spark the session to run in
     * @param options what is asked for
     * @param listener is told how the training gets on
     * @param out where progress lines go
     */
    public RetrainJob(SparkSession spark, RetrainOptions options, TrainingListener listener, PrintStream out) {
        this(spark, options, listener, out, Clock.systemUTC());
    }

    /** @param clock of which nothing is decided; it says when nights began */
    RetrainJob(SparkSession spark, RetrainOptions options, TrainingListener listener, PrintStream out, Clock clock) {
        this.spark = spark;
        this.configuration = spark.sparkContext().hadoopConfiguration();
        this.options = options;
        this.listener = listener;
        this.out = out;
        this.clock = clock;
    }

    /**
     * Runs the cycle to its end, and tells whoever is to be told; not so of a night that is refused since another job is at work.
     *
     * @throws InvalidRequestException if the file, the images or the workspace are not what they must be, or another job uses the
     *     workspace; no cycle was begun then
     * @throws JobFailedException if a job or a file system fails, or the training diverges; the promoted run is as it was, and the message
     *     says what happens when the job is started again
     */
    public RetrainResult run() {
        long began = System.nanoTime();
        current = null;
        over = null;
        try {
            return night(began);
        } catch (HeldException e) { // the night is the other job's
            throw e;
        } catch (RuntimeException | Error e) {
            if (over == null) { // it did not come to its workspace, in which no record can be kept then
                over = Night.failed(e, null, since(began), clock.instant());
            }
            throw e;
        } finally {
            // the workspace is free by now: who is told may roll back
            if (over != null) {
                new Notification(options.told(), PATIENCE, PATIENCE, out).send(over);
            }
        }
    }

    private RetrainResult night(long began) {
        RetrainConf conf = RetrainConf.read(configuration, options.conf());
        Workspace workspace = new Workspace(configuration,
                PathOption.folder(configuration, "--conf is " + options.conf() + ": workspace", conf.workspace()));
        PrepJob.requireOutside(configuration, conf.input(), workspace.path(), "--conf is " + options.conf() + ": workspace");
        try (OutputLock lock = lock(workspace)) {
            RetrainResult result = night(conf, workspace, lock, began);
            write(workspace, Night.of(result, clock.instant()));
            return result;
        }
    }

    private RetrainResult night(RetrainConf conf, Workspace workspace, OutputLock lock, long began) {
        try {
            return run(conf, workspace, lock, began);
        } catch (IOException e) {
            JobFailedException failure = new JobFailedException(
                    "cannot retrain in " + conf.workspace() + ": " + FileFailure.reason(e) + "; " + SAFE, e);
            write(workspace, Night.failed(failure, current, since(began), clock.instant()));
            throw failure;
        } catch (RuntimeException | Error e) {
            write(workspace, Night.failed(e, current, since(began), clock.instant()));
            throw e;
        }
    }

    private OutputLock lock(Workspace workspace) {
        Set<String> said = new HashSet<>();
        Consumer<String> sayOnce = line -> {
            if (said.add(line)) {
                out.println(line);
            }
        };
        while (true) {
            try {
                return OutputLock.inside(configuration, workspace.path(), "retrain", "workspace", sayOnce);
            } catch (HeldException e) {
                if (!options.await()) {
                    throw e;
                }
                sayOnce.accept("waiting for the workspace: " + e.holder());
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(WAIT_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new JobFailedException("interrupted while waiting for the workspace; nothing was written", e);
        }
    }

    /** What is recorded of cycles decides; a note of the night that cannot be written changes nothing. */
    private void write(Workspace workspace, Night night) {
        over = night;
        try {
            workspace.nights().add(night);
            workspace.nights().keep(NIGHTS);
        } catch (IOException | RuntimeException e) {
            out.println("what this night came to is not written down: " + FileFailure.reason(e));
        }
    }

    private RetrainResult run(RetrainConf conf, Workspace workspace, OutputLock lock, long began) throws IOException {
        lock.requireHeld();
        Optional<Cycle> cut = workspace.finishPromotion();
        if (cut.isPresent()) {
            out.println(cut.get().finished());
            removeStale(workspace);
            return over(conf, workspace, cut.get(), began);
        }
        History history = History.of(workspace);
        Optional<String> obstacle = history.unfinished().flatMap(cycle -> obstacle(conf, workspace, history, cycle));
        if (history.unfinished().isPresent() && obstacle.isEmpty()) {
            try {
                return goOn(conf, workspace, history, lock, began);
            } catch (RunRefusedException e) { // so it would be every night
                obstacle = Optional.of(e.getMessage());
            } catch (JobFailedException e) {
                if (!(e.getCause() instanceof OtherKernelsException other)) {
                    throw e;
                }
                obstacle = Optional.of(other.getMessage()); // likewise, once a machine has another GPU or cuDNN
            }
        }
        return begin(conf, workspace, history, obstacle, lock, began);
    }

    private RetrainResult goOn(RetrainConf conf, Workspace workspace, History history, OutputLock lock, long began) throws IOException {
        Cycle cycle = history.unfinished().orElseThrow();
        CycleOptions asked = asked(conf, requireNetworks(conf, workspace, Optional.ofNullable(cycle.start()))); // from the start that it has
        cleanUp(conf, workspace, lock);
        current = cycle.name();
        out.println("going on with cycle " + current);
        return over(conf, workspace, trial(conf, workspace, asked, lock).run(cycle, staysPromoted(history)), began);
    }

    /** @param obstacle why the unfinished cycle, if there is one, does not go on */
    private RetrainResult begin(RetrainConf conf, Workspace workspace, History history, Optional<String> obstacle, OutputLock lock, long began)
            throws IOException {
        Optional<String> start = Optional.ofNullable(history.promoted());
        CycleOptions asked = asked(conf, requireStart(conf, workspace, start));
        cleanUp(conf, workspace, lock);
        current = null;
        if (obstacle.isPresent()) {
            abandon(workspace, history.unfinished().orElseThrow(), obstacle.get());
        }
        History before = History.of(workspace);
        int number = Math.max(before.nextNumber(), 1 + workspace.highestRun()); // somebody may have put a run there
        Preparation preparation = new Preparation(spark, conf, options.conf(), workspace, out);
        ImageDataset dataset = preparation.prepare(number, Optional.ofNullable(before.newest()), staysPromoted(before));
        String images = dataset.manifest().contentHash();
        Optional<String> nothingNew = before.nothingNew(images, conf.named(asked));
        if (nothingNew.isPresent()) {
            preparation.forget(number);
            if (before.isStuck(images, conf.named(asked))) { // a failure stays one, however often a scheduler tries again
                throw new JobFailedException(nothingNew.get() + "; " + staysPromoted(before) + "; other images or other options, such as"
                        + " another seed in train, begin a new cycle");
            }
            return new RetrainResult(Outcome.NOTHING_NEW, null, path(workspace, start), null, null, nothingNew.get(), since(began));
        }
        Cycle cycle = Cycle.begun(number, images, start.orElse(null), asked).of(Cycle.Images.of(dataset));
        workspace.publish(cycle);
        current = cycle.name();
        before.otherOptions(images, conf.named(asked))
                .ifPresent(changes -> out.println("cycle " + cycle.name() + ": old images, but " + changes));
        return over(conf, workspace, trial(conf, workspace, asked, lock).run(cycle, staysPromoted(before)), began);
    }

    private CycleOptions asked(RetrainConf conf, NetworkOptions others) {
        return conf.options(others).with(CycleOptions.CHECKPOINT, options.checkpoint());
    }

    private void cleanUp(RetrainConf conf, Workspace workspace, OutputLock lock) {
        lock.requireHeld();
        removeStale(workspace);
        prune(conf, workspace);
    }

    private Trial trial(RetrainConf conf, Workspace workspace, CycleOptions asked, OutputLock lock) {
        return new Trial(spark, options, listener, out, conf, workspace, asked, lock);
    }

    private void abandon(Workspace workspace, Cycle unfinished, String why) throws IOException {
        workspace.publish(unfinished.abandoned(why));
        out.println("cycle " + unfinished.name() + " was unfinished and is abandoned: " + why);
    }

    /** What the cycle came to is carried out by now, and nothing in here takes that back. */
    private RetrainResult over(RetrainConf conf, Workspace workspace, Cycle judged, long began) {
        current = judged.name();
        prune(conf, workspace);
        return new RetrainResult(judged.outcome() == Cycle.Outcome.PROMOTED ? Outcome.PROMOTED : Outcome.KEPT, judged.name(),
                path(workspace, promotedAfter(workspace, judged)), judged.kid(), judged.startKid(), judged.reason(), since(began));
    }

    private Optional<String> promotedAfter(Workspace workspace, Cycle judged) {
        try {
            return workspace.promoted();
        } catch (IOException | JobFailedException | InvalidRequestException e) {
            Optional<String> left = Optional.ofNullable(judged.leftPromoted());
            out.println("cannot see which run is promoted: " + FileFailure.reason(e) + "; by the record of cycle " + judged.name() + " it is "
                    + left.map(name -> "run " + name).orElse("none"));
            return left;
        }
    }

    private static String path(Workspace workspace, Optional<String> run) {
        return run.map(name -> workspace.run(name).path().toString()).orElse(null);
    }

    private static double since(long began) {
        return (System.nanoTime() - began) / 1e9;
    }

    /** Why an unfinished cycle cannot go on, if so. */
    private Optional<String> obstacle(RetrainConf conf, Workspace workspace, History history, Cycle cycle) {
        NetworkOptions network = Optional.ofNullable(cycle.start()).map(workspace::run).filter(RunDirectory::exists).map(RunConfig::network)
                .orElse(NetworkOptions.DEFAULT);
        return history.obstacle(cycle, asked(conf, network)).or(() -> {
            try {
                ImageDataset images = workspace.images(cycle);
                return images.manifest().contentHash().equals(cycle.dataset()) ? Optional.empty()
                        : Optional.of(images.path() + " holds other images than it began with");
            } catch (InvalidRequestException e) {
                return Optional.of(e.getMessage());
            }
        });
    }

    /**
     * Before anything is written: training would find out hours of preparation later.
     *
     * @return the sizes of the networks it has, or that a first cycle has unless asked for others
     */
    private NetworkOptions requireStart(RetrainConf conf, Workspace workspace, Optional<String> start) {
        NetworkOptions before = requireNetworks(conf, workspace, start);
        if (start.isEmpty()) {
            return before;
        }
        try {
            options.start().find(new CheckpointStore(workspace.run(start.get())), out::println);
        } catch (InvalidRequestException e) {
            throw new InvalidRequestException("cannot start from run " + start.get() + ": " + e.getMessage()
                    + "; write the name of another run into " + workspace.promotedFile(), e);
        }
        return before;
    }

    /** The start's networks, of the sizes that are asked for. @param start the run to start from, if there is one */
    private NetworkOptions requireNetworks(RetrainConf conf, Workspace workspace, Optional<String> start) {
        NetworkOptions before = start.map(workspace::run).map(RunConfig::network).orElse(NetworkOptions.DEFAULT);
        TrainOptions training = conf.training("DATASET", "RUN", 1);
        NetworkOptions asked = training.network().orElse(before);
        try {
            training.requireFor(asked);
        } catch (InvalidRequestException e) {
            throw new InvalidRequestException("--conf is " + options.conf() + ": train: " + e.getMessage(), e);
        }
        if (start.isPresent() && !asked.equals(before)) {
            throw new InvalidRequestException("--conf is " + options.conf() + ": asks for networks of other sizes than those of the"
                    + " promoted run " + workspace.run(start.get()).path() + ": give its sizes (" + before + "), or another workspace");
        }
        return before;
    }

    private static String staysPromoted(History history) {
        return history.promoted() == null ? "no run is promoted yet" : "run " + history.promoted() + " stays promoted";
    }

    private void removeStale(Workspace workspace) {
        delete(workspace::removeStale, "that killed jobs have left unfinished");
    }

    private void prune(RetrainConf conf, Workspace workspace) {
        delete(() -> {
            Set<String> deleted = new TreeSet<>();
            try {
                workspace.prune(conf.keep(), deleted);
            } finally {
                if (!deleted.isEmpty()) {
                    out.println("deleted runs and data sets " + String.join(", ", deleted) + ": keep is " + conf.keep());
                }
            }
        }, "that is beyond the newest " + conf.keep() + " cycles");
    }

    /** What stays where it should not would end every night from now on, for nothing. */
    private void delete(Removal.Deletion deletion, String what) {
        try {
            deletion.run();
        } catch (IOException | JobFailedException | InvalidRequestException e) {
            out.println("not all can be deleted " + what + ": " + FileFailure.reason(e) + "; the next night tries again");
        }
    }
}
