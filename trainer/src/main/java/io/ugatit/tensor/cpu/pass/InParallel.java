package io.ugatit.tensor.cpu.pass;

import io.ugatit.device.Threads;

/** Work that falls into independent parts, done on as many threads as the caller may use. */
public final class InParallel {
    /** Fewer floats than this are not worth another thread, even one that is awake. */
    private static final long LEAST_FLOATS = 1 << 14;

    private InParallel() { }

    /** An action on one block or part, by its number. */
    public interface Action {
        /** @param number from 0 */
        void on(int number);
    }

    /**
     * Does something {@code count} times. Each action has one thread: natives that it calls use no more, and what it does in parallel itself
     * comes one after the other.
     *
     * @param floats that are worked on in all: few are left to the calling thread
     */
    public static void forEach(int count, long floats, Action action) {
        int threads = Threads.inUse();
        if (threads == 1) {
            allOf(count, action);
        } else if (count <= 1 || floats < LEAST_FLOATS) {
            Threads.with(1, () -> allOf(count, action));
        } else {
            Threads.with(1, () -> new Section(count, action).run(Math.min(threads, count) - 1));
        }
    }

    private static void allOf(int count, Action action) {
        for (int i = 0; i < count; i++) {
            action.on(i);
        }
    }
}
