package io.ugatit.dataset;

import io.ugatit.job.FileFailure;
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
        Path folder = new Path(dataset.path(), DatasetManifest.folder(domain, split));
        DatasetManifest manifest = dataset.manifest();
        long known = 0;
        for (Shard shard : manifest.shards(domain, split)) {
            Path file = new Path(folder, shard.file());
            try (ShardFile open = new ShardFile(file, shard, manifest.side(split), manifest.store(), conf)) {
                known += open.readFacts(shard.absent(), use) ? shard.images() : 0;
            } catch (FileNotFoundException e) {
                throw new JobFailedException("the shard " + file + " is gone although the manifest names it: prepare the dataset again", e);
            } catch (IOException | RuntimeException | FSError e) { // Parquet meets damage with unchecked exceptions too
                throw new JobFailedException(
                        "cannot read the shard " + file + " (" + FileFailure.reason(e) + "): if it is damaged, prepare the dataset again", e);
            }
        }
        return known;
    }
}
