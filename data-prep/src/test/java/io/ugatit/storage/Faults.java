package io.ugatit.storage;

import java.io.IOException;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.apache.hadoop.fs.Path;

/**
 * What is to go wrong with the operations of {@link ShopFileSystem}, {@link FaultyDisk} and {@link FaultyHdfs}, which ask before each: one of
 * them fails, or it is the last that is done, as if the job had been killed. Files of locks may be spared: the process that holds them lives
 * on.
 */
public final class Faults {
    /** What an operation meets. */
    public enum Kind {
        /** This one fails, and those after it do not. Of what it writes half is there. */
        ERROR,
        /** This one fails, and so do all after it. */
        KILL,
        /** Of the next write, or deletion of a folder, a part is done, and then nothing any more. */
        TORN
    }

    private static final AtomicInteger LEFT = new AtomicInteger(Integer.MAX_VALUE);
    private static final AtomicInteger DONE = new AtomicInteger();
    private static volatile Kind kind = Kind.ERROR;
    private static volatile boolean reads;
    private static volatile Predicate<Path> spared = path -> false;
    private static volatile Path struck;

    /** How an operation ends. */
    private enum Fate { DONE, FAILS, TORN }

    private Faults() {
    }

    /**
     * Lets some operations pass. What was written before is on disk by now.
     *
     * @param operations so many are done before
     * @param what happens then
     * @param countReads whether what changes nothing counts, and fails, too
     */
    public static void after(int operations, Kind what, boolean countReads) {
        kind = what;
        reads = countReads;
        struck = null;
        Unsynced.FILES.forget();
        DONE.set(0);
        LEFT.set(operations);
    }

    /** From now on nothing goes wrong. */
    public static void end() {
        LEFT.set(Integer.MAX_VALUE);
    }

    /** Whether something has gone wrong since {@link #after}. */
    public static boolean happened() {
        return struck != null;
    }

    /** What was struck since {@link #after}; null if nothing was. */
    public static Path struck() {
        return struck;
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
        if (fate(path, false) != Fate.DONE) {
            throw failure();
        }
    }

    static void read(Path path) throws IOException {
        if (reads) {
            change(path);
        }
    }

    /**
     * Something that may be done in part.
     *
     * @param size of the whole
     * @return how much of it is done; if that is less than all it fails then with {@link #failure}
     * @throws IOException if nothing is
     */
    static int part(Path path, int size) throws IOException {
        return switch (fate(path, true)) {
            case DONE -> size;
            case TORN -> size < 2 ? 0 : new Random(DONE.get()).nextInt(size);
            case FAILS -> {
                if (kind == Kind.ERROR) {
                    yield size / 2;
                }
                throw failure();
            }
        };
    }

    /** What an operation fails with. */
    static IOException failure() {
        return new IOException(kind == Kind.ERROR ? "injected" : "killed");
    }

    static boolean isSpared(Path path) {
        for (Path part = path; part != null; part = part.getParent()) {
            if (spared.test(part)) {
                return true;
            }
        }
        return false;
    }

    private static Fate fate(Path path, boolean canBeTorn) {
        if (isSpared(path)) {
            return Fate.DONE;
        }
        DONE.incrementAndGet();
        boolean waits = kind == Kind.TORN && !canBeTorn;
        int left = LEFT.getAndUpdate(n -> n == Integer.MAX_VALUE || n == 0 && waits ? n : Math.max(n - 1, -1));
        if (left == 0 && !waits) {
            struck = path;
            return kind == Kind.TORN ? Fate.TORN : Fate.FAILS;
        }
        return left < 0 && kind != Kind.ERROR ? Fate.FAILS : Fate.DONE;
    }
}
