package io.ugatit.storage;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.apache.hadoop.fs.Path;

/**
 * What is to go wrong with the operations of {@link ShopFileSystem} and {@link FaultyDisk}, which ask before each: one of them fails, or it is
 * the last that is done, as if the job had been killed. Files of locks may be spared: the process that holds them lives on.
 */
public final class Faults {
    /** What an operation meets. */
    public enum Kind {
        /** This one fails, and those after it do not. */
        ERROR,
        /** This one fails, and so do all after it. */
        KILL
    }

    private static final AtomicInteger LEFT = new AtomicInteger(Integer.MAX_VALUE);
    private static final AtomicInteger DONE = new AtomicInteger();
    private static volatile Kind kind = Kind.ERROR;
    private static volatile boolean reads;
    private static volatile Predicate<Path> spared = path -> false;

    private Faults() {
    }

    /**
     * Lets some operations pass.
     *
     * @param operations so many are done before
     * @param what happens then
     * @param countReads whether what changes nothing counts, and fails, too
     */
    public static void after(int operations, Kind what, boolean countReads) {
        kind = what;
        reads = countReads;
        DONE.set(0);
        LEFT.set(operations);
    }

    /** From now on nothing goes wrong. */
    public static void end() {
        LEFT.set(Integer.MAX_VALUE);
    }

    /** Whether something has gone wrong since {@link #after}. */
    public static boolean happened() {
        return LEFT.get() < 0;
    }

    /** Never lets operations on these fail, nor counts them. */
    public static void spare(Predicate<Path> paths) {
        spared = paths;
    }

    /** How many operations that count were asked for since {@link #after}. */
    public static int count() {
        return DONE.get();
    }

    static void change(Path path) throws IOException {
        operation(path);
    }

    static void read(Path path) throws IOException {
        if (reads) {
            operation(path);
        }
    }

    private static void operation(Path path) throws IOException {
        for (Path part = path; part != null; part = part.getParent()) {
            if (spared.test(part)) {
                return;
            }
        }
        DONE.incrementAndGet();
        int left = LEFT.getAndUpdate(n -> n == Integer.MAX_VALUE ? n : Math.max(n - 1, -1));
        if (left == 0) {
            throw new IOException(kind == Kind.KILL ? "killed" : "injected");
        }
        if (left < 0 && kind == Kind.KILL) {
            throw new IOException("killed");
        }
    }
}
