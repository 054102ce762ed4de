package io.ugatit.publish;

import io.ugatit.storage.ObjectStore;
import io.ugatit.storage.Renames;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes what {@link Publishing} has made, and what writers that were killed have left of it. What a file system does not delete is told:
 * local disks only answer so where others throw something.
 */
public final class Removal {
    private static final Logger LOG = LoggerFactory.getLogger(Removal.class);
    /** What makes a folder a run, or a checkpoint or data set. */
    private static final List<String> COMMITS = List.of("config.json", "manifest.json");

    /** Deletes something. */
    @FunctionalInterface
    public interface Deletion {
        /** @throws IOException if the file system fails */
        void run() throws IOException;
    }

    /** Something is there still, though nobody takes it for what it was. */
    private static final class LeftBehindException extends IOException {
        private static final long serialVersionUID = 1L;

        LeftBehindException(Path path) {
            super(path + ": cannot be deleted");
        }
    }

    private Removal() {
    }

    /**
     * Deletes what killed writers left in a folder. Only for a folder that nobody else is writing to.
     *
     * @param folder may be missing
     * @throws IOException if listing or deleting fails, or something is not deleted; all else is by then
     */
    public static void removeStale(Configuration configuration, Path folder) throws IOException {
        removeUnfinished(configuration, folder, UnfinishedName::is);
    }

    /**
     * Deletes what writers left in a folder that others may be writing to: what nobody has written to for a day, so that they were killed.
     *
     * @param folder may be missing
     * @throws IOException as {@link #removeStale} does
     */
    public static void removeAbandoned(Configuration configuration, Path folder) throws IOException {
        removeUnfinished(configuration, folder, status -> UnfinishedName.is(status) && isAbandoned(status));
    }

    /**
     * As {@link #removeAbandoned}, but files only: for a folder that is not of this program alone.
     *
     * @param folder may be missing
     * @throws IOException as {@link #removeStale} does
     */
    public static void removeAbandonedFiles(Configuration configuration, Path folder) throws IOException {
        removeUnfinished(configuration, folder, status -> status.isFile() && UnfinishedName.is(status) && isAbandoned(status));
    }

    private static boolean isAbandoned(FileStatus status) {
        return status.getModificationTime() < System.currentTimeMillis() - TimeUnit.DAYS.toMillis(1);
    }

    private static void removeUnfinished(Configuration configuration, Path folder, Predicate<FileStatus> unfinished) throws IOException {
        FileSystem fileSystem = Publishing.fileSystem(configuration, folder);
        List<Deletion> deletions = new ArrayList<>();
        for (FileStatus status : Publishing.list(fileSystem, folder)) {
            if (unfinished.test(status)) {
                deletions.add(() -> delete(fileSystem, status.getPath()));
            }
        }
        all(deletions);
    }

    /**
     * Deletes one after the other: what cannot be deleted keeps nothing else.
     *
     * @throws IOException the first failure, with the others suppressed in it; that something is left behind only if there is no other
     */
    public static void all(List<Deletion> deletions) throws IOException {
        List<IOException> failures = new ArrayList<>();
        for (Deletion deletion : deletions) {
            try {
                deletion.run();
            } catch (IOException e) {
                failures.add(e.getClass() == LeftBehindException.class ? failures.size() : 0, e);
            }
        }
        if (!failures.isEmpty()) {
            IOException first = failures.get(0);
            failures.stream().skip(1).forEach(first::addSuppressed);
            throw first;
        }
    }

    /**
     * Deletes a folder, out of sight first: deleting is not atomic. In a store of objects it is no run, checkpoint or data set from the first
     * moment on; a killed job leaves the rest of it there.
     *
     * @param folder may be missing
     * @throws IOException if the file system fails, or does not delete what is out of sight by then; the folder is whole or gone
     */
    public static void remove(Configuration configuration, Path folder) throws IOException {
        FileSystem fileSystem = Publishing.fileSystem(configuration, folder);
        if (ObjectStore.is(fileSystem)) {
            for (String name : COMMITS) {
                fileSystem.delete(new Path(folder, name), false);
            }
            delete(fileSystem, folder);
            return;
        }
        if (fileSystem.exists(folder)) {
            Path aside = Publishing.temporary(folder.getParent());
            Renames.toFree(fileSystem, folder, aside);
            delete(fileSystem, aside);
        }
    }

    /** Also where something was deleted by another, the answer is that nothing was. */
    private static void delete(FileSystem fileSystem, Path path) throws IOException {
        if (!fileSystem.delete(path, true) && fileSystem.exists(path)) {
            throw new LeftBehindException(path);
        }
    }

    /**
     * Deletes for a job that has other things to do, which what is left behind out of sight keeps it from as little as anybody: it takes
     * room, and is warned of. A deletion of several kinds ends with the first of them that leaves something.
     *
     * @throws IOException if the file system fails otherwise
     */
    public static void asFarAsPossible(Deletion deletion) throws IOException {
        try {
            deletion.run();
        } catch (LeftBehindException e) {
            LOG.warn("left behind: {}", e.getMessage());
        }
    }
}
