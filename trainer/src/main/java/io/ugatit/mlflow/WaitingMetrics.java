package io.ugatit.mlflow;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Numbers that wait to be sent, in their order. Whoever adds some never waits; of too many the oldest are lost. Thread-safe. */
final class WaitingMetrics {
    private final int most;
    private final Deque<Metrics> waiting = new ArrayDeque<>();
    private long lost;
    private boolean closed;

    /** @param most steps that may wait */
    WaitingMetrics(int most) {
        this.most = most;
    }

    synchronized void add(Metrics metrics) {
        waiting.addLast(metrics);
        keepMost();
        notifyAll();
    }

    private void keepMost() {
        for (; waiting.size() > most; lost++) {
            waiting.removeFirst();
        }
    }

    /**
     * Takes the oldest, waiting for some.
     *
     * @param mostValues that they may have together; a single step may have more
     * @return none if there are none and will be none any more
     */
    synchronized List<Metrics> take(int mostValues) throws InterruptedException {
        while (waiting.isEmpty() && !closed) {
            wait();
        }
        List<Metrics> taken = new ArrayList<>();
        int values = 0;
        while (!waiting.isEmpty() && (taken.isEmpty() || values + waiting.getFirst().values().size() <= mostValues)) {
            Metrics next = waiting.removeFirst();
            values += next.values().size();
            taken.add(next);
        }
        return taken;
    }

    /** Puts what was taken last back to where it was. */
    synchronized void giveBack(List<Metrics> taken) {
        for (int i = taken.size() - 1; i >= 0; i--) {
            waiting.addFirst(taken.get(i));
        }
        keepMost();
    }

    /** Counts what was taken, and will not be given back, as lost. */
    synchronized void lose(List<Metrics> taken) {
        lost += taken.size();
    }

    /** Steps whose numbers are lost, or would be if nothing more were taken. */
    synchronized long notSent() {
        return lost + waiting.size();
    }

    /** Nothing is added any more, and nobody pauses. */
    synchronized void close() {
        closed = true;
        notifyAll();
    }

    synchronized boolean isClosed() {
        return closed;
    }

    /** Waits for some time, or until it is closed. */
    void pause(Duration time) throws InterruptedException {
        pause(time, Long.MAX_VALUE);
    }

    /** Waits for some time, or until so many values wait, or it is closed. */
    synchronized void pause(Duration time, long enough) throws InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toMillis(); !closed && left > 0 && values() < enough; left = (end - System.nanoTime()) / 1_000_000) {
            wait(left);
        }
    }

    private long values() {
        return waiting.stream().mapToLong(step -> step.values().size()).sum();
    }
}
