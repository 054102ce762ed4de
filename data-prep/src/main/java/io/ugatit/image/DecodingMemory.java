package io.ugatit.image;

import io.ugatit.job.JobFailedException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * The memory for files and pixels that all slots of a process share. Whoever decodes takes what that needs at its most and waits, in turn,
 * until it is there; what does not fit alone is refused. Nothing waits with memory in hand, so no two wait for each other.
 */
final class DecodingMemory {
    /** Of the heap; the rest is for Spark, for what is written, and for what the collector has not seen yet. */
    private static final double SHARE_OF_HEAP = 0.7;

    /** Of this process. */
    static final DecodingMemory SHARED = new DecodingMemory((long) (SHARE_OF_HEAP * Runtime.getRuntime().maxMemory()));

    /** A permit: small enough to count, large enough that an int counts terabytes. */
    private static final int KILOBYTE = 1024;

    private final int kilobytes;
    private final Semaphore free;
    /** Of each thread that holds some, how much. */
    private final Map<Thread, Integer> holders = new ConcurrentHashMap<>();
    /** Of each thread that waits for some, for how much. */
    private final Map<Thread, Integer> waiting = new ConcurrentHashMap<>();

    /** @param bytes how many there are to share */
    DecodingMemory(long bytes) {
        kilobytes = kilobytes(bytes);
        free = new Semaphore(kilobytes, true);
    }

    /**
     * Takes memory, and waits for it if need be.
     *
     * @param bytes how many
     * @throws ImageFormatException if there will never be as many
     * @throws JobFailedException if the thread is interrupted while it waits
     */
    Share take(long bytes) throws ImageFormatException {
        int wanted = kilobytes(bytes);
        if (wanted > kilobytes) {
            throw new ImageFormatException("decoding it takes " + megabytes(wanted) + " MB, more than the " + megabytes(kilobytes)
                    + " MB there are for that: raise --executor-memory, or --driver-memory with --master local");
        }
        if (free.hasQueuedThreads() || !free.tryAcquire(wanted)) {
            await(wanted);
        }
        return new Share(wanted);
    }

    private void await(int wanted) {
        waiting.put(Thread.currentThread(), wanted);
        try {
            free.acquire(wanted);
        } catch (InterruptedException e) { // who is given up must not keep others waiting behind it
            Thread.currentThread().interrupt();
            throw new JobFailedException("interrupted while an image waited for memory", e);
        } finally {
            waiting.remove(Thread.currentThread());
        }
    }

    /**
     * Whether a thread waits for memory that will not be there.
     *
     * @param thread which
     * @param endless threads that are not going to give back what they hold
     */
    boolean waitsInVain(Thread thread, Set<Thread> endless) {
        long lost = endless.stream().mapToLong(holder -> holders.getOrDefault(holder, 0)).sum();
        return waiting.getOrDefault(thread, 0) > kilobytes - lost;
    }

    private static int kilobytes(long bytes) {
        return (int) Math.min(Integer.MAX_VALUE, (bytes - 1) / KILOBYTE + 1);
    }

    private static int megabytes(int kilobytes) {
        return (kilobytes - 1) / KILOBYTE + 1;
    }

    /** Memory that somebody holds, until it is closed. */
    final class Share implements AutoCloseable {
        private final Thread holder = Thread.currentThread();
        private int held;
        private long wanted;

        private Share(int held) {
            this.held = held;
            holders.merge(holder, held, Integer::sum);
        }

        /**
         * Takes what is missing of a number of bytes, if it is there now.
         *
         * @param bytes how many, with those that are held
         * @return whether they are held now
         */
        boolean extend(long bytes) {
            wanted = bytes;
            int more = Math.max(0, kilobytes(bytes) - held);
            boolean extended = free.tryAcquire(more);
            if (extended) {
                held += more;
                holders.merge(holder, more, Integer::sum);
            }
            return extended;
        }

        /** What {@link #extend} was last called with. */
        long wanted() {
            return wanted;
        }

        @Override
        public void close() {
            int less = held;
            held = 0;
            holders.computeIfPresent(holder, (thread, all) -> all == less ? null : Integer.valueOf(all - less));
            free.release(less);
        }
    }
}
