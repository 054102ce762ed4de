package io.ugatit.prep;

import io.ugatit.dataset.DatasetManifest;
import io.ugatit.dataset.Domain;
import io.ugatit.dataset.Partition;
import io.ugatit.dataset.Split;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import io.ugatit.job.Packed;
import io.ugatit.job.Progress;
import io.ugatit.job.WatchedJob;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Turns trainA, trainB, testA, testB into a dataset.
 *
 * <p>The driver lists names and lengths; pixels never reach it. Every task reads the files of one shard, decodes, orients and fits them,
 * and writes the shard. The dataset appears at the output by one rename after its manifest is written; a job that fails or is killed
 * leaves no dataset, and the next one for the same output removes what it left. Two jobs for the same output must not run at once. The
 * same input and options give the same bytes in every file, on any cluster.
 *
 * <p>The tasks of a process share the memory for pixels: seven tenths of its heap. One waits for its turn where they would take more;
 * an image that takes more alone is a reject.
 */
public final class PrepJob {
    private final JavaSparkContext spark;
    private final Configuration conf;
    private final PrepOptions options;
    private final PrintStream out;

    /**
     * A job that prints its progress on stdout.
     *
     * @param spark the session to run in
     * @param options what is asked for
     */
    public PrepJob(SparkSession spark, PrepOptions options) {
        this(spark, options, System.out);
    }

    /**
     * A job that prints its progress elsewhere.
     *
     * @param spark the session to run in
     * @param options what is asked for
     * @param out where progress lines go
     */
    public PrepJob(SparkSession spark, PrepOptions options, PrintStream out) {
        this.spark = JavaSparkContext.fromSparkContext(spark.sparkContext());
        this.conf = this.spark.hadoopConfiguration();
        this.options = options;
        this.out = out;
    }

    /**
     * Prepares the dataset.
     *
     * @return what was made
     * @throws InvalidRequestException before anything is written, if the input cannot become a dataset or the output is there already
     * @throws JobFailedException if too many images are unreadable or a file system fails; no dataset is published then
     */
    public PrepResult run() {
        long start = System.nanoTime();
        try {
            Path input = qualified("--input", options.input());
            Path output = qualified("--output", options.output());
            FileSystem fs = output.getFileSystem(conf);
            requireNew(fs, output);
            List<List<SourceFile>> folders = list(input);
            for (Path stale : Publication.removeStale(fs, output)) {
                out.println("removed " + stale + ", which a killed job left");
            }
            DatasetManifest manifest;
            try (Publication publication = Publication.begin(fs, output)) {
                manifest = make(folders, input, publication);
                publication.publish(conf);
            }
            return new PrepResult(
                    output.toString(),
                    manifest.count(Domain.A, Split.TRAIN),
                    manifest.count(Domain.B, Split.TRAIN),
                    manifest.count(Domain.A, Split.TEST),
                    manifest.count(Domain.B, Split.TEST),
                    manifest.duplicates(),
                    manifest.rejected(),
                    manifest.notImages(),
                    manifest.contentHash(),
                    (System.nanoTime() - start) / 1e9);
        } catch (IOException e) {
            throw new JobFailedException("cannot prepare " + options.output() + ": " + firstLine(e) + "; nothing was published", e);
        }
    }

    /** HDFS appends the server's stack trace to its messages. */
    static String firstLine(IOException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse(e.getClass().getSimpleName());
    }

    private Path qualified(String option, String value) {
        try {
            Path path = new Path(value);
            FileSystem fs = path.getFileSystem(conf);
            return path.makeQualified(fs.getUri(), fs.getWorkingDirectory());
        } catch (IOException | IllegalArgumentException e) {
            throw new InvalidRequestException(option + " is " + value + ": " + e.getMessage(), e);
        }
    }

    private static void requireNew(FileSystem fs, Path output) throws IOException {
        if (output.isRoot()) {
            throw new InvalidRequestException("--output is " + output + ": must be a folder to make");
        }
        if (fs.exists(output)) {
            throw new InvalidRequestException("--output is " + output + ": exists already; delete it or choose another --output");
        }
    }

    /** The files of each folder that has any, ordered by domain and split. */
    private List<List<SourceFile>> list(Path input) throws IOException {
        InputFolder folder = new InputFolder(input.getFileSystem(conf), input);
        folder.requireExists();
        List<List<SourceFile>> folders = new ArrayList<>();
        for (Domain domain : Domain.values()) {
            for (Split split : Split.values()) {
                folders.add(folder.list(domain, split));
            }
        }
        folders.removeIf(List::isEmpty);
        out.println("prep found " + folders.stream().map(PrepJob::summary).collect(Collectors.joining(", ")) + " files");
        return folders;
    }

    private static String summary(List<SourceFile> files) {
        return SourceFile.folder(files.get(0).domain(), files.get(0).split()) + " " + files.size();
    }

    private DatasetManifest make(List<List<SourceFile>> folders, Path input, Publication publication) throws IOException {
        Broadcast<SerializableConfiguration> hadoop = spark.broadcast(new SerializableConfiguration(conf));
        try {
            List<LeftOut> duplicates = Duplicates.in(folders.stream().flatMap(List::stream).toList(), input, spark, hadoop, out);
            List<FolderPlan> plans = folders.stream()
                    .map(files -> FolderPlan.of(files, duplicates, options.side(files.get(0).split())))
                    .toList();
            List<Packed<ShardPlan>> shards = plans.stream().flatMap(plan -> plan.shards().stream()).map(Packed::of).toList();
            long files = plans.stream().mapToLong(FolderPlan::files).sum();
            LongAccumulator done = spark.sc().longAccumulator("files prepared");
            List<Packed<ShardOutcome>> outcomes = WatchedJob.await(
                    spark.parallelize(shards, shards.size())
                            .map(new WriteShard(hadoop, input, publication, options.resize(), options.maxPixels(), done))
                            .collectAsync(),
                    done,
                    new Progress("prep", files, "files", out, System::nanoTime),
                    "nothing was published");
            return record(plans, outcomes.stream().map(Packed::get).toList(), publication);
        } finally {
            hadoop.destroy();
        }
    }

    private DatasetManifest record(List<FolderPlan> plans, List<ShardOutcome> outcomes, Publication publication) throws IOException {
        List<Partition> partitions = new ArrayList<>();
        StringBuilder leftOut = new StringBuilder();
        int next = 0;
        for (FolderPlan plan : plans) {
            List<ShardOutcome> own = outcomes.subList(next, next + plan.shards().size());
            next += own.size();
            partitions.add(plan.partition(own, options.maxRejects()));
            plan.allLeftOut(own).forEach(file -> leftOut.append(file.toJson()).append('\n'));
        }
        DatasetManifest manifest = DatasetManifest.of(options.size(), options.loadSize(), options.resize(), partitions);
        publication.write("rejected.jsonl", leftOut.toString().getBytes(StandardCharsets.UTF_8));
        publication.write(DatasetManifest.FILE, manifest.toJson());
        return manifest;
    }
}
