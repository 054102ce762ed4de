package io.ugatit.tensor.cpu.pass;

import io.ugatit.device.Threads;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * A thread that helps with one {@link Section} after the other. A pass over maps takes 10 to 500 microseconds and waking a thread some 50, so
 * one that has nothing to do looks for a while whether the next section comes before it sleeps. Java's own pools sleep at once, which made
 * two threads slower than one on small maps.
 */
final class TeamThread implements Runnable {
    private static final long SPIN_NANOS = 500_000;
    private static final int LOOKS_BETWEEN_CLOCKS = 64;

    private final Team team;
    private final AtomicReference<Section> asked = new AtomicReference<>();
    private final Thread thread;
    private volatile boolean sleeps;

    /** Starts it. @throws OutOfMemoryError if the system has no thread to give */
    TeamThread(Team team, ThreadFactory threads, int number) {
        this.team = team;
        thread = threads.newThread(this);
        thread.setName("ugatit-team-" + number);
        thread.setDaemon(true);
        thread.start();
    }

    /** Asks for help with a section. */
    void ask(Section section) {
        asked.set(section);
        if (sleeps) {
            LockSupport.unpark(thread);
        }
    }

    /** Takes the request back; false if the thread has begun, true if it has not and is idle again. */
    boolean withdraw(Section section) {
        boolean withdrawn = asked.compareAndSet(section, null);
        if (withdrawn) {
            becomeIdle();
        }
        return withdrawn;
    }

    void becomeIdle() {
        team.becomesIdle(this);
    }

    /** Looks for a while whether something is so. */
    static boolean spins(BooleanSupplier condition) {
        long end = System.nanoTime() + SPIN_NANOS;
        do {
            for (int i = 0; i < LOOKS_BETWEEN_CLOCKS; i++) {
                if (condition.getAsBoolean()) {
                    return true;
                }
                Thread.onSpinWait();
            }
        } while (System.nanoTime() < end);
        return false;
    }

    @Override
    public void run() {
        Threads.use(1);
        while (true) {
            if (!spins(() -> asked.get() != null)) {
                sleeps = true;
                while (asked.get() == null) {
                    LockSupport.park(this);
                }
                sleeps = false;
            }
            // null if it was taken back in between
            Section section = asked.getAndSet(null);
            if (section != null) {
                section.help(this);
            }
        }
    }
}
