package io.ugatit.translate;

import io.ugatit.input.LeftOut;
import io.ugatit.job.FileFailure;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import io.ugatit.job.NameEncoding;
import io.ugatit.job.Packed;
import io.ugatit.job.PathOption;
import io.ugatit.job.Progress;
import io.ugatit.job.Slots;
import io.ugatit.job.WatchedJob;
import io.ugatit.translate.generator.TranslatorPool;
import io.ugatit.translate.option.ShapeOptions;
import io.ugatit.translate.output.Folder;
import io.ugatit.translate.output.FolderLocks;
import io.ugatit.translate.output.OutputKind;
import io.ugatit.translate.output.PlannedImage;
import io.ugatit.translate.output.ProvenanceLog;
import io.ugatit.translate.output.RejectedList;
import io.ugatit.translate.output.TranslationWriter;
import io.ugatit.translate.source.ImageSource;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Translates every image of a folder, an archive or a table, in one direction or both, by one checkpoint or several, one after the other. A
 * translation has the network's size, or by {@link ShapeOptions} that of its image. It lies under the image's relative path, or among others
 * in a tar shard or a table; every file is published in one piece, so a job that was killed goes on when it is started again. An image that
 * cannot be decoded is listed in {@code rejected.jsonl} and the job goes on.
 * Tasks do not depend on each other: the bytes are the same on any number of cores, as long as all executors compute with the same kernels.
 *
 * <p>An executor holds the generator's parameters once (42 MB in a light model of 64 channels, 1.1 GB in a full one for 256 pixels), and
 * the activations of one image for each slot. The driver holds some hundred bytes an image. A second job for an output that one is writing
 * is refused.
 */
public final class TranslateJob {
    private final SparkSession session;
    private final JavaSparkContext spark;
    private final Configuration configuration;
    private final TranslateOptions options;
    private final PrintStream out;

    /**
     * A job that prints its progress on stdout.
     *
     * @param spark the session to run in
     * @param options what is asked for
     */
    public TranslateJob(SparkSession spark, TranslateOptions options) {
        this(spark, options, System.out);
    }

    /**
     * A job that prints its progress elsewhere.
     *
     * @param spark the session to run in
     * @param options what is asked for
     * @param out where progress lines and warnings go
     */
    public TranslateJob(SparkSession spark, TranslateOptions options, PrintStream out) {
        this.session = spark;
        this.spark = JavaSparkContext.fromSparkContext(spark.sparkContext());
        this.configuration = this.spark.hadoopConfiguration();
        this.options = options;
        this.out = out;
    }

    /**
     * Translates the images.
     *
     * @throws InvalidRequestException if input, output or model are not what they must be, or another job is writing the
     *     output; nothing was written then
     * @throws JobFailedException if no image at all could be translated or a file system fails
     * @throws IllegalStateException if a dry run is asked for, which is {@link #dryRun}
     */
    public TranslateResult run() {
        if (options.selection().dryRun()) {
            throw new IllegalStateException("--dry-run is given: nothing may be written");
        }
        requireKernels();
        return withHadoop(this::run);
    }

    /**
     * Finds out what {@link #run} would do, and translates a few of the images to measure how long it would take. Writes nothing, and does
     * not look whether another job is writing the output.
     *
     * @throws InvalidRequestException as {@link #run}
     * @throws JobFailedException if a file system fails
     */
    public DryRunResult dryRun() {
        requireKernels();
        return withHadoop(this::dryRun);
    }

    /** What a job does with the Hadoop configuration that its tasks have too. */
    private <T> T withHadoop(Function<Broadcast<SerializableConfiguration>, T> job) {
        Broadcast<SerializableConfiguration> hadoop = spark.broadcast(new SerializableConfiguration(configuration));
        try {
            return job.apply(hadoop);
        } finally {
            hadoop.destroy();
        }
    }

