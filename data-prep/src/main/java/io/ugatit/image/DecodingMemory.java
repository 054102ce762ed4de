package io.ugatit.image;

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
     */
    Share take(long bytes) throws ImageFormatException {
        int wanted = kilobytes(bytes);
        if (wanted > kilobytes) {
            throw new ImageFormatException("decoding it takes " + megabytes(wanted) + " MB, more than the " + megabytes(kilobytes)
                    + " MB there are for that: raise --executor-memory, or --driver-memory with --master local");
        }
        free.acquireUninterruptibly(wanted);
        return new Share(wanted);
    }

    private static int kilobytes(long bytes) {
        return (int) Math.min(Integer.MAX_VALUE, (bytes - 1) / KILOBYTE + 1);
    }

    private static int megabytes(int kilobytes) {
        return (kilobytes - 1) / KILOBYTE + 1;
    }

    /** Memory that somebody holds, until it is closed. */
    final class Share implements AutoCloseable {
        private int held;
        private long wanted;

        private Share(int held) {
            this.held = held;
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
            held += extended ? more : 0;
            return extended;
        }

        /** What {@link #extend} was last called with. */
        long wanted() {
            return wanted;
        }

        @Override
        public void close() {
            free.release(held);
            held = 0;
        }
    }
}
