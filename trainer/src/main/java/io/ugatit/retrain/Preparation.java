package io.ugatit.retrain;

import io.ugatit.dataset.DatasetManifest;
import io.ugatit.dataset.DatasetVersions;
import io.ugatit.dataset.Domain;
import io.ugatit.dataset.ImageDataset;
import io.ugatit.dataset.Partition;
import io.ugatit.dataset.Shard;
import io.ugatit.dataset.Split;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import io.ugatit.prep.PrepJob;
import io.ugatit.publish.Publishing;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/**
 * The images of a new cycle: the next version of the newest cycle's data set, for which only what is new is prepared, or a data set of its
 * own if there is none that more can be added to, or most of it would be images that have gone.
 *
 * @param spark the session to run in
 * @param conf what the night is told by its file
 * @param file names that file in messages
 * @param workspace where data sets are
 * @param out where progress lines go
 */
record Preparation(SparkSession spark, RetrainConf conf, String file, Workspace workspace, PrintStream out) {
    /** Each has shards of its own, which become many. */
    private static final int MOST_VERSIONS = 100;
    private static final double LEAST_USED = 0.4;

    /**
     * Prepares what is in the input now.
     *
     * @param number of the cycle that is to begin
     * @param newest the newest cycle, if there is one
     * @param stays what is promoted if that fails
     * @return the data set, of the version that was made or found to hold just that
     * @throws InvalidRequestException if the input cannot become a data set, or has too few images
     * @throws JobFailedException if preparing fails; no data set has another version then
     */
    ImageDataset prepare(int number, Optional<Cycle> newest, String stays) throws IOException {
        Path own = workspace.dataset(Cycle.name(number));
        workspace.remove(own); // of a job that was killed before the cycle was recorded, when images may have been others
        Optional<Path> before = newest.map(cycle -> workspace.dataset(cycle.dataFolder()));
        Path folder = before.isPresent() && isWorthAddingTo(before.get()) ? addTo(before.get(), own, stays) : prep(own, stays);
        ImageDataset images = ImageDataset.open(folder.toString(), workspace.configuration());
        try {
            requireImages(images.manifest());
        } catch (InvalidRequestException e) {
            forget(number);
            throw e;
        }
        return images;
    }

    /** Removes the data set that is a cycle's own, if it has one, since the cycle does not begin. */
    void forget(int number) throws IOException {
        workspace.remove(workspace.dataset(Cycle.name(number)));
    }

    /** @return the data set that was added to, or the cycle's own if that one takes no more */
    private Path addTo(Path grows, Path own, String stays) {
        try {
            return prep(grows, stays);
        } catch (InvalidRequestException e) { // of the input, which is then said again, or of the data set
            Path folder = prep(own, stays);
            out.println("all images are prepared anew: " + e.getMessage());
            return folder;
        }
    }

    private Path prep(Path folder, String stays) {
        try {
            new PrepJob(spark, conf.prep(folder.toString()), out).run();
            return folder;
        } catch (JobFailedException e) {
            throw new JobFailedException("no cycle has begun: " + e.getMessage() + "; " + stays + "; the next night tries again", e);
        }
    }

    /** Whether two fifths of what is stored, or more, are images of the current version, as the manifests of all versions say. */
    private boolean isWorthAddingTo(Path folder) throws IOException {
        try {
            DatasetManifest current = ImageDataset.open(folder.toString(), workspace.configuration()).manifest();
            if (current.version() >= MOST_VERSIONS) {
                return false;
            }
            FileSystem fs = Publishing.fileSystem(workspace.configuration(), folder);
            Map<String, Long> stored = new HashMap<>();
            put(current, stored);
            for (int version = 1; version < current.version(); version++) {
                put(DatasetVersions.manifest(fs, DatasetVersions.folder(folder, version)), stored);
            }
            double used = current.partitions().stream().flatMap(part -> part.shards().stream()).mapToDouble(Preparation::used).sum();
            return used >= LEAST_USED * stored.values().stream().mapToLong(Long::longValue).sum();
        } catch (InvalidRequestException | FileNotFoundException e) { // it, or a version of it, is gone or damaged
            return false;
        }
    }

    private static void put(DatasetManifest manifest, Map<String, Long> shards) {
        for (Partition part : manifest.partitions()) {
            part.shards().forEach(shard -> shards.put(DatasetManifest.folder(part.domain(), part.split()) + shard.file(), shard.bytes()));
        }
    }

    private static double used(Shard shard) {
        return (double) shard.bytes() * shard.images() / shard.rows();
    }

    private void requireImages(DatasetManifest manifest) {
        for (Domain domain : Domain.values()) {
            if (manifest.count(domain, Split.TRAIN) == 0) {
                throw new InvalidRequestException("input is " + conf.input() + ": has no images in train" + domain);
            }
            long tests = manifest.count(domain, Split.TEST);
            if (tests < conf.minTestImages()) {
                throw new InvalidRequestException("input is " + conf.input() + ": test" + domain + " holds " + tests + ", needs at least "
                        + conf.minTestImages() + " images, or a lower min-test-images in " + file + ", 2 or more: a verdict on few is chance");
            }
        }
    }
}
