package io.ugatit.translate;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ugatit.checkpoint.CheckpointStore;
import io.ugatit.checkpoint.RunConfig;
import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.checkpoint.WeightsFile;
import io.ugatit.image.ImageFormat;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import io.ugatit.job.Progress;
import io.ugatit.job.WatchedJob;
import io.ugatit.model.NetworkOptions;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import scala.Tuple2;

/**
 * Translates every image of a folder. A translation has the network's size and lies under the image's relative path; it is published in
 * one piece, so a job that was killed goes on when it is started again. An image that cannot be decoded is listed in {@code rejected.jsonl}
 * and the job goes on. Tasks do not depend on each other: the bytes are the same on any number of cores, as long as all executors compute
 * with the same kernels.
 *
 * <p>An executor holds the generator's parameters once (42 MB in a light model of 64 channels, 1.1 GB in a full one for 256 pixels), and
 * the activations of one image for each slot. Two jobs for the same output must not run at once.
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
     * @throws InvalidRequestException if input, output or model are not what they must be; nothing was written then
     * @throws JobFailedException if no image at all could be translated or a file system fails
     */
    public TranslateResult run() {
        long start = System.nanoTime();
        try {
            Folder input = folder("--input", options.input());
            Folder output = folder("--output", options.output());
            SortedMap<String, FileStatus> images = list(input, output);
            Map<String, String> plan = Plan.of(images.keySet(), options.format(), options.heatmaps());
            GeneratorSource generator = generator();
            OutputFolder target = new OutputFolder(output, record(input, generator));
            Set<String> translated = target.translated(options.overwrite());
            List<Tuple2<String, String>> todo = new ArrayList<>();
            plan.forEach((source, translation) -> {
                if (!translated.contains(translation)) {
                    todo.add(new Tuple2<>(source, translation));
                }
            });
            // reads the parameters once, so that damaged ones are found before anything is written
            TranslatorPool.SHARED.giveBack(generator, TranslatorPool.SHARED.borrow(configuration, generator));
            target.begin();
            List<String> leftOut = translate(generator, input, output, todo);
            target.publishRejected(leftOut);
            return result(output, generator, plan.size(), todo.size(), leftOut, (System.nanoTime() - start) / 1e9);
        } catch (IOException e) {
            throw new JobFailedException("cannot translate " + options.input() + ": " + firstLine(e) + "; " + SAFE, e);
        } finally {
            TranslatorPool.SHARED.freeUnused();
        }
    }

    private TranslateResult result(Folder output, GeneratorSource generator, int planned, int tried, List<String> lines, double seconds) {
        List<LeftOut> leftOut = lines.stream().map(LeftOut::parse).toList();
        if (leftOut.size() == planned) {
            throw new JobFailedException("none of the " + planned + " files in " + options.input() + " could be translated; the first, "
                    + leftOut.get(0).source() + ": " + leftOut.get(0).reason());
        }
        long rejected = leftOut.stream().filter(file -> file.kind() == LeftOut.Kind.REJECTED).count();
        return new TranslateResult(output.path().toString(), generator.file(), tried - leftOut.size(), planned - tried, rejected,
                leftOut.size() - rejected, seconds);
    }

    private Folder folder(String option, String value) {
        try {
            Path path = new Path(value);
            FileSystem fileSystem = path.getFileSystem(configuration);
            return new Folder(configuration, path.makeQualified(fileSystem.getUri(), fileSystem.getWorkingDirectory()));
        } catch (IOException | IllegalArgumentException e) {
            throw new InvalidRequestException(option + " is " + value + ": " + firstLine(e), e);
        }
    }

    private static SortedMap<String, FileStatus> list(Folder input, Folder output) throws IOException {
        if (input.isInside(output) || output.isInside(input)) {
            throw new InvalidRequestException("--output is " + output.path() + ": must be outside --input " + input.path()
                    + " and not around it");
        }
        FileSystem fileSystem = input.fileSystem();
        if (!fileSystem.exists(input.path()) || !fileSystem.getFileStatus(input.path()).isDirectory()) {
            throw new InvalidRequestException("--input is " + input.path() + ": there is no such folder");
        }
        SortedMap<String, FileStatus> images = input.list(hidden -> { });
        if (images.isEmpty()) {
            throw new InvalidRequestException("--input is " + input.path() + ": holds no images (" + ImageFormat.names() + ")");
        }
        for (String name : images.keySet()) {
            if (name.indexOf('\ufffd') >= 0) {
                throw new InvalidRequestException("the file name " + name + " cannot be read in this locale: set LC_ALL=C.UTF-8");
            }
        }
        return images;
    }

    /** Finds the generator and checks that its tensors have the right names and shapes. */
    private GeneratorSource generator() throws IOException {
        if (options.weights() != null) {
            Path file = folder("--weights", options.weights()).path();
            NetworkOptions network;
            try (WeightsFile weights = WeightsFile.open(configuration, file)) {
                network = weights.generator(options.direction().generator(), options.size());
            }
            return source(file, network);
        }
        RunDirectory run = new RunDirectory(configuration, folder("--run", options.run()).path());
        NetworkOptions network = RunConfig.network(run);
        return source(new CheckpointStore(run).requireWhole(out::println).parameters(), network);
    }

    private GeneratorSource source(Path file, NetworkOptions network) throws IOException {
        return GeneratorSource.of(configuration, file, options.direction().generator(), network);
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

    private List<String> translate(GeneratorSource generator, Folder input, Folder output, List<Tuple2<String, String>> todo) {
        if (todo.isEmpty()) {
            return List.of();
        }
        int tasks = Math.max(TASKS_PER_SLOT * spark.defaultParallelism(), (todo.size() - 1) / MAX_IMAGES_PER_TASK + 1);
        Broadcast<SerializableConfiguration> hadoop = spark.broadcast(new SerializableConfiguration(configuration));
        LongAccumulator done = spark.sc().longAccumulator("images translated");
        try {
            return WatchedJob.await(
                    spark.parallelize(todo, Math.min(tasks, todo.size()))
                            .mapPartitions(new TranslateTask(hadoop, generator, input, output, options, done))
                            .collectAsync(),
                    done,
                    new Progress("translate", todo.size(), "images", out, System::nanoTime),
                    SAFE);
        } finally {
            hadoop.destroy();
        }
    }

    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse(e.getClass().getSimpleName());
    }
}
