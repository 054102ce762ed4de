package io.ugatit.cluster.feeding;

/**
 * A random order of 0 to n-1 whose every element can be asked for alone, in constant memory: a Feistel network on the next power of four,
 * walked until it lands below n.
 */
final class Permutation {
    /** With fewer, some orders of a handful of images come noticeably more often than others. */
    private static final int ROUNDS = 8;
    private final long n;
    private final long seed;
    private final int halfBits;

    /**
     * @param n number of elements, at least 1
     * @param seed which order
     */
    Permutation(long n, long seed) {
        this.n = n;
        this.seed = seed;
        int bits = Long.SIZE - Long.numberOfLeadingZeros(Math.max(1, n - 1));
        this.halfBits = (bits + 1) / 2;
    }

    /** What stands at a position from 0 to n-1. */
    long at(long position) {
        long value = position;
        do {
            value = encrypt(value);
        } while (value >= n);
        return value;
    }

    private long encrypt(long value) {
        long mask = (1L << halfBits) - 1;
        long left = value >>> halfBits;
        long right = value & mask;
        for (int round = 0; round < ROUNDS; round++) {
            long next = left ^ (mix(right + mix(seed + round)) & mask);
            left = right;
            right = next;
        }
        return left << halfBits | right;
    }

    /** The finaliser of SplitMix64 (Steele, Lea and Flood 2014): every bit of the result depends on every bit of the value. */
    static long mix(long value) {
        long z = value + 0x9e3779b97f4a7c15L;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }
}
