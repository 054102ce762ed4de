package io.ugatit.prep;

import io.ugatit.input.LeftOut;
import io.ugatit.input.LeftOutList;
import io.ugatit.job.FileFailure;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import io.ugatit.job.PathOption;
import io.ugatit.storage.LocalDisk;
import java.io.IOException;
import java.io.OutputStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** The file that {@code --rejects} names: everything that was left out, as JSON lines, whether the job succeeds or not. */
final class RejectsFile {
    private final Configuration conf;
    private final Path path;

    private RejectsFile(Configuration conf, Path path) {
        this.conf = conf;
        this.path = path;
    }

    /**
     * Checks the option.
     *
     * @param value what was given, or null
     * @param output of the job, fully qualified
     * @throws InvalidRequestException if it is a folder or in the output
     * @throws IOException if the file system does not answer
     */
    static RejectsFile of(Configuration conf, String value, Path output) throws IOException {
        if (value == null) {
            return new RejectsFile(conf, null);
        }
        Path path = PathOption.qualified(conf, "--rejects", value);
        if (PathOption.isInside(path, output)) {
            throw new InvalidRequestException("--rejects is " + value + ": must be outside --output, which holds the list already");
        }
        FileSystem fs = path.getFileSystem(conf);
        if (fs.exists(path) && fs.getFileStatus(path).isDirectory()) {
            throw new InvalidRequestException("--rejects is " + value + ": is a folder, must be a file");
        }
        return new RejectsFile(conf, path);
    }

    /** For a message: how to see all that was left out. */
    String seeAll() {
        return path == null ? "--rejects FILE lists all of them" : "all of them are in " + path;
    }

    /** The file; null if none was asked for. */
    Path path() {
        return path;
    }

    /**
     * Writes the file, if one was asked for.
     *
     * @param leftOut everything that was left out
     * @throws JobFailedException if it cannot be written
     */
    void write(Stream<LeftOut> leftOut) {
        if (path == null) {
            return;
        }
        try (OutputStream out = LocalDisk.unchecked(path.getFileSystem(conf)).create(path, true)) {
            LeftOutList.write(leftOut, out);
        } catch (IOException | FSError e) {
            throw new JobFailedException("cannot write --rejects " + path + " (" + FileFailure.reason(e) + "); nothing was published", e);
        }
    }
}
