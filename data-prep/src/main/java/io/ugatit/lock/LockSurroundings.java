package io.ugatit.lock;

import java.time.Duration;

/** What a lock knows of the machine and the time it is taken in; tests bring their own. */
interface LockSurroundings {
    /** This process. */
    ProcessStamp self();

    /** What can be told of a process. */
    Liveness of(ProcessStamp process);

    /** The time in nanoseconds from an arbitrary point, which nobody sets. */
    long nanos();

    /**
     * Lets time pass.
     *
     * @throws InterruptedException if the thread is interrupted
     */
    void pause(Duration time) throws InterruptedException;

    /**
     * Runs a task over and over.
     *
     * @param interval from the end of one run to the begin of the next
     * @param task throws nothing
     * @return ends it
     */
    Runnable every(Duration interval, Runnable task);
}
