package io.ugatit.tensor.cpu.pass;

import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The threads that help with {@link Section}s, which are started as they are wanted and never end. Thread-safe. */
final class Team {
    /** One for each core but the caller's. */
    static final Team SHARED = new Team(Runtime.getRuntime().availableProcessors() - 1, Thread::new, 10_000_000_000L);
    private static final Logger LOG = LoggerFactory.getLogger(Team.class);

    private final int most;
    private final ThreadFactory threads;
    private final long retryNanos;
    private final AtomicInteger started = new AtomicInteger();
    /** A stack: who has just finished is still awake. */
    private final ConcurrentLinkedDeque<TeamThread> idle = new ConcurrentLinkedDeque<>();
    private volatile long nextTry = System.nanoTime();

    /** @param retryNanos how long none is started after one could not be: sections come thousands a second */
    Team(int most, ThreadFactory threads, long retryNanos) {
        this.most = most;
        this.threads = threads;
        this.retryNanos = retryNanos;
    }

    /** One that has nothing to do, or null if all cores are busy or the system has no thread to give. It must be asked. */
    TeamThread idle() {
        TeamThread thread = idle.poll();
        if (thread != null || started.get() >= most || System.nanoTime() - nextTry < 0) {
            return thread;
        }
        int number = started.incrementAndGet();
        if (number > most) {
            started.decrementAndGet();
            return null;
        }
        try {
            return new TeamThread(this, threads, number);
        } catch (OutOfMemoryError e) { // the caller does the work alone, as on a machine of fewer cores
            started.decrementAndGet();
            nextTry = System.nanoTime() + retryNanos;
            LOG.warn("No further thread can be started, so passes take longer: {}", e.getMessage());
            return null;
        }
    }

    void becomesIdle(TeamThread thread) {
        idle.push(thread);
    }

    /** How many have been started. */
    int started() {
        return started.get();
    }
}
