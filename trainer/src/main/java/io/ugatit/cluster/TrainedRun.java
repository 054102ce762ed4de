package io.ugatit.cluster;

import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import io.ugatit.lock.OutputLock;
import java.util.Optional;

/**
 * A run as its training finds and writes it: while the lock is held, and if that fails the message names the checkpoint to go on from.
 */
final class TrainedRun {
    private final RunDirectory directory;
    private final OutputLock lock;
    private final RunStart start;
    private final RoundRecords records;
    private volatile LastCheckpoint last;

    /**
     * @param start how the training begins
     * @param records what it writes down of its rounds
     */
    TrainedRun(RunDirectory directory, OutputLock lock, RunStart start, RoundRecords records) {
        this.directory = directory;
        this.lock = lock;
        this.start = start;
        this.records = records;
        this.last = start.lastCheckpoint();
    }

    RunDirectory directory() {
        return directory;
    }

    RunStart start() {
        return start;
    }

    RoundRecords records() {
        return records;
    }

    /** Where the training will go on. May be asked for in any thread. */
    LastCheckpoint lastCheckpoint() {
        return last;
    }

    /** The checkpoint of a step is there. */
    void published(long step) {
        last = new LastCheckpoint(Optional.of(step));
    }

    /**
     * Publishes the configuration, and forgets what is after the step that the training goes on from.
     *
     * @throws JobFailedException if the lock is lost or the file system fails
     */
    void begin() {
        try {
            lock.requireHeld();
            directory.removeStale();
            records.begin(start.stepsDone(), start.config());
            directory.publishConfig(start.config());
            records.start(start.stepsDone(), start.config());
        } catch (JobFailedException e) {
            throw new JobFailedException(e.getMessage() + last.isSafe(), e);
        }
    }

    /**
     * Writes something if the lock is held.
     *
     * @throws JobFailedException if it is lost, or as {@link #namingCheckpoint} does
     */
    void write(Runnable writing) {
        namingCheckpoint(() -> {
            lock.requireHeld();
            writing.run();
        });
    }

    /**
     * Does something that asks for the lock where it needs it.
     *
     * @throws JobFailedException if it fails: no space left, say
     */
    void namingCheckpoint(Runnable writing) {
        try {
            writing.run();
        } catch (JobFailedException | InvalidRequestException e) {
            throw new JobFailedException(e.getMessage() + last.isSafe(), e);
        }
    }

    /** @throws JobFailedException if the lock is lost; it names no checkpoint */
    void requireHeld() {
        lock.requireHeld();
    }
}
