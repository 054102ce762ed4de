package io.ugatit.prep;

import io.ugatit.dataset.DatasetManifest;
import io.ugatit.dataset.DatasetVersions;
import io.ugatit.dataset.Domain;
import io.ugatit.dataset.Split;
import io.ugatit.input.LeftOutList;
import io.ugatit.job.DaemonThreads;
import io.ugatit.job.FileFailure;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import io.ugatit.job.NameEncoding;
import io.ugatit.job.Packed;
import io.ugatit.job.PathOption;
import io.ugatit.job.Progress;
import io.ugatit.job.WatchedJob;
import io.ugatit.lock.OutputLock;
import io.ugatit.prep.source.SourceFile;
import io.ugatit.prep.source.Sources;
import io.ugatit.prep.version.FileList;
import io.ugatit.prep.version.FileTable;
import io.ugatit.prep.version.KnownFile;
import io.ugatit.prep.version.NearDuplicates;
import io.ugatit.prep.version.Published;
import io.ugatit.prep.version.SameBytes;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.util.functional.FutureIO;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Turns trainA, trainB, testA, testB, in a folder, an archive or a table, into a dataset, or adds what is new there to the dataset that it has
 * made.
 *
 * <p>The driver lists names and lengths, archives are looked through on the cluster; pixels never reach the driver. Every task reads the
 * files of one shard, decodes, orients and fits them, and writes the shard. The dataset appears at the output by one rename after its
 * manifest is written; a job that fails or is killed leaves no dataset, and the next one for the same output removes what it left. A second
 * job for an output that one is writing is refused. The same input and options give the same bytes in every file, on any cluster, unless a
 * file takes longer than it may.
 *
 * <p>For an output that is a dataset the job plans as if everything were prepared at once, from what is there and what the newest version
 * remembers, and writes only what is missing, as a new version (see {@link DatasetVersions}). Files whose name, length and time are those
 * of the version before are not opened, unless they were rejected. What was published stays as it is, so readers of older versions go on.
 * A new version has the content hash of the same images prepared at once; the order of its images is told by
 * {@link io.ugatit.dataset.Partition}. If nothing is new, there is no new version.
 *
 * <p>The tasks of a process share the memory for pixels: seven tenths of its heap. One waits for its turn where they would take more;
 * an image that takes more alone is a reject.
 */
