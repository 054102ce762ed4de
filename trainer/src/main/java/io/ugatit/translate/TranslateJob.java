package io.ugatit.translate;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ugatit.image.ImageFormat;
import io.ugatit.input.FolderContents;
import io.ugatit.input.InputFile;
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
import io.ugatit.tensor.choice.KernelChoice;
import io.ugatit.weights.WeightsFile;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.AccessDeniedException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Translates every image of a folder. A translation has the network's size, or by {@link ShapeOptions} that of its image, and lies under
 * the image's relative path; it is published in one piece, so a job that was killed goes on when it is started again. An image that cannot
 * be decoded is listed in {@code rejected.jsonl} and the job goes on. Tasks do not depend on each other: the bytes are the same on any
 * number of cores, as long as all executors compute with the same kernels.
 *
 * <p>An executor holds the generator's parameters once (42 MB in a light model of 64 channels, 1.1 GB in a full one for 256 pixels), and
 * the activations of one image for each slot. A second job for an output that one is writing is refused.
 */
public final class TranslateJob {
    static final String SAFE = "the translations written so far are whole; start the job again to go on";
    private static final int TASKS_PER_SLOT = 4;
    /** A task of so many images takes long enough that a larger one would gain nothing, and short enough to be repeated. */
    private static final int MAX_IMAGES_PER_TASK = 256;
    /** By a dry run; the first is not counted. */
    private static final int TRIED_PER_SLOT = 3;

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
        Folder output = folder("--output", options.output());
        try (OutputLock lock = OutputLock.inside(configuration, output.path(), "translate", "--output", out::println)) {
            return run(output, lock);
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
        try {
            PlannedWork work = plan(folder("--output", options.output()));
            int slots = Math.max(1, spark.defaultParallelism() / spark.getConf().getInt("spark.task.cpus", 1));
            List<Double> seconds = tryOut(work, slots);
            return new DryRunResult(work.target().path().toString(), work.generator().file(), options.shape().shape(),
                    work.generator().options().size(), work.contents().files().size(), work.contents().leftOut().size(),
                    work.wanted().size(), work.wanted().size() - work.todo().size(), work.todo().size(), slots, seconds.size(),
                    seconds.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN));
        } catch (IOException | FSError e) {
            throw new JobFailedException("cannot look at " + options.input() + ": " + FileFailure.reason(e) + "; nothing was written", e);
        } finally {
            TranslatorPool.SHARED.freeUnused();
        }
    }

    private void requireKernels() {
        if (spark.isLocal()) {
            options.kernels().requireHere();
        }
    }

    private PlannedWork plan(Folder output) throws IOException {
        Folder input = folder("--input", options.input());
        FolderContents contents = list(input, output);
        List<Provenance> all = plan(contents.files());
        GeneratorSource generator = new GeneratorRequest(options.run(), options.weights(), options.size(), options.direction(),
                options.checkpoint()).find(configuration, out::println);
        OutputFolder target = new OutputFolder(output, record(input, generator));
        Set<Provenance> missing = new HashSet<>(target.missing(all, options.overwrite()));
        List<Provenance> wanted = options.selection().choose(all);
        say(target.replaced(), "images were replaced since they were translated: they are translated again");
        say(target.orphans(), "translations are of images that are no longer there: they stay");
        // reads the parameters once, so that damaged ones are found before anything is written
        KernelChoice kernels = KernelChoice.orFastest(options.kernels());
        TranslatorPool.SHARED.giveBack(generator, kernels, TranslatorPool.SHARED.borrow(configuration, generator, kernels));
        return new PlannedWork(input, contents, wanted, wanted.stream().filter(missing::contains).toList(), generator, target);
    }

    private TranslateResult run(Folder output, OutputLock lock) {
        long start = System.nanoTime();
        try {
            PlannedWork work = plan(output);
            lock.requireHeld();
            ProvenanceLog log = work.target().begin();
            if (options.shape().isOfOwnSize()) {
                out.println("translations have their image's " + options.shape().shape());
            }
            List<LeftOut> failed = translate(work, log).stream().map(LeftOut::parse).toList();
            List<LeftOut> leftOut = Stream.concat(work.contents().leftOut().stream(), failed.stream()).toList();
            lock.requireHeld();
            work.target().publishRejected(leftOut.stream().map(LeftOut::toJson).toList());
            requireAny(work.wanted().size(), failed);
            return new TranslateResult(output.path().toString(), work.generator().file(), options.shape().shape(),
                    work.todo().size() - failed.size(), work.wanted().size() - work.todo().size(),
                    count(leftOut, LeftOut.Kind.REJECTED), count(leftOut, LeftOut.Kind.NOT_AN_IMAGE), count(leftOut, LeftOut.Kind.HIDDEN),
                    count(leftOut, LeftOut.Kind.LINK), count(leftOut, LeftOut.Kind.NO_REGULAR_FILE), (System.nanoTime() - start) / 1e9);
        } catch (IOException | FSError e) {
            throw new JobFailedException("cannot translate " + options.input() + ": " + FileFailure.reason(e) + "; " + SAFE, e);
        } finally {
            TranslatorPool.SHARED.freeUnused();
        }
    }

    private void requireAny(int planned, List<LeftOut> failed) {
        if (failed.size() == planned) {
            throw new JobFailedException("none of the " + planned + " files in " + options.input() + " could be translated; the first, "
                    + failed.get(0).source() + ": " + failed.get(0).reason());
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

    private List<Provenance> plan(List<InputFile> images) {
        Map<String, String> plan = Plan.of(images.stream().map(InputFile::path).toList(), options.format(), options.heatmaps());
        return images.stream().map(image -> new Provenance(plan.get(image.path()), image.path(), image.length(), image.modified())).toList();
    }

    private static FolderContents list(Folder input, Folder output) throws IOException {
        if (input.isInside(output) || output.isInside(input)) {
            throw new InvalidRequestException("--output is " + output.path() + ": must be outside --input " + input.path()
                    + " and not around it");
        }
        FileSystem fileSystem = input.fileSystem();
        if (!fileSystem.exists(input.path()) || !fileSystem.getFileStatus(input.path()).isDirectory()) {
            throw new InvalidRequestException("--input is " + input.path() + ": there is no such folder");
        }
        FolderContents images;
        try {
            images = input.list();
        } catch (AccessDeniedException e) {
            throw new InvalidRequestException("--input is " + input.path() + ": no permission to list it", e);
        }
        if (images.files().isEmpty()) {
            throw new InvalidRequestException("--input is " + input.path() + ": holds no images (" + ImageFormat.names() + ")"
                    + (images.leftOut().isEmpty() ? "" : "; left out are " + images.examples()));
        }
        return images;
    }

    /** Everything that decides the bits of a translation. */
    private ObjectNode record(Folder input, GeneratorSource generator) {
        ObjectNode record = JsonNodeFactory.instance.objectNode();
        record.put("input", input.path().toString());
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

    private List<String> translate(PlannedWork work, ProvenanceLog log) {
        return onSpark("translate", shares(work.todo()), work.todo().size(), SAFE,
                (hadoop, done) -> new TranslateTask(hadoop, work.generator(), work.input(), log, options, done));
    }

    /** What each of a few images takes, from all over the input. */
    private List<Double> tryOut(PlannedWork work, int slots) {
        int tasks = Math.min(slots, work.todo().size());
        int images = Math.min(TRIED_PER_SLOT * tasks, work.todo().size());
        List<Packed<List<Provenance>>> shares = new ArrayList<>(tasks);
        for (int task = 0; task < tasks; task++) {
            List<Provenance> share = new ArrayList<>();
            for (int image = task; image < images; image += tasks) {
                share.add(work.todo().get((int) ((long) work.todo().size() * image / images)));
            }
            shares.add(Packed.of(share));
        }
        return onSpark("try", shares, images, "nothing was written",
                (hadoop, done) -> new TrialTask(hadoop, work.generator(), work.input(), options, done));
    }

    /** Makes what tasks do, which count their images. */
    @FunctionalInterface
    private interface Tasks<T> {
        FlatMapFunction<Packed<List<Provenance>>, T> of(Broadcast<SerializableConfiguration> hadoop, LongAccumulator done);
    }

    private <T> List<T> onSpark(String label, List<Packed<List<Provenance>>> shares, int images, String safe, Tasks<T> tasks) {
        if (shares.isEmpty()) {
            return List.of();
        }
        Broadcast<SerializableConfiguration> hadoop = spark.broadcast(new SerializableConfiguration(configuration));
        LongAccumulator done = spark.sc().longAccumulator(label);
        try {
            return WatchedJob.await(spark.parallelize(shares, shares.size()).flatMap(tasks.of(hadoop, done)).collectAsync(), done,
                    new Progress(label, images, "images", out, System::nanoTime), safe);
        } finally {
            hadoop.destroy();
        }
    }

    /** What each task is to make. */
    private List<Packed<List<Provenance>>> shares(List<Provenance> todo) {
        if (todo.isEmpty()) {
            return List.of();
        }
        int most = Math.max(TASKS_PER_SLOT * spark.defaultParallelism(), (todo.size() - 1) / MAX_IMAGES_PER_TASK + 1);
        int tasks = Math.min(most, todo.size());
        List<Packed<List<Provenance>>> shares = new ArrayList<>(tasks);
        for (int task = 0; task < tasks; task++) {
            int from = (int) ((long) todo.size() * task / tasks);
            int to = (int) ((long) todo.size() * (task + 1) / tasks);
            shares.add(Packed.of(new ArrayList<>(todo.subList(from, to))));
        }
        return shares;
    }
}
