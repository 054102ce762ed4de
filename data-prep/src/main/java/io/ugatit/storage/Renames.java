package io.ugatit.storage;

import java.io.IOException;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.PathIsDirectoryException;
import org.apache.hadoop.fs.RawLocalFileSystem;

/**
 * Renames in one step on local disks and HDFS. {@code FileContext} would delete before it replaces on local disks, and start a process for
 * every look at a path; there it is the system's rename. Not for an {@link ObjectStore}, which has none.
 */
public final class Renames {
    private Renames() {
    }

    /**
     * Renames a file or folder to a name that is free.
     *
     * @param fs of both paths, without checksum files ({@link LocalDisk#unchecked})
     * @throws FileAlreadyExistsException if something is there
     * @throws IOException if it cannot be renamed
     */
    public static void toFree(FileSystem fs, Path from, Path to) throws IOException {
        if (fs instanceof RawLocalFileSystem) {
            if (fs.exists(to)) {
                throw new FileAlreadyExistsException(to + ": exists already");
            }
            requireRenamed(fs.rename(from, to), from, to);
        } else {
            FileContext.getFileContext(fs.getUri(), fs.getConf()).rename(from, to, Options.Rename.NONE);
        }
    }

    /**
     * Renames a file, over another if one is there.
     *
     * @param fs of both paths, without checksum files ({@link LocalDisk#unchecked})
     * @throws PathIsDirectoryException if a folder is there
     * @throws IOException if it cannot be renamed
     */
    public static void over(FileSystem fs, Path from, Path to) throws IOException {
        if (fs instanceof RawLocalFileSystem) {
            if (isFolder(fs, to)) { // an empty one would be replaced
                throw new PathIsDirectoryException(to.toString());
            }
            requireRenamed(fs.rename(from, to), from, to);
        } else {
            try {
                FileContext.getFileContext(fs.getUri(), fs.getConf()).rename(from, to, Options.Rename.OVERWRITE);
            } catch (IOException e) {
                if (isFolder(fs, to)) {
                    throw new PathIsDirectoryException(to.toString());
                }
                throw e;
            }
        }
    }

    private static boolean isFolder(FileSystem fs, Path path) throws IOException {
        return fs.exists(path) && fs.getFileStatus(path).isDirectory();
    }

    private static void requireRenamed(boolean done, Path from, Path to) throws IOException {
        if (!done) {
            throw new IOException("cannot rename " + from + " to " + to);
        }
    }
}
