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
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Translates every image of a folder. A translation has the network's size and lies under the image's relative path; it is published in
 * one piece, so a job that was killed goes on when it is started again. An image that cannot be decoded is listed in {@code rejected.jsonl}
 * and the job goes on. Tasks do not depend on each other: the bytes are the same on any number of cores, as long as all executors compute
 * with the same kernels.
 *
 * <p>An executor holds the generator's parameters once (42 MB in a light model of 64 channels, 1.1 GB in a full one for 256 pixels), and
 * the activations of one image for each slot. A second job for an output that one is writing is refused.
 */
public final class TranslateJob {
    static final String SAFE = "the translations written so far are whole; start the job again to go on";
    private static final int TASKS_PER_SLOT = 4;
    /** A task of so many images takes long enough that a larger one would gain nothing, and short enough to be repeated. */
    private static final int MAX_IMAGES_PER_TASK = 256;

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
     */
    public TranslateResult run() {
        if (spark.isLocal()) {
            options.kernels().requireHere();
        }
        Folder input = folder("--input", options.input());
        Folder output = folder("--output", options.output());
        try (OutputLock lock = OutputLock.inside(configuration, output.path(), "translate", "--output", out::println)) {
            return run(input, output, lock);
        }
    }

    private TranslateResult run(Folder input, Folder output, OutputLock lock) {
        long start = System.nanoTime();
        try {
            FolderContents images = list(input, output);
            List<Provenance> planned = plan(images.files());
            GeneratorSource generator = new GeneratorRequest(options.run(), options.weights(), options.size(), options.direction(),
                    options.checkpoint()).find(configuration, out::println);
            OutputFolder target = new OutputFolder(output, record(input, generator));
            List<Provenance> todo = target.missing(planned, options.overwrite());
            say(target.replaced(), "images were replaced since they were translated: they are translated again");
            say(target.orphans(), "translations are of images that are no longer there: they stay");
            // reads the parameters once, so that damaged ones are found before anything is written
            KernelChoice kernels = KernelChoice.orFastest(options.kernels());
            TranslatorPool.SHARED.giveBack(generator, kernels, TranslatorPool.SHARED.borrow(configuration, generator, kernels));
            lock.requireHeld();
            ProvenanceLog log = target.begin();
            List<LeftOut> failed = translate(generator, input, log, todo).stream().map(LeftOut::parse).toList();
            List<LeftOut> leftOut = Stream.concat(images.leftOut().stream(), failed.stream()).toList();
            lock.requireHeld();
            target.publishRejected(leftOut.stream().map(LeftOut::toJson).toList());
            requireAny(planned.size(), failed);
            return new TranslateResult(output.path().toString(), generator.file(), todo.size() - failed.size(), planned.size() - todo.size(),
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
        return record;
    }

    private List<String> translate(GeneratorSource generator, Folder input, ProvenanceLog log, List<Provenance> todo) {
        if (todo.isEmpty()) {
            return List.of();
        }
        Broadcast<SerializableConfiguration> hadoop = spark.broadcast(new SerializableConfiguration(configuration));
        LongAccumulator done = spark.sc().longAccumulator("images translated");
        List<Packed<List<Provenance>>> shares = shares(todo);
        try {
            return WatchedJob.await(
                    spark.parallelize(shares, shares.size())
                            .flatMap(new TranslateTask(hadoop, generator, input, log, options, done))
                            .collectAsync(),
                    done,
                    new Progress("translate", todo.size(), "images", out, System::nanoTime),
                    SAFE);
        } finally {
            hadoop.destroy();
        }
    }

    /** What each task is to make. */
    private List<Packed<List<Provenance>>> shares(List<Provenance> todo) {
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
