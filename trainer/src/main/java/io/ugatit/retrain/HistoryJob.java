package io.ugatit.retrain;

import io.ugatit.job.FileFailure;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/** Tells what was trained when, on what, with which figures, whether it was promoted and why. Only reads, so it may run beside a night. */
public final class HistoryJob {
    private final Configuration configuration;
    private final HistoryOptions options;

    /**
     * @param configuration finds the file system
     * @param options what is asked for
     */
    public HistoryJob(Configuration configuration, HistoryOptions options) {
        this.configuration = configuration;
        this.options = options;
    }

    /**
     * Reads the records.
     *
     * @throws InvalidRequestException if there is no such workspace, or a record is damaged
     * @throws JobFailedException if the file system fails
     */
    public HistoryResult run() {
        Workspace workspace = Workspace.existing(configuration, options.workspace());
        try {
            List<Integer> numbers = new ArrayList<>(workspace.cycleNumbers());
            Collections.reverse(numbers);
            List<Cycle> cycles = new ArrayList<>();
            for (int number : numbers) {
                workspace.cycle(number).ifPresent(cycles::add);
            }
            return new HistoryResult(workspace.path().toString(), workspace.promoted().orElse(null), cycles, workspace.rollbacks().all(),
                    workspace.nights().all());
        } catch (IOException e) {
            throw new JobFailedException("cannot read the history of " + workspace.path() + ": " + FileFailure.reason(e), e);
        }
    }
}
