package io.ugatit.prep;

import io.ugatit.dataset.DatasetVersions;
import io.ugatit.dataset.Sha256;
import io.ugatit.job.FileFailure;
import io.ugatit.job.JobFailedException;
import io.ugatit.storage.LocalDisk;
import io.ugatit.storage.ObjectStore;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.StreamCapabilities;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A data set, or its next version, that appears whole or not at all: {@link HiddenPublication} where folders are renamed in one step,
 * {@link MarkedPublication} elsewhere. Closing removes what is not published.
 */
abstract class Publication implements Closeable {
    /** Of the 255 bytes that file systems allow, what the rest of the hidden name leaves. */
    private static final int LONGEST_NAME = 200;
    private static final Logger LOG = LoggerFactory.getLogger(Publication.class);

    final FileSystem fs;
    final Path output;
    final Path workFolder;

    /** @param unique 16 hexadecimal digits, the end of the hidden folder's name */
    Publication(FileSystem fs, Path output, String unique) {
        this.fs = fs;
        this.output = output;
        // from parts: parsing a string would take a colon in the name for the end of a scheme
        this.workFolder = new Path(output.getParent(), new Path(null, null, prefix(output) + unique));
    }

    /** Writes a file's bytes. */
    @FunctionalInterface
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /** The file system of an output, local disks without checksum files. */
    static FileSystem fileSystem(Path output, Configuration conf) throws IOException {
        return LocalDisk.unchecked(output.getFileSystem(conf));
    }

    /**
     * Chooses the way; nothing is there yet.
     *
     * @param fs the output's file system
     * @param output where the folder is to appear, fully qualified, not the root
     */
    static Publication of(FileSystem fs, Path output) throws IOException {
        return ObjectStore.is(fs) ? new MarkedPublication(fs, output) : new HiddenPublication(fs, output);
    }

    /**
     * Removes what a killed job left in the place of a data set that was to be made, where that is seen.
     *
     * @return whether there was any
     */
    abstract boolean removeUnpublished() throws IOException;

    /**
     * Removes what killed jobs for the same output left beside it.
     *
     * @return the folders removed
     */
    abstract List<Path> removeStale() throws IOException;

    /** Begins to write. */
    abstract void begin() throws IOException;

    /** What is going to be the data set. */
    abstract Path folder();

    /** Where tasks write what is not whole yet; null if that is seen nowhere. */
    abstract Path attempts();

    /** Makes a folder in the folder, for the tasks' shards. */
    final void makeFolder(String name) throws IOException {
        fs.mkdirs(new Path(folder(), name));
    }

    /** Where images of rows are copied to that have no file, if there are any; not made by {@link #begin}. */
    abstract Path copies();

    /** Where tasks write shards. */
    abstract ShardPlace shards();

    /**
     * Says which shards tasks are going to write.
     *
     * @param names relative to the data set
     */
    abstract void expect(List<String> names) throws IOException;

    /** Says that all tasks have ended. */
    abstract void expectNoMore();

    /**
     * Writes a file that is to appear with the rest, on disk when this returns where the file system knows how. Manifests come last.
     *
     * @param name relative to the data set
     * @param content writes its bytes
     */
    abstract void write(String name, Content content) throws IOException;

    /**
     * Makes a new data set appear.
     *
     * @throws JobFailedException if something else appeared there meanwhile
     */
    abstract void publish() throws IOException;

    /**
     * Makes a version of a data set appear that is there.
     *
     * @param version its number
     * @param shards its new ones, relative to the data set
     */
    abstract void publish(int version, List<String> shards) throws IOException;

    /** Puts a file into the data set that is there, in place of another, in one step. */
    abstract void replace(String name, Content content) throws IOException;

    /**
     * Removes folders of versions that never became whole.
     *
     * @return the folders removed
     */
    abstract List<Path> removeUnpublishedVersions() throws IOException;

    /** Makes a version's file the data set's own, in place of the version before. */
    final void makeCurrent(int version, String name) throws IOException {
        try (FSDataInputStream in = fs.open(new Path(DatasetVersions.folder(output, version), name))) {
            replace(name, in::transferTo);
        }
    }

    /** Writes a file; one that is there is overwritten. */
    final void write(Path path, Content content) throws IOException {
        try {
            FSDataOutputStream file = fs.create(path, true);
            try {
                content.writeTo(file);
                if (file.hasCapability(StreamCapabilities.HSYNC)) {
                    file.hsync();
                }
            } catch (IOException | RuntimeException | Error e) {
                // elsewhere the hidden folder is removed and the file with it; HDFS would throw the same once more if it were closed here
                if (ObjectStore.is(fs)) {
                    ObjectStore.giveUp(file);
                }
                throw e;
            }
            file.close();
        } catch (FSError e) {
            throw FileFailure.of(path, e);
        }
    }

    /** Removes the hidden folder; if the output is whole, that it is left behind is no reason to call the job failed. */
    final void removeWork(boolean published) throws IOException {
        try {
            fs.delete(workFolder, true);
        } catch (IOException e) {
            if (!published) {
                throw e;
            }
            LOG.warn("{} is left behind: {}", workFolder, FileFailure.reason(e)); // the next job for this output removes it
        }
    }

    /** The output's own: others may be prepared beside it. A name that leaves no room for more has its hash in its place. */
    static String prefix(Path output) {
        byte[] name = output.getName().getBytes(StandardCharsets.UTF_8);
        return ".tmp-" + (name.length <= LONGEST_NAME ? output.getName() : Sha256.hex(name)) + "-";
    }
}
