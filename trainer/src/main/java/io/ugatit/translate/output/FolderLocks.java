package io.ugatit.translate.output;

import io.ugatit.lock.OutputLock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;

/** The locks of all folders that a job writes: each may be the output of another job by itself. */
public final class FolderLocks implements AutoCloseable {
    private final Deque<OutputLock> taken = new ArrayDeque<>();

    /**
     * Takes the locks, all or none.
     *
     * @param option what names the output
     * @param say takes one line if a lock has to be watched for a while
     * @throws io.ugatit.lock.HeldException if another job holds one
     * @throws io.ugatit.job.JobFailedException if the file system fails
     */
    public FolderLocks(Configuration configuration, List<Folder> folders, String option, Consumer<String> say) {
        try {
            for (Folder folder : folders) {
                taken.push(OutputLock.inside(configuration, folder.path(), "translate", option, say));
            }
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /** As {@link OutputLock#requireHeld}, of all. */
    public void requireHeld() {
        taken.forEach(OutputLock::requireHeld);
    }

    /** Gives them back, the last first: it may have made what the others are in. */
    @Override
    public void close() {
        taken.forEach(OutputLock::close);
    }
}
