package io.ugatit.retrain;

import io.ugatit.job.FileFailure;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import io.ugatit.lock.OutputLock;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;

/**
 * Deletes old runs and data sets of a workspace at once, as a night does at its begin and its end; never the promoted run, the run that it
 * began with, or their data sets. Killed, what is half deleted is out of sight, and the next one deletes it.
 */
public final class PruneJob {
    private final Configuration configuration;
    private final PruneOptions options;
    private final PrintStream out;

    /**
     * @param configuration finds the file system
     * @param options what is asked for
     * @param out takes a line if the workspace's lock has to be watched
     */
    public PruneJob(Configuration configuration, PruneOptions options, PrintStream out) {
        this.configuration = configuration;
        this.options = options;
        this.out = out;
    }

    /**
     * Deletes.
     *
     * @return the names of the cycles of which something was deleted, in order
     * @throws InvalidRequestException if there is no such workspace, or another job uses it
     * @throws JobFailedException if the file system fails, or something cannot be deleted; all else is deleted by then, and named
     */
    public List<String> run() {
        Workspace workspace = Workspace.existing(configuration, options.workspace());
        Set<String> deleted = new TreeSet<>();
        try (OutputLock lock = OutputLock.inside(configuration, workspace.path(), "prune", "--workspace", out::println)) {
            lock.requireHeld();
            try {
                workspace.removeStale();
            } finally { // what is unfinished and stays keeps nothing else
                workspace.prune(options.keep(), deleted);
            }
            return List.copyOf(deleted);
        } catch (IOException e) {
            throw new JobFailedException("cannot delete all in " + workspace.path() + ": " + FileFailure.reason(e)
                    + (deleted.isEmpty() ? "" : "; deleted are runs and data sets " + String.join(", ", deleted)) + "; the same command goes on", e);
        }
    }
}
