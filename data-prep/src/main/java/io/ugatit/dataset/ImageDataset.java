package io.ugatit.dataset;

import io.ugatit.job.FileFailure;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import io.ugatit.job.PathOption;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A prepared dataset: where it is and what its manifest says. Holds no streams, so it travels to executors, where
 * {@link ImageReader} reads it.
 *
 * @param path the dataset folder, a fully qualified Hadoop path
 * @param manifest what it holds
 */
public record ImageDataset(String path, DatasetManifest manifest) implements Serializable {
    /**
     * Opens the current version of a dataset by reading its manifest.
     *
     * @param path the dataset folder on any Hadoop file system
     * @param conf the Hadoop configuration
     * @throws InvalidRequestException if there is no such folder, it has no manifest, or the manifest is damaged or of another version
     * @throws JobFailedException if the file system does not answer
     */
    public static ImageDataset open(String path, Configuration conf) {
        Path folder = PathOption.folder(conf, "--data", path);
        try {
            return new ImageDataset(folder.toString(), DatasetVersions.manifest(folder.getFileSystem(conf), folder));
        } catch (FileNotFoundException e) {
            throw new InvalidRequestException(path + " is not a dataset: there is no " + DatasetManifest.FILE
                    + " in it; make one with the prep command's --output " + (isThere(folder, conf) ? "DATASET, a new folder" : path), e);
        } catch (IOException | FSError e) {
            throw new JobFailedException("cannot read the dataset " + path + ": " + FileFailure.reason(e), e);
        }
    }

    /** A folder that is there, of images maybe, is none that prep writes to. */
    private static boolean isThere(Path folder, Configuration conf) {
        try {
            return folder.getFileSystem(conf).exists(folder);
        } catch (IOException | FSError e) {
            throw new JobFailedException("cannot read the dataset " + folder + ": " + FileFailure.reason(e), e);
        }
    }

    /**
     * Opens a version of a dataset, current or not: what was published never changes.
     *
     * @param path the dataset folder on any Hadoop file system
     * @param version which, from 1
     * @param conf the Hadoop configuration
     * @throws InvalidRequestException if there is no such dataset or version, or the manifest is damaged or of another format
     * @throws JobFailedException if the file system does not answer
     */
    public static ImageDataset open(String path, int version, Configuration conf) {
        ImageDataset current = open(path, conf);
        if (current.manifest().version() == version) {
            return current;
        }
        Path folder = new Path(current.path());
        try {
            FileSystem fs = folder.getFileSystem(conf);
            DatasetManifest manifest = DatasetVersions.manifest(fs, DatasetVersions.folder(folder, version));
            if (manifest.version() != version) {
                throw new InvalidRequestException(DatasetVersions.folder(folder, version) + "/" + DatasetManifest.FILE + " is of version "
                        + manifest.version() + ": prepare the dataset again");
            }
            return new ImageDataset(current.path(), manifest);
        } catch (FileNotFoundException e) {
            throw new InvalidRequestException(path + " has no version " + version + ", its current one is " + current.manifest().version(), e);
        } catch (IOException | FSError e) {
            throw new JobFailedException("cannot read version " + version + " of the dataset " + path + ": " + FileFailure.reason(e), e);
        }
    }

    /**
     * How many images a domain and split have; 0 if there are none.
     *
     * @param domain the domain
     * @param split the split
     */
    public long count(Domain domain, Split split) {
        return manifest.count(domain, split);
    }

    /**
     * Opens the images of a domain and split.
     *
     * @param domain the domain
     * @param split the split
     * @param conf the Hadoop configuration
     * @param cacheBytes how many bytes of pixels the reader may keep; it keeps at least the row group it read last, about 16 MB
     * @return a reader to be closed, for one thread
     */
    public ImageReader reader(Domain domain, Split split, Configuration conf, long cacheBytes) {
        return new ImageReader(this, domain, split, conf, cacheBytes);
    }
}
