package io.ugatit.dataset;

import io.ugatit.job.FileFailure;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.Path;

/** Reads what a dataset tells of its images beside their pixels, a hundred bytes an image, a row group at a time. */
public final class FactsReader {
    private FactsReader() {}

    /**
     * Reads the facts of all images of a domain and split.
     *
     * @param dataset the dataset
     * @param domain the domain
     * @param split the split
     * @param conf the Hadoop configuration
     * @param use what becomes of each, in the order of the images
     * @return how many images have facts; those in shards of the first format have none
     * @throws JobFailedException if a shard is gone or damaged; the message names it
     */
    public static long read(ImageDataset dataset, Domain domain, Split split, Configuration conf, Consumer<ImageFacts> use) {
        long[] known = new long[1];
        forEachShard(dataset, domain, split, conf,
                (shard, open) -> known[0] += open.readFacts(shard.absent(), use) ? shard.images() : 0);
        return known[0];
    }

    /**
     * Reads the path of each image's file, relative to the folder of its domain and split.
     *
     * @param dataset the dataset
     * @param domain the domain
     * @param split the split
     * @param conf the Hadoop configuration
     * @param use what becomes of each, in the order of the images' indices; an {@link InvalidRequestException} of it is passed on
     * @throws JobFailedException if a shard is gone or damaged; the message names it
     */
    public static void sources(ImageDataset dataset, Domain domain, Split split, Configuration conf, Consumer<String> use) {
        forEachShard(dataset, domain, split, conf, (shard, open) -> open.readSources(shard.absent(), use));
    }

    /** Reads something of an open shard. */
    private interface Reading {
        void read(Shard shard, ShardFile open) throws IOException;
    }

    private static void forEachShard(ImageDataset dataset, Domain domain, Split split, Configuration conf, Reading reading) {
        Path folder = new Path(dataset.path(), DatasetManifest.folder(domain, split));
        DatasetManifest manifest = dataset.manifest();
        for (Shard shard : manifest.shards(domain, split)) {
            Path file = new Path(folder, shard.file());
            try (ShardFile open = new ShardFile(file, shard, manifest.side(split), manifest.store(), conf)) {
                reading.read(shard, open);
            } catch (InvalidRequestException e) { // of whoever uses what is read
                throw e;
            } catch (FileNotFoundException e) {
                throw new JobFailedException("the shard " + file + " is gone although the manifest names it: prepare the dataset again", e);
            } catch (IOException | RuntimeException | FSError e) { // Parquet meets damage with unchecked exceptions too
                throw new JobFailedException(
                        "cannot read the shard " + file + " (" + FileFailure.reason(e) + "): if it is damaged, prepare the dataset again", e);
            }
        }
    }
}