public final class PrepJob {
    private final SparkSession session;
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
        this.session = spark;
        this.spark = JavaSparkContext.fromSparkContext(spark.sparkContext());
        this.conf = this.spark.hadoopConfiguration();
        this.options = options;
        this.out = out;
    }

    /**
     * Prepares the dataset or its next version.
     *
     * @return what was made
     * @throws InvalidRequestException before anything is written, if the input cannot become a dataset, or the output is something else
     *     or a dataset made with other options, or another job is writing it
     * @throws JobFailedException if too many images are unreadable or a file system fails; nothing is published then
     */
    public PrepResult run() {
        Path output = PathOption.behindLink(folder("--output", options.output()));
        Sources sources;
        RejectsFile rejects;
        try {
            sources = Sources.of(session, options.input(), options.table());
            sources.requireOutside(output, "--output");
            rejects = RejectsFile.of(conf, options.rejects(), output);
            if (rejects.path() != null) {
                sources.requireOutside(rejects.path(), "--rejects");
            }
        } catch (IOException e) {
            throw cannot(e);
        }
        try (OutputLock lock = OutputLock.beside(conf, output, "prep", "--output", out::println)) {
            return run(sources, output, rejects, lock);
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
        Sources.requireOutside(conf, "input", input, output, what);
    }

    private PrepResult run(Sources sources, Path output, RejectsFile rejects, OutputLock lock) {
        long start = System.nanoTime();
        try {
            Published.requireNotRoot(output);
            FileSystem fs = Publication.fileSystem(output, conf);
            try (Publication publication = Publication.of(fs, output)) {
                boolean removed = publication.removeUnpublished();
                Optional<Published> before = removed ? Optional.empty() : Published.find(fs, output);
                before.ifPresent(published -> options.requireSame(published.manifest(), output));
                Stream.concat(removed ? Stream.of(output) : Stream.empty(), publication.removeStale().stream())
                        .forEach(path -> out.println("removed " + path + ", which a killed job left"));
                return prepare(sources, before, publication, rejects, lock, start);
            }
        } catch (IOException | FSError e) {
            throw cannot(e);
        }
    }

    private PrepResult prepare(Sources sources, Optional<Published> before, Publication publication, RejectsFile rejects, OutputLock lock,
            long start) throws IOException {
        FileSystem fs = publication.fs;
        Path output = publication.output;
        Broadcast<SerializableConfiguration> hadoop = spark.broadcast(new SerializableConfiguration(conf));
        try {
            Compared compared = compare(sources, before, fs, publication.copies(), hadoop);
            FileTable files = compared.files();
            VersionPlan plan = plan(compared, before, hadoop);
            requireEnough(plan, rejects);
            lock.requireHeld(); // what is not of this job's version would be taken for what a killed job left
            publication.begin();
            Addition addition = new Addition(fs, output, publication);
            if (before.isPresent()) {
                addition.repair(before.get()).forEach(out::println);
            }
            List<String> shards = make(plan, compared.found().root(), publication, hadoop);
            NearDuplicates.find(files, options.nearDuplicates()).forEach(out::println);
            rejects.write(plan.leftOut());
            DatasetManifest manifest = plan.manifest(before.map(published -> published.manifest().version() + 1).orElse(1), rejects.seeAll());
            if (before.isPresent() && isSame(plan, manifest, before.get(), fs)) {
                manifest = before.get().manifest();
                if (files.isTouched()) { // else they would be read whole every time
                    lock.requireHeld();
                    publication.replace(DatasetVersions.FOLDER + "/" + manifest.version() + "/" + FileList.FILE,
                            bytes -> FileList.write(files, bytes));
                }
                out.println("prep found nothing new: version " + manifest.version() + " of " + output + " stays as it is");
            } else {
                lay(plan, files, manifest, publication, before.isEmpty());
                lock.requireHeld();
                if (before.isPresent()) {
                    addition.publish(manifest.version(), shards);
                } else {
                    publication.publish();
                }
            }
            return result(output, manifest, files, start);
        } finally {
            hadoop.destroy();
        }
    }

    private JobFailedException cannot(Throwable e) {
        return new JobFailedException("cannot prepare " + options.output() + ": " + FileFailure.reason(e) + "; nothing was published", e);
    }

    private static PrepResult result(Path output, DatasetManifest manifest, FileTable files, long start) {
        long images = IntStream.range(0, files.size()).filter(files::isImage).count();
        long written = IntStream.range(0, files.size()).filter(i -> files.isImage(i) && files.isWritten(i)).count();
        long changed = IntStream.range(0, files.size()).filter(i -> files.isImage(i) && files.isChanged(i)).count();
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
                manifest.nearDuplicates(),
                manifest.version(),
                written - changed,
                changed,
                images - written,
                files.vanished().size(),
                manifest.contentHash(),
                (System.nanoTime() - start) / 1e9);
    }

    private Path folder(String option, String value) {
        Path path = PathOption.folder(conf, option, value);
        NameEncoding.require(option, path);
        return path;
    }

    /**
     * What there is to prepare.
     *
     * @param found what was found
     * @param files the same, with what the version before remembers
     */
    private record Compared(Sources.Found found, FileTable files) {}

    /** Sets what is found against what the version before remembers, which is read meanwhile, and says what is gone. */
    private Compared compare(Sources sources, Optional<Published> before, FileSystem fs, Path copies,
            Broadcast<SerializableConfiguration> hadoop) throws IOException {
        FutureTask<List<KnownFile>> known = new FutureTask<>(() -> before.isPresent() ? before.get().files(fs) : List.of());
        DaemonThreads.named("read file list").newThread(known).start();
        Sources.Found found = sources.find(hadoop, copies,
                () -> FutureIO.awaitFuture(known).stream().filter(file -> file.stored() != null).map(KnownFile::file), out);
        List<SourceFile> listed = found.folders().stream().flatMap(folder -> folder.files().stream()).toList();
        FileTable files = new FileTable(listed, found.unseen(), FutureIO.awaitFuture(known), options.mirror());
        files.warning().ifPresent(out::println);
        return new Compared(found, files);
    }

    private VersionPlan plan(Compared compared, Optional<Published> before, Broadcast<SerializableConfiguration> hadoop) {
        FileTable files = compared.files();
        int[] toHash = files.toHash();
        FileHashes.of(IntStream.of(toHash).mapToObj(files::file).toList(), compared.found().root(), options.fileSeconds(), spark, hadoop, out,
                (number, digest) -> files.hashed(toHash[number], digest));
        SameBytes.leaveOut(files).forEach(out::println);
        return new VersionPlan(options, compared.found().folders(), files, before);
    }

    /** Ends before any image is read if too much is left out already. */
    private static void requireEnough(VersionPlan plan, RejectsFile rejects) {
        try {
            plan.requireEnough(rejects.seeAll());
        } catch (JobFailedException e) {
            rejects.write(plan.leftOut());
            throw e;
        }
    }

    /** Writes the shards, and returns their paths relative to the data set. */
    private List<String> make(VersionPlan plan, Path input, Publication publication, Broadcast<SerializableConfiguration> hadoop)
            throws IOException {
        List<ShardPlan> plans = plan.shards();
        if (plans.isEmpty()) {
            return List.of();
        }
        publication.expect(plans.stream().map(shard -> DatasetManifest.folder(shard.domain(), shard.split()) + "/" + shard.fileName()).toList());
        long files = plans.stream().mapToLong(shard -> shard.files().size()).sum();
        List<Packed<ShardOutcome>> outcomes = WatchedJob.collect(spark, new Progress("prep", files, "files", out, System::nanoTime),
                "nothing was published",
                done -> spark.parallelize(plans.stream().map(Packed::of).toList(), plans.size())
                        .map(new WriteShard(hadoop, input, publication, options.resize(), options.store(), options.maxPixels(),
                                options.fileSeconds(), done)));
        publication.expectNoMore();
        return plan.take(outcomes.stream().map(Packed::get).iterator()); // unpacked one by one
    }

    /** Whether the version would say what the one before says. */
    private static boolean isSame(VersionPlan plan, DatasetManifest manifest, Published before, FileSystem fs) throws IOException {
        if (!manifest.contentHash().equals(before.manifest().contentHash()) || !manifest.partitions().equals(before.manifest().partitions())) {
            return false;
        }
        Path rejected = new Path(DatasetVersions.folder(before.folder(), before.manifest().version()), LeftOutList.FILE);
        try (FSDataInputStream list = fs.open(rejected)) {
            return LeftOutList.isSame(plan.leftOut(), list);
        } catch (FileNotFoundException e) {
            return false; // the next version has one
        }
    }

    /** Puts all that belongs to the version beside its shards, to be published with them; the data set's own copies follow if it is there. */
    private static void lay(VersionPlan plan, FileTable files, DatasetManifest manifest, Publication publication, boolean isNew)
            throws IOException {
        String version = DatasetVersions.FOLDER + "/" + manifest.version() + "/";
        publication.write(version + FileList.FILE, bytes -> FileList.write(files, bytes));
        for (String folder : isNew ? List.of(version, "") : List.of(version)) {
            publication.write(folder + LeftOutList.FILE, bytes -> LeftOutList.write(plan.leftOut(), bytes));
            publication.write(folder + DatasetManifest.FILE, bytes -> bytes.write(manifest.toJson()));
        }
    }
}
