package io.ugatit.image.jpeg;

import java.util.Arrays;

/**
 * Which bits of a progressive JPEG's coefficients its scans have not given yet. libjpeg guesses coefficients of which bits are missing, and
 * goes on after scans that do not fit together: neither is done here.
 */
final class MissingBits {
    private static final int ALL = -1;
    /** The most bits that a first scan may leave out. */
    private static final int MOST = 13;

    /** Per component and coefficient how many low bits are missing, or {@link #ALL}. */
    private final int[][] missing;

    MissingBits(int components) {
        missing = new int[components][64];
        for (int[] bits : missing) {
            Arrays.fill(bits, ALL);
        }
    }

    /**
     * Takes what a scan gives.
     *
     * @param component of the frame
     * @param first the scan's first coefficient in zigzag order
     * @param last the last one
     * @param high how many low bits were missing before it, or 0 if all were
     * @param low how many are missing after it
     * @return whether that fits the scans before
     */
    boolean take(int component, int first, int last, int high, int low) {
        boolean fits = first == 0 ? last == 0 : first <= last && last <= 63 && missing[component][0] != ALL;
        if (!fits || low > MOST || high > 0 && low != high - 1) {
            return false;
        }
        for (int k = first; k <= last; k++) {
            fits &= missing[component][k] == (high == 0 ? ALL : high);
            missing[component][k] = low;
        }
        return fits;
    }

    /** Whether no bit is missing. */
    boolean isEmpty() {
        boolean empty = true;
        for (int[] bits : missing) {
            for (int bit : bits) {
                empty &= bit == 0;
            }
        }
        return empty;
    }
}
