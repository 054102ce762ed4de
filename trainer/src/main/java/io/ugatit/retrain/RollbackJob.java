package io.ugatit.retrain;

import io.ugatit.checkpoint.CheckpointStore;
import io.ugatit.job.FileFailure;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import io.ugatit.lock.OutputLock;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/**
 * Takes a promotion back: names an older run in {@code PROMOTED}, or if that is missing any that is there. That stands until there are new
 * images, from which the next cycle then trains on with that run. A promotion that a killed night has left half done is finished first.
 * Killed in between, the promotion is taken back or not, and may lack its record; asked again, it stays as it is.
 */
public final class RollbackJob {
    private final Configuration configuration;
    private final RollbackOptions options;
    private final PrintStream out;

    /**
     * @param configuration finds the file system
     * @param options what is asked for
     * @param out takes a line if the workspace's lock has to be watched, or about the run
     */
    public RollbackJob(Configuration configuration, RollbackOptions options, PrintStream out) {
        this.configuration = configuration;
        this.options = options;
        this.out = out;
    }

    /**
     * Takes it back.
     *
     * @throws InvalidRequestException if there is no such workspace or run, its cycle is not over, it has no whole
     *     checkpoint, or another job uses the workspace
     * @throws JobFailedException if the file system fails
     */
    public RollbackResult run() {
        Workspace workspace = Workspace.existing(configuration, options.workspace());
        try (OutputLock lock = OutputLock.inside(configuration, workspace.path(), "rollback", "--workspace", out::println)) {
            lock.requireHeld();
            workspace.finishPromotion().ifPresent(cycle -> out.println(cycle.finished()));
            String from = workspace.promoted().orElse(null);
            if (from == null && options.to() == null) {
                String there = workspace.runNames();
                throw new InvalidRequestException("--workspace is " + options.workspace() + ": no run is promoted there, so there is nothing"
                        + " to take back" + (there.isEmpty() ? "" : "; --to promotes one of " + there));
            }
            String to = options.to() == null ? startOf(workspace, from) : options.to();
            if (!to.equals(from)) {
                requireRun(workspace, to);
                lock.requireHeld();
                workspace.promote(to);
                int newest = workspace.cycleNumbers().stream().findFirst().orElse(0);
                workspace.rollbacks().add(new Rollback(from, to, newest, Instant.now().truncatedTo(ChronoUnit.SECONDS).toString()));
            }
            return new RollbackResult(from, to, workspace.run(to).path().toString());
        } catch (IOException e) {
            throw new JobFailedException("cannot take a promotion back in " + workspace.path() + ": " + FileFailure.reason(e)
                    + "; `history` says what is promoted now", e);
        }
    }

    private static String startOf(Workspace workspace, String promoted) throws IOException {
        String start = workspace.cycle(Integer.parseInt(promoted)).map(Cycle::start).orElse(null);
        if (start == null) {
            throw new InvalidRequestException("--to is missing: run " + promoted
                    + " did not begin with another one's parameters; name one of " + workspace.runNames());
        }
        return start;
    }

    private void requireRun(Workspace workspace, String name) throws IOException {
        if (!workspace.run(name).exists()) {
            throw new InvalidRequestException((options.to() == null ? "run " : "--to is ") + name + ": is no run of the workspace"
                    + " (any more); must be one of " + workspace.runNames());
        }
        Optional<Cycle> cycle = workspace.cycle(Integer.parseInt(name));
        if (cycle.isPresent() && !cycle.get().isOver()) {
            throw new InvalidRequestException("--to is " + name + ": its cycle is not over, the next night goes on with it; must be the run of"
                    + " a cycle that is: `history` lists them");
        }
        cycle.filter(over -> over.outcome() == Cycle.Outcome.FAILED || over.outcome() == Cycle.Outcome.ABANDONED).ifPresent(over ->
                out.println("run " + name + " was not trained to its end and never judged: " + over.reason()));
        try {
            new CheckpointStore(workspace.run(name)).requireWhole(out::println);
        } catch (InvalidRequestException e) {
            throw new InvalidRequestException("run " + name + " cannot be promoted: " + e.getMessage(), e);
        }
    }
}