    private DryRunResult dryRun(Broadcast<SerializableConfiguration> hadoop) {
        Folder output = output();
        try (InputSources sources = new InputSources(session, options, hadoop, out)) {
            TranslatePlan plan = new TranslatePlan(options, configuration, output, out);
            List<PlannedPass> passes = plan.of(Passes.of(options, configuration, out::println), sources);
            int slots = slots();
            List<Trial.Outcome> trials = new ArrayList<>();
            for (Direction direction : options.directions().each()) {
                Optional<PlannedPass> tried = passes.stream()
                        .filter(pass -> pass.pass().direction() == direction && !pass.todo().isEmpty()).findFirst();
                if (tried.isPresent()) { // of several checkpoints one is enough: their networks are alike
                    trials.addAll(tryFew(tried.get(), sources.of(direction), slots, hadoop));
                }
            }
            List<Double> seconds = trials.stream().flatMap(trial -> trial.seconds().stream()).toList();
            return new DryRunResult(output.path().toString(), options.shape().shape(), passes.get(0).pass().generator().options().size(),
                    passes.stream().map(this::planned).toList(), slots, seconds.size(),
                    seconds.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN),
                    trials.stream().flatMap(trial -> trial.leftOut().stream()).findFirst());
        } catch (IOException | FSError e) {
            throw new JobFailedException("cannot look at " + input() + ": " + FileFailure.reason(e) + "; nothing was written", e);
        } finally {
            TranslatorPool.SHARED.freeUnused();
        }
    }

    private List<Trial.Outcome> tryFew(PlannedPass pass, ImageSource source, int slots, Broadcast<SerializableConfiguration> hadoop) {
        List<Packed<List<PlannedImage>>> few = TranslateShares.few(pass.todo(), slots, options.batch());
        int count = few.stream().mapToInt(share -> share.get().size()).sum();
        Optional<JavaRDD<Row>> rows = source.few(count, few.size());
        return onSpark("try", count, "nothing was written", done -> {
            Trial trial = new Trial(pass.pass().generator(), options, done);
            return rows.isPresent() ? rows.get().mapPartitions(new TrialRows(hadoop, trial))
                    : spark.parallelize(few, few.size()).flatMap(new TrialTask(hadoop, pass.root(), trial));
        }).stream().map(Packed::get).toList();
    }

    private DryRunResult.PlannedFolder planned(PlannedPass pass) {
        return new DryRunResult.PlannedFolder(pass.target().path().toString(), pass.pass().generator().file(), pass.pass().inWords(),
                pass.contents().files().size(), pass.contents().leftOut().size(), pass.wanted().size(),
                pass.wanted().size() - pass.todo().size(), pass.todo().size());
    }

    /** Images that are translated at the same time. */
    private int slots() {
        return Math.max(1, Slots.here(spark.sc()));
    }

    private void requireKernels() {
        if (spark.isLocal()) {
            options.kernels().requireHere();
        }
    }

    private String input() {
        return String.join(" and ", options.directions().each().stream().map(options.from()::name).toList());
    }

    private TranslateResult run(Broadcast<SerializableConfiguration> hadoop) {
        long start = System.nanoTime();
        String option = options.to().kind().option();
        Folder output = output();
        Optional<Path> sheet = SheetOfPasses.file(configuration, options);
        TranslatePlan plan = new TranslatePlan(options, configuration, output, out);
        try {
            List<Pass> passes = Passes.of(options, configuration, out::println);
            try (FolderLocks locks = new FolderLocks(configuration, passes.stream().map(plan::folder).toList(), option, out::println);
                    InputSources sources = new InputSources(session, options, hadoop, out)) {
                List<PlannedPass> planned = plan.of(passes, sources);
                if (options.shape().isOfOwnSize()) {
                    out.println("translations have their image's " + options.shape().shape());
                }
                List<TranslatedFolder> folders = new ArrayList<>();
                for (PlannedPass pass : planned) {
                    folders.add(translate(pass, hadoop, locks));
                }
                if (sheet.isPresent()) {
                    new SheetOfPasses(options, configuration, planned).write(sheet.get());
                }
                return new TranslateResult(output.path().toString(), options.shape().shape(), folders, sheet.map(Path::toString),
                        (System.nanoTime() - start) / 1e9);
            }
        } catch (IOException | FSError e) {
            throw new JobFailedException("cannot translate " + input() + ": " + FileFailure.reason(e) + "; " + TranslationWriter.SAFE, e);
        } finally {
            TranslatorPool.SHARED.freeUnused();
        }
    }

    private TranslatedFolder translate(PlannedPass planned, Broadcast<SerializableConfiguration> hadoop, FolderLocks locks)
            throws IOException {
        Pass pass = planned.pass();
        List<PlannedImage> todo = planned.todo();
        locks.requireHeld();
        ProvenanceLog log = planned.target().begin();
        List<Packed<List<PlannedImage>>> shares = options.to().kind() == OutputKind.FILES ? TranslateShares.ofFiles(todo, slots())
                : TranslateShares.ofParts(todo, slots(), options.to().mostInAPart());
        String label = pass.below().isEmpty() ? "translate" : "translate " + pass.inWords();
        List<TaskOutcome> outcomes = shares.isEmpty() ? List.of() : onSpark(label, todo.size(), TranslationWriter.SAFE,
                done -> spark.parallelize(shares, shares.size())
                        .flatMap(new TranslateTask(hadoop, pass, planned.root(), log, options, done)))
                .stream().map(Packed::get).toList();
        List<LeftOut> failed = outcomes.stream().flatMap(outcome -> outcome.leftOut().stream()).toList();
        List<LeftOut> leftOut = Stream.concat(planned.contents().leftOut().stream(), failed.stream()).toList();
        locks.requireHeld();
        new RejectedList(log, options.to().kind(), options.heatmaps()).publish(leftOut);
        requireAny(planned, failed);
        return new TranslatedFolder(planned.target().path().toString(), pass.generator().file(), pass.inWords(),
                todo.size() - failed.size(), planned.wanted().size() - todo.size(), count(leftOut, LeftOut.Kind.REJECTED),
                count(leftOut, LeftOut.Kind.NOT_AN_IMAGE), count(leftOut, LeftOut.Kind.HIDDEN), count(leftOut, LeftOut.Kind.LINK),
                count(leftOut, LeftOut.Kind.NO_REGULAR_FILE), outcomes.stream().mapToLong(TaskOutcome::metadataCut).sum());
    }

    private void requireAny(PlannedPass planned, List<LeftOut> failed) {
        if (failed.size() == planned.wanted().size()) {
            throw new JobFailedException("none of the " + failed.size() + (options.from().isTable() ? " rows in " : " files in ")
                    + options.from().name(planned.pass().direction()) + " could be translated; the first, " + failed.get(0).source() + ": "
                    + failed.get(0).reason());
        }
    }

    private static long count(List<LeftOut> leftOut, LeftOut.Kind kind) {
        return leftOut.stream().filter(file -> file.kind() == kind).count();
    }

    private Folder output() {
        String option = options.to().kind().option();
        Path path = PathOption.folder(configuration, option, options.output());
        NameEncoding.require(option, path);
        return new Folder(configuration, path);
    }

    /** Tasks, which count their images. */
    private <T> List<T> onSpark(String label, int images, String safe, Function<LongAccumulator, JavaRDD<T>> tasks) {
        return WatchedJob.collect(spark, new Progress(label, images, "images", out, System::nanoTime), safe, tasks);
    }
}
