package io.ugatit.lock;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A machine on which time passes only while somebody waits, and of which a test says who lives. */
final class MadeUpSurroundings implements LockSurroundings {
    private final ProcessStamp self;
    private final List<Runnable> renewals = new ArrayList<>();
    private long nanos;
    Liveness others = Liveness.UNKNOWN;
    /** Happens when the job looks for another's process. */
    Runnable asked = () -> { };
    /** Happens whenever the job waits. */
    Runnable waiting = () -> { };

    MadeUpSurroundings(long pid) {
        this.self = new ProcessStamp(pid, 1, "boot", "namespace", "someone");
    }

    /** Passes with every look at the time, as on a machine that stands still now and then. */
    Duration perLook = Duration.ZERO;

    /** The time that has passed. */
    Duration waited() {
        return Duration.ofNanos(nanos);
    }

    /** What the real machine does every ten seconds. */
    void renew() {
        renewals.forEach(Runnable::run);
    }

    int renewals() {
        return renewals.size();
    }

    @Override
    public ProcessStamp self() {
        return self;
    }

    @Override
    public Liveness of(ProcessStamp process) {
        asked.run();
        return others;
    }

    @Override
    public long nanos() {
        nanos += perLook.toNanos();
        return nanos;
    }

    @Override
    public void pause(Duration time) {
        nanos += time.toNanos();
        waiting.run();
    }

    @Override
    public Runnable every(Duration interval, Runnable task) {
        renewals.add(task);
        return () -> renewals.remove(task);
    }
}
