package io.ugatit.tensor.cpu.pass;

import io.ugatit.device.Threads;
import java.util.stream.IntStream;

/** Work that falls into independent parts, done on as many threads as the caller may use. */
public final class InParallel {
    /** Fewer floats than this are not worth waking another thread. */
    private static final long LEAST_FLOATS = 1 << 16;

    private InParallel() { }

    /** An action on one block or part, by its number. */
    public interface Action {
        /** @param number from 0 */
        void on(int number);
    }

    /**
     * Does something {@code count} times.
     *
     * @param floats that are worked on in all: few are left to the calling thread
     */
    public static void forEach(int count, long floats, Action action) {
        if (floats < LEAST_FLOATS || Threads.inUse() == 1) {
            for (int i = 0; i < count; i++) {
                action.on(i);
            }
        } else {
            IntStream.range(0, count).parallel().forEach(action::on);
        }
    }

    /** The same with actions of natives, each of which then uses one thread. */
    public static void forEachNative(int count, long floats, Action action) {
        forEach(count, floats, number -> Threads.with(1, () -> action.on(number)));
    }
}
