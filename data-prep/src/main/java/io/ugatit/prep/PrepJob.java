package io.ugatit.prep;

import io.ugatit.dataset.DatasetManifest;
import io.ugatit.dataset.Domain;
import io.ugatit.dataset.Partition;
import io.ugatit.dataset.Split;
import io.ugatit.job.FileFailure;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import io.ugatit.job.NameEncoding;
import io.ugatit.job.Packed;
import io.ugatit.job.PathOption;
import io.ugatit.job.Progress;
import io.ugatit.job.WatchedJob;
import io.ugatit.lock.OutputLock;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
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
 * Turns trainA, trainB, testA, testB into a dataset.
 *
 * <p>The driver lists names and lengths; pixels never reach it. Every task reads the files of one shard, decodes, orients and fits them,
 * and writes the shard. The dataset appears at the output by one rename after its manifest is written; a job that fails or is killed
 * leaves no dataset, and the next one for the same output removes what it left. A second job for an output that one is writing is
 * refused. The same input and options give the same bytes in every file, on any cluster.
 *
 * <p>The tasks of a process share the memory for pixels: seven tenths of its heap. One waits for its turn where they would take more;
 * an image that takes more alone is a reject.
 */
public final class PrepJob {
    private static final int OTHERS_TO_NAME = 5;

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
     * @throws InvalidRequestException before anything is written, if the input cannot become a dataset, or the output is there already or
     *     another job is writing it
     * @throws JobFailedException if too many images are unreadable or a file system fails; no dataset is published then
     */
    public PrepResult run() {
        Path input = folder("--input", options.input());
        Path output = folder("--output", options.output());
        InputFolder.requireOutside(input, output, "--output");
        try (OutputLock lock = OutputLock.beside(conf, output, "prep", "--output", out::println)) {
            return run(input, output, lock);
        }
    }

    /**
     * Makes sure that what a job writes is not in the folders that prep reads.
     *
     * @param input as {@code --input}
     * @param output fully qualified
     * @param what the message calls the output
     * @throws InvalidRequestException if it is, or the input is no path
     */
    public static void requireOutside(Configuration conf, String input, Path output, String what) {
        InputFolder.requireOutside(PathOption.folder(conf, "input", input), output, what);
    }

    private PrepResult run(Path input, Path output, OutputLock lock) {
        long start = System.nanoTime();
        try {
            FileSystem fs = output.getFileSystem(conf);
            requireNew(fs, output);
            List<Listing> folders = list(input);
            DatasetManifest manifest;
            Broadcast<SerializableConfiguration> hadoop = spark.broadcast(new SerializableConfiguration(conf));
            try {
                List<FolderPlan> plans = plan(folders, input, hadoop);
                for (Path stale : Publication.removeStale(fs, output)) {
                    out.println("removed " + stale + ", which a killed job left");
                }
                try (Publication publication = Publication.begin(fs, output)) {
                    manifest = make(plans, input, publication, hadoop);
                    lock.requireHeld();
                    publication.publish(conf);
                }
            } finally {
                hadoop.destroy();
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
                    manifest.leaks(),
                    manifest.hidden(),
                    manifest.links(),
                    manifest.noRegularFiles(),
                    manifest.contentHash(),
                    (System.nanoTime() - start) / 1e9);
        } catch (IOException | FSError e) {
            throw new JobFailedException("cannot prepare " + options.output() + ": " + FileFailure.reason(e) + "; nothing was published", e);
        }
    }

    private Path folder(String option, String value) {
        Path path = PathOption.folder(conf, option, value);
        NameEncoding.require(option, path);
        return path;
    }

    private static void requireNew(FileSystem fs, Path output) throws IOException {
        if (output.isRoot()) {
            throw new InvalidRequestException("--output is " + output + ": must be a folder to make");
        }
        if (fs.exists(output)) {
            throw new InvalidRequestException("--output is " + output + ": exists already; delete it or choose another --output");
        }
    }

    /** What each folder holds that is not empty, ordered by domain and split. */
    private List<Listing> list(Path input) throws IOException {
        InputFolder folder = new InputFolder(input.getFileSystem(conf), input);
        folder.requireExists();
        List<Listing> folders = new ArrayList<>();
        for (Domain domain : Domain.values()) {
            for (Split split : Split.values()) {
                folders.add(folder.list(domain, split));
            }
        }
        folders.removeIf(Listing::isEmpty);
        out.println("prep found " + folders.stream().map(Listing::summary).collect(Collectors.joining(", ")) + " files");
        Set<String> others = folder.others();
        if (!others.isEmpty()) {
            out.println("prep leaves alone what is not trainA, trainB, testA or testB: "
                    + others.stream().limit(OTHERS_TO_NAME).collect(Collectors.joining(", "))
                    + (others.size() > OTHERS_TO_NAME ? " and " + (others.size() - OTHERS_TO_NAME) + " more" : ""));
        }
        return folders;
    }

    private List<FolderPlan> plan(List<Listing> folders, Path input, Broadcast<SerializableConfiguration> hadoop) {
        List<SourceFile> files = folders.stream().flatMap(folder -> folder.files().stream()).toList();
        SameBytes sameBytes = SameBytes.of(FileHashes.of(files, input, spark, hadoop, out));
        sameBytes.warnings().forEach(out::println);
        return folders.stream().map(folder -> FolderPlan.of(folder, sameBytes, options.side(folder.split()))).toList();
    }

    private DatasetManifest make(List<FolderPlan> plans, Path input, Publication publication, Broadcast<SerializableConfiguration> hadoop)
            throws IOException {
        List<Packed<ShardPlan>> shards = plans.stream().flatMap(plan -> plan.shards().stream()).map(Packed::of).toList();
        for (FolderPlan plan : plans) {
            if (!plan.shards().isEmpty()) {
                publication.makeFolder(DatasetManifest.folder(plan.domain(), plan.split()));
            }
        }
        long files = plans.stream().mapToLong(FolderPlan::files).sum();
        LongAccumulator done = spark.sc().longAccumulator("files prepared");
        List<Packed<ShardOutcome>> outcomes = WatchedJob.await(
                spark.parallelize(shards, shards.size())
                        .map(new WriteShard(hadoop, input, publication, options.resize(), options.store(),
                                options.maxPixels(), done))
                        .collectAsync(),
                done,
                new Progress("prep", files, "files", out, System::nanoTime),
                "nothing was published");
        return record(plans, outcomes.stream().map(Packed::get).toList(), publication);
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
        DatasetManifest manifest = DatasetManifest.of(options.size(), options.loadSize(), options.resize(), options.store(), partitions);
        publication.write("rejected.jsonl", leftOut.toString().getBytes(StandardCharsets.UTF_8));
        publication.write(DatasetManifest.FILE, manifest.toJson());
        return manifest;
    }
}
