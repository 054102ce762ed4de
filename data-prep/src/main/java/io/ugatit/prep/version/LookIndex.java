package io.ugatit.prep.version;

import io.ugatit.image.PerceptualHash;

/**
 * Finds the most similar of many perceptual hashes within a small distance, by multi-index hashing (Norouzi, Punjani and Fleet, "Fast Exact
 * Search in Hamming Space with Multi-Index Hashing", 2014): of two hashes that differ in up to d bits, cut into d + 1 pieces, one piece is
 * the same in both. So only those that share a piece are compared: of 10,000 some six, of a million some 600.
 *
 * <p>Takes 4 (d + 1) bytes a hash. Immutable, thread-safe.
 */
final class LookIndex {
    private final long[] looks;
    private final int distance;
    /** For each piece of a hash: where the hashes with each of its values begin in {@link #sorted}; one more at the end. */
    private final int[][] starts;
    /** For each piece: the numbers of the hashes, ordered by its value and then by number. */
    private final int[][] sorted;

    /**
     * Sorts hashes.
     *
     * @param looks are not copied
     * @param distance in how many bits similar hashes may differ, from 2 to 63: fewer would make pieces of too many values
     */
    LookIndex(long[] looks, int distance) {
        this.looks = looks;
        this.distance = distance;
        this.starts = new int[distance + 1][];
        this.sorted = new int[distance + 1][looks.length];
        for (int piece = 0; piece <= distance; piece++) {
            int[] ends = new int[(1 << bits(piece)) + 1];
            for (long look : looks) {
                ends[value(look, piece) + 1]++;
            }
            for (int value = 1; value < ends.length; value++) {
                ends[value] += ends[value - 1];
            }
            starts[piece] = ends.clone();
            for (int i = 0; i < looks.length; i++) {
                sorted[piece][ends[value(looks[i], piece)]++] = i;
            }
        }
    }

    /**
     * The most similar hash, and of several the first.
     *
     * @param look a hash
     * @return its number; -1 if none is within the distance
     */
    int nearest(long look) {
        int best = -1;
        int least = distance + 1;
        for (int piece = 0; piece <= distance; piece++) {
            int value = value(look, piece);
            int[] numbers = sorted[piece];
            int end = starts[piece][value + 1];
            for (int at = starts[piece][value]; at < end; at++) {
                int far = PerceptualHash.distance(looks[numbers[at]], look);
                if (far < least || far == least && numbers[at] < best) {
                    best = numbers[at];
                    least = far;
                }
                if (far == 0) {
                    return best; // all that are equal are in every piece's list, the first before the others
                }
            }
        }
        return best;
    }

    private int shift(int piece) {
        return piece * PerceptualHash.BITS / (distance + 1);
    }

    private int bits(int piece) {
        return shift(piece + 1) - shift(piece);
    }

    private int value(long look, int piece) {
        return (int) (look >>> shift(piece)) & (1 << bits(piece)) - 1;
    }
}
