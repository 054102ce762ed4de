package io.ugatit.translate;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ugatit.input.LeftOut;
import io.ugatit.job.FileFailure;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import io.ugatit.job.NameEncoding;
import io.ugatit.job.Packed;
import io.ugatit.job.PathOption;
import io.ugatit.job.Progress;
import io.ugatit.job.WatchedJob;
import io.ugatit.lock.OutputLock;
import io.ugatit.prep.source.ImageFolder;
import io.ugatit.tensor.choice.KernelChoice;
import io.ugatit.translate.output.Folder;
import io.ugatit.translate.output.OutputFolder;
import io.ugatit.translate.output.OutputKind;
import io.ugatit.translate.output.Plan;
import io.ugatit.translate.output.PlannedImage;
import io.ugatit.translate.output.ProvenanceLog;
import io.ugatit.translate.output.TranslationWriter;
import java.io.IOException;
import java.io.PrintStream;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Translates every image of a folder, an archive or a table. A translation has the network's size, or by {@link ShapeOptions} that of its
 * image. It lies under the image's relative path, or among others in a tar shard or a table; every file is published in one piece, so a job
 * that was killed goes on when it is started again. An image that cannot be decoded is listed in {@code rejected.jsonl} and the job goes on.
 * Tasks do not depend on each other: the bytes are the same on any number of cores, as long as all executors compute with the same kernels.
 *
 * <p>An executor holds the generator's parameters once (42 MB in a light model of 64 channels, 1.1 GB in a full one for 256 pixels), and
 * the activations of one image for each slot. The driver holds some hundred bytes an image. A second job for an output that one is writing
 * is refused.
 */
