package io.ugatit.lock;

import io.ugatit.job.FileFailure;
import io.ugatit.storage.ObjectStore;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/**
 * A hidden folder with one file in it, the holder's, whose name nobody else uses. It is made under another name, file included, and
 * renamed; a rename of folders succeeds if there is none of the new name or an empty one, in one step. So of several that try one wins,
 * and what is seen is whole. A file is removed by its name: whoever finds out late that a holder is dead removes nothing of its successor.
 * All of that holds for local disks and HDFS; stores of objects need {@link LockObjects}.
 */
class LockFolder {
    /** What the names of folders begin with that are still to become a lock. */
    static final String CANDIDATE = ".tmp-lock-";
    /** The coarsest times that a file system keeps are two seconds apart. */
    private static final long TIME_STEP_MILLIS = 2000;

    private final FileSystem fs;
    private final Path folder;
    private IOException lastFailure = new IOException("others come and go all the time");

    /**
     * A holder's file.
     *
     * @param modified in milliseconds, by a clock that is not ours
     */
    record Entry(String name, long modified, long length) {}

    /**
     * @param fs without checksum side files
     * @param folder fully qualified; the folder around it exists
     */
    LockFolder(FileSystem fs, Path folder) {
        this.fs = fs;
        this.folder = folder;
    }

    /** The lock of a folder, by what its file system can. */
    static LockFolder on(FileSystem fs, Path folder) throws IOException {
        return ObjectStore.is(fs) ? new LockObjects(fs, folder) : new LockFolder(fs, folder);
    }

    Path file(String name) {
        return new Path(folder, name);
    }

    /** The holder's file, if there is one. */
    List<Entry> entries() throws IOException {
        List<Entry> entries = new ArrayList<>();
        try {
            for (FileStatus status : fs.listStatus(folder)) {
                if (status.getPath().equals(folder)) {
                    throw new IOException(folder + ": must be the folder of a lock, is a file; delete it");
                }
                entries.add(new Entry(status.getPath().getName(), status.getModificationTime(), status.getLen()));
            }
        } catch (FileNotFoundException e) {
            return List.of();
        }
        return entries;
    }

    /**
     * Tries to become the holder. Where there is no space left for the content its file is empty: what that means for the job, the job
     * itself tells better.
     *
     * @return whether that went well; if not, somebody was quicker, or a holder that has ended meanwhile has cleaned up
     * @throws IOException if the holder's file cannot be made
     */
    boolean place(String name, byte[] content) throws IOException {
        Path candidate = new Path(folder.getParent(), candidatePrefix() + name);
        try {
            write(new Path(candidate, name), content);
        } catch (IOException e) {
            discard(candidate, e);
            if (content.length > 0) {
                return place(name, new byte[0]);
            }
            throw unwritable(candidate, e);
        }
        try {
            move(candidate);
        } catch (IOException e) {
            discard(candidate, e);
            lastFailure = e;
            return false;
        }
        return holds(name);
    }

    /** Names the user's folder; the file system may have named a file that the user has never heard of. */
    private static IOException unwritable(Path candidate, IOException failure) {
        String reason = FileFailure.reason(failure);
        return new IOException("nothing can be written in " + candidate.getParent()
                + (reason.contains(candidate.getName()) ? "" : " (" + reason + ")"), failure);
    }

    /** Why {@link #place} went wrong the last time. */
    IOException lastFailure() {
        return lastFailure;
    }

    private void discard(Path candidate, IOException failure) {
        try {
            fs.delete(candidate, true);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    private void move(Path candidate) throws IOException {
        if (fs instanceof RawLocalFileSystem local) {
            // Hadoop would look first and rename then
            Files.move(local.pathToFile(candidate).toPath(), local.pathToFile(folder).toPath(), StandardCopyOption.ATOMIC_MOVE);
        } else {
            FileContext.getFileContext(fs.getUri(), fs.getConf()).rename(candidate, folder, Options.Rename.OVERWRITE);
        }
    }

    boolean holds(String name) throws IOException {
        return fs.exists(file(name));
    }

    /**
     * Reads a holder's file.
     *
     * @return its first bytes; none if it has just gone
     */
    byte[] read(String name, int maxBytes) throws IOException {
        try (FSDataInputStream in = fs.open(file(name))) {
            return in.readNBytes(maxBytes);
        } catch (FileNotFoundException e) {
            return new byte[0];
        }
    }

    /**
     * Gives a holder's file another time of modification.
     *
     * @return whether the file was written again, in the place of whatever had become of it meanwhile
     * @throws FileNotFoundException if it is not there any more
     */
    boolean renew(String name, byte[] content) throws IOException {
        long before = fs.getFileStatus(file(name)).getModificationTime();
        fs.setTimes(file(name), Math.max(System.currentTimeMillis(), before + TIME_STEP_MILLIS), -1);
        if (fs.getFileStatus(file(name)).getModificationTime() == before) {
            write(file(name), content); // some file systems set no times
            return true;
        }
        return false;
    }

    private void write(Path file, byte[] content) throws IOException {
        try (FSDataOutputStream out = fs.create(file, true)) {
            out.write(content);
        } catch (FSError e) {
            throw FileFailure.of(file, e);
        }
    }

    /** Removes a holder's file, if it is there. */
    void remove(String name) throws IOException {
        fs.delete(file(name), true);
    }

    /** Gives the lock back. */
    void release(String name) throws IOException {
        remove(name);
    }

    /** Removes the folder unless somebody holds the lock. */
    void removeIfEmpty() throws IOException {
        removeIfEmpty(fs, folder);
    }

    /** Removes a folder if it is there and empty, in one step where the file system can. */
    static void removeIfEmpty(FileSystem fs, Path folder) throws IOException {
        if (fs instanceof RawLocalFileSystem local) {
            // Hadoop would look first and then delete whatever is there; false if something is in it
            local.pathToFile(folder).delete();
        } else if (isEmpty(fs, folder)) {
            try {
                fs.delete(folder, false);
            } catch (IOException e) {
                if (isEmpty(fs, folder)) { // else somebody has just put something in
                    throw e;
                }
            }
        }
    }

    private static boolean isEmpty(FileSystem fs, Path folder) throws IOException {
        try {
            return !fs.listStatusIterator(folder).hasNext(); // there may be a million
        } catch (FileNotFoundException e) {
            return false;
        }
    }

    /** Removes what was to become a lock and was killed before. For the holder: a living one tries again. */
    void removeCandidates() throws IOException {
        String prefix = candidatePrefix();
        for (FileStatus candidate : fs.listStatus(folder.getParent(), path -> path.getName().startsWith(prefix))) {
            fs.delete(candidate.getPath(), true);
        }
    }

    private String candidatePrefix() {
        return CANDIDATE + folder.getName().substring(1) + "-";
    }
}
