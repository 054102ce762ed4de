package io.ugatit.prep;

import io.ugatit.dataset.Sha256;
import io.ugatit.job.FileFailure;
import io.ugatit.job.JobFailedException;
import io.ugatit.storage.LocalDisk;
import io.ugatit.storage.Renames;
import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.StreamCapabilities;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder that appears whole or not at all: it is filled in a hidden sibling, {@code .tmp-NAME-*}, and renamed at the end. Unfinished
 * files of tasks stay outside the part that is renamed, so that not even a task that outlives the job leaves a trace in the result.
 * Closing removes the hidden folder, published or not.
 */
final class Publication implements Closeable {
    /** Of the 255 bytes that file systems allow, what the rest of the hidden name leaves. */
    private static final int LONGEST_NAME = 200;
    private static final Logger LOG = LoggerFactory.getLogger(Publication.class);

    private final FileSystem fs;
    private final Path output;
    private final Path workFolder;
    private boolean published;

    private Publication(FileSystem fs, Path output, Path workFolder) {
        this.fs = fs;
        this.output = output;
        this.workFolder = workFolder;
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
     * Chooses the hidden folder's name; nothing is there yet.
     *
     * @param fs the output's file system
     * @param output where the folder is to appear, fully qualified, not the root
     */
    static Publication of(FileSystem fs, Path output) {
        return new Publication(fs, output, hidden(output, HexFormat.of().toHexDigits(new SecureRandom().nextLong())));
    }

    /** Makes the hidden folder. */
    void begin() throws IOException {
        fs.mkdirs(folder());
        fs.mkdirs(attempts());
    }

    /**
     * Removes what killed jobs for the same output left.
     *
     * @return the folders removed
     */
    static List<Path> removeStale(FileSystem fs, Path output) throws IOException {
        Pattern stale = Pattern.compile(Pattern.quote(prefix(output)) + "[0-9a-f]{16}");
        FileStatus[] found;
        try {
            found = fs.listStatus(output.getParent(), path -> stale.matcher(path.getName()).matches());
        } catch (FileNotFoundException e) {
            return List.of(); // the parent is still to be made
        }
        for (FileStatus folder : found) {
            fs.delete(folder.getPath(), true);
        }
        return Stream.of(found).map(FileStatus::getPath).toList();
    }

    /** The hidden folder that is going to be the output. */
    Path folder() {
        return new Path(workFolder, "dataset");
    }

    /** Where tasks write what is not whole yet; on the same file system. */
    Path attempts() {
        return new Path(workFolder, "attempts");
    }

    /** Where images of rows are copied to that have no file, if there are any; not made by {@link #begin}. */
    Path copies() {
        return new Path(workFolder, "copies");
    }

    /** Makes a folder in the folder, for the tasks' shards. */
    void makeFolder(String name) throws IOException {
        fs.mkdirs(new Path(folder(), name));
    }

    /**
     * Writes a file into the folder, on disk when this returns where the file system knows how. One that is there is overwritten.
     *
     * @param name relative to the folder
     * @param content writes its bytes
     */
    void write(String name, Content content) throws IOException {
        // after a failure the hidden folder is removed and the file with it; HDFS would throw the same once more if it were closed here
        Path path = new Path(folder(), name);
        try {
            FSDataOutputStream file = fs.create(path, true);
            content.writeTo(file);
            if (file.hasCapability(StreamCapabilities.HSYNC)) {
                file.hsync();
            }
            file.close();
        } catch (FSError e) {
            throw FileFailure.of(path, e);
        }
    }

    /**
     * Makes the output appear.
     *
     * @throws JobFailedException if something else appeared there meanwhile
     */
    void publish() throws IOException {
        try {
            Renames.toFree(fs, folder(), output);
            published = true;
        } catch (FileAlreadyExistsException e) {
            throw new JobFailedException("cannot publish " + output + ": it appeared while the job ran and was left as it is", e);
        }
    }

    /** @throws IOException if the hidden folder of an output that was not published cannot be removed */
    @Override
    public void close() throws IOException {
        try {
            fs.delete(workFolder, true);
        } catch (IOException e) {
            if (!published) {
                throw e;
            }
            // the output is whole: no reason to call the job failed; the next one for this output removes the rest
            LOG.warn("{} is left behind: {}", workFolder, FileFailure.reason(e));
        }
    }

    private static Path hidden(Path output, String unique) {
        // from parts: parsing a string would take a colon in the name for the end of a scheme
        return new Path(output.getParent(), new Path(null, null, prefix(output) + unique));
    }

    /** The output's own: others may be prepared beside it. A name that leaves no room for more has its hash in its place. */
    private static String prefix(Path output) {
        byte[] name = output.getName().getBytes(StandardCharsets.UTF_8);
        return ".tmp-" + (name.length <= LONGEST_NAME ? output.getName() : Sha256.hex(name)) + "-";
    }
}