public final class TranslateJob {
    /** Translations by themselves a task; it is long enough that a longer one would gain nothing, and short enough to be repeated. */
    private static final int MOST_FILES = 256;

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
        Folder output = folder(options.to().kind().option(), options.output());
        String option = options.to().kind().option();
        try (OutputLock lock = OutputLock.inside(configuration, output.path(), "translate", option, out::println)) {
            return withHadoop(hadoop -> run(hadoop, output, lock));
        }
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
        try (ImageSource source = source(hadoop)) {
            PlannedWork work = plan(source, folder(options.to().kind().option(), options.output()));
            int slots = Math.max(1, spark.defaultParallelism() / spark.getConf().getInt("spark.task.cpus", 1));
            List<Packed<List<PlannedImage>>> few = TranslateShares.few(work.todo(), slots);
            List<Double> seconds = onSpark("try", few, Math.min(few.size() * TranslateShares.TRIED_PER_SLOT, work.todo().size()),
                    "nothing was written", done -> new TrialTask(hadoop, work.generator(), work.root(), options, done));
            return new DryRunResult(work.target().path().toString(), work.generator().file(), options.shape().shape(),
                    work.generator().options().size(), work.contents().files().size(), work.contents().leftOut().size(),
                    work.wanted().size(), work.wanted().size() - work.todo().size(), work.todo().size(), slots, seconds.size(),
                    seconds.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN));
        } catch (IOException | FSError e) {
            throw new JobFailedException("cannot look at " + input() + ": " + FileFailure.reason(e) + "; nothing was written", e);
        } finally {
            TranslatorPool.SHARED.freeUnused();
        }
    }

    private void requireKernels() {
        if (spark.isLocal()) {
            options.kernels().requireHere();
        }
    }

    private String input() {
        return options.input() == null ? options.table().table() : options.input();
    }

    private ImageSource source(Broadcast<SerializableConfiguration> hadoop) throws IOException {
        return options.input() == null ? new RowsSource(session, options, hadoop, out)
                : new FilesSource(ImageFolder.path(configuration, "--input", options.input()), spark, hadoop, out);
    }

    private PlannedWork plan(ImageSource source, Folder output) throws IOException {
        OutputKind kind = options.to().kind();
        source.requireOutside(output, kind.option());
        GeneratorSource generator = new GeneratorRequest(options.run(), options.weights(), options.size(), options.direction(),
                options.checkpoint()).find(configuration, out::println);
        OutputFolder target = new OutputFolder(output, kind, record(source, generator));
        target.look(options.overwrite());
        ImageSource.Found found = source.find(output, target);
        List<PlannedImage> all = Plan.of(found.contents().files(), kind, options.format(), options.heatmaps());
        Set<PlannedImage> missing = new HashSet<>(target.missing(all));
        List<PlannedImage> wanted = options.input() == null ? all : options.selection().choose(all);
        say(target.replaced(), "images were replaced since they were translated: they are translated again"
                + (kind == OutputKind.FILES ? "" : ", and those that are in one file with them"));
        if (options.input() != null || options.selection().limit() == null) {
            say(target.orphans(), "translations are of images that are no longer there: they stay");
        }
        // reads the parameters once, so that damaged ones are found before anything is written
        KernelChoice kernels = KernelChoice.orFastest(options.kernels());
        TranslatorPool.SHARED.giveBack(generator, kernels, TranslatorPool.SHARED.borrow(configuration, generator, kernels));
        return new PlannedWork(found.root(), found.contents(), wanted, wanted.stream().filter(missing::contains).toList(), generator, target);
    }

    private TranslateResult run(Broadcast<SerializableConfiguration> hadoop, Folder output, OutputLock lock) {
        long start = System.nanoTime();
        try (ImageSource source = source(hadoop)) {
            PlannedWork work = plan(source, output);
            lock.requireHeld();
            ProvenanceLog log = work.target().begin();
            if (options.shape().isOfOwnSize()) {
                out.println("translations have their image's " + options.shape().shape());
            }
            int most = options.to().kind() == OutputKind.FILES ? MOST_FILES : options.to().mostInAPart();
            List<LeftOut> failed = onSpark("translate", TranslateShares.of(work.todo(), spark.defaultParallelism(), most),
                    work.todo().size(), TranslationWriter.SAFE,
                    done -> new TranslateTask(hadoop, work.generator(), work.root(), log, options, done)).stream().map(LeftOut::parse).toList();
            List<LeftOut> leftOut = Stream.concat(work.contents().leftOut().stream(), failed.stream()).toList();
            lock.requireHeld();
            work.target().publishRejected(leftOut);
            requireAny(work.wanted().size(), failed);
            return new TranslateResult(output.path().toString(), work.generator().file(), options.shape().shape(),
                    work.todo().size() - failed.size(), work.wanted().size() - work.todo().size(),
                    count(leftOut, LeftOut.Kind.REJECTED), count(leftOut, LeftOut.Kind.NOT_AN_IMAGE), count(leftOut, LeftOut.Kind.HIDDEN),
                    count(leftOut, LeftOut.Kind.LINK), count(leftOut, LeftOut.Kind.NO_REGULAR_FILE), (System.nanoTime() - start) / 1e9);
        } catch (IOException | FSError e) {
            throw new JobFailedException("cannot translate " + input() + ": " + FileFailure.reason(e) + "; " + TranslationWriter.SAFE, e);
        } finally {
            TranslatorPool.SHARED.freeUnused();
        }
    }

    private void requireAny(int planned, List<LeftOut> failed) {
        if (failed.size() == planned) {
            throw new JobFailedException("none of the " + planned + (options.input() == null ? " rows in " : " files in ") + input()
                    + " could be translated; the first, " + failed.get(0).source() + ": " + failed.get(0).reason());
        }
    }

    private static long count(List<LeftOut> leftOut, LeftOut.Kind kind) {
        return leftOut.stream().filter(file -> file.kind() == kind).count();
    }

    private void say(long count, String what) {
        if (count > 0) {
            out.println(count + " " + what);
        }
    }

    private Folder folder(String option, String value) {
        Path path = PathOption.folder(configuration, option, value);
        NameEncoding.require(option, path);
        return new Folder(configuration, path);
    }

    /** Everything that decides the bits of a translation. */
    private ObjectNode record(ImageSource source, GeneratorSource generator) {
        ObjectNode record = JsonNodeFactory.instance.objectNode();
        record.put("input", source.name());
        record.put("model", generator.file());
        record.put("model-length", generator.length());
        record.put("model-modified", generator.modified());
        record.put("direction", options.direction().name().toLowerCase(Locale.ROOT));
        record.put("size", generator.options().size());
        record.put("resize", options.resize().name().toLowerCase(Locale.ROOT));
        record.put("format", options.format().name().toLowerCase(Locale.ROOT));
        record.put("heatmaps", options.heatmaps());
        record.put(OutputFolder.SHAPE, options.shape().shape());
        record.put(OutputFolder.ALPHA, options.shape().alpha().toLowerCase(Locale.ROOT));
        return record;
    }

    /** Makes what tasks do, which count their images. */
    @FunctionalInterface
    private interface Tasks<T> {
        FlatMapFunction<Packed<List<PlannedImage>>, T> of(LongAccumulator done);
    }

    private <T> List<T> onSpark(String label, List<Packed<List<PlannedImage>>> shares, int images, String safe, Tasks<T> tasks) {
        if (shares.isEmpty()) {
            return List.of();
        }
        LongAccumulator done = spark.sc().longAccumulator(label);
        return WatchedJob.await(spark.parallelize(shares, shares.size()).flatMap(tasks.of(done)).collectAsync(), done,
                new Progress(label, images, "images", out, System::nanoTime), safe);
    }
}
