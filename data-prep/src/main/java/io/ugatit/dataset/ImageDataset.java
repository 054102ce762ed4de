package io.ugatit.dataset;

import io.ugatit.job.FileFailure;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import io.ugatit.job.PathOption;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileStatus;
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
    /** A manifest names a shard in about 150 bytes; more than this is no manifest. */
    private static final long MAX_MANIFEST_BYTES = 256L << 20;

    /**
     * Opens a dataset by reading its manifest.
     *
     * @param path the dataset folder on any Hadoop file system
     * @param conf the Hadoop configuration
     * @throws InvalidRequestException if there is no such folder, it has no manifest, or the manifest is damaged or of another version
     * @throws JobFailedException if the file system does not answer
     */
    public static ImageDataset open(String path, Configuration conf) {
        Path folder = PathOption.folder(conf, "--data", path);
        try {
            FileSystem fs = folder.getFileSystem(conf);
            Path file = new Path(folder, DatasetManifest.FILE);
            return new ImageDataset(folder.toString(), DatasetManifest.parse(read(fs, file), file.toString()));
        } catch (FileNotFoundException e) {
            throw new InvalidRequestException(path + " is not a dataset: there is no " + DatasetManifest.FILE
                    + " in it; make one with the prep command's --output " + path, e);
        } catch (IOException | FSError e) {
            throw new JobFailedException("cannot read the dataset " + path + ": " + FileFailure.reason(e), e);
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

    private static byte[] read(FileSystem fs, Path file) throws IOException {
        FileStatus status = fs.getFileStatus(file);
        if (status.getLen() > MAX_MANIFEST_BYTES) {
            throw new InvalidRequestException(
                    file + " is damaged: " + status.getLen() + " bytes are no manifest; prepare the dataset again");
        }
        byte[] bytes = new byte[(int) status.getLen()];
        try (FSDataInputStream in = fs.open(file)) {
            in.readFully(bytes);
        }
        return bytes;
    }
}
