package io.ugatit.image.jpeg;

import java.util.Arrays;

/**
 * libjpeg's accurate inverse DCT (jidctint.c) of a block with numbers that only damaged data has: sums that libjpeg-turbo's vectors keep in
 * 16 bits wrap around, and what goes from the columns to the rows is limited to them.
 */
final class SaturatingInverseDct {
    private static final int CONST_BITS = 13;

    private final int[] block = new int[64];

    /** See {@link InverseDct#apply}. */
    void apply(int[] coefficients, int number, int[] out, int to) {
        Arrays.fill(block, 0);
        for (int i = 0; i < number; i++) {
            block[coefficients[i] & 63] = coefficients[i] >> 6;
        }
        for (int column = 0; column < 8; column++) {
            transform(block, column, 8, 1 << (InverseDct.FIRST_BITS - 1), InverseDct.FIRST_BITS);
        }
        for (int i = 0; i < 64; i++) {
            block[i] = Math.max(Short.MIN_VALUE, Math.min(Short.MAX_VALUE, block[i]));
        }
        for (int row = 0; row < 8; row++) {
            transform(block, 8 * row, 1, 1 << (InverseDct.LAST_BITS - 1), InverseDct.LAST_BITS);
            for (int column = 0; column < 8; column++) {
                out[to + column * Plane.STRIDE + row] = Math.max(0, Math.min(255, block[8 * row + column] + 128));
            }
        }
    }

    /**
     * Transforms eight numbers in place.
     *
     * @param block holds them
     * @param at where the first is
     * @param step from one to the next
     * @param round what is added to each result, times 2^13
     * @param bits what these are shifted right by
     */
    static void transform(int[] block, int at, int step, int round, int bits) {
        int x0 = block[at];
        int x1 = block[at + step];
        int x2 = block[at + 2 * step];
        int x3 = block[at + 3 * step];
        int x4 = block[at + 4 * step];
        int x5 = block[at + 5 * step];
        int x6 = block[at + 6 * step];
        int x7 = block[at + 7 * step];

        int z = (x2 + x6) * 4433;
        int inner = z - x6 * 15137;
        int outer = z + x2 * 6270;
        int sum = ((short) (x0 + x4) << CONST_BITS) + round;
        int difference = ((short) (x0 - x4) << CONST_BITS) + round;

        int z3 = (short) (x7 + x3);
        int z4 = (short) (x5 + x1);
        int z5 = (z3 + z4) * 9633;
        z3 = z5 - z3 * 16069;
        z4 = z5 - z4 * 3196;
        int z1 = (x7 + x1) * 7373;
        int z2 = (x5 + x3) * 20995;
        int o0 = x1 * 12299 - z1 + z4;
        int o1 = x3 * 25172 - z2 + z3;
        int o2 = x5 * 16819 - z2 + z4;
        int o3 = x7 * 2446 - z1 + z3;

        block[at] = sum + outer + o0 >> bits;
        block[at + step] = difference + inner + o1 >> bits;
        block[at + 2 * step] = difference - inner + o2 >> bits;
        block[at + 3 * step] = sum - outer + o3 >> bits;
        block[at + 4 * step] = sum - outer - o3 >> bits;
        block[at + 5 * step] = difference - inner - o2 >> bits;
        block[at + 6 * step] = difference + inner - o1 >> bits;
        block[at + 7 * step] = sum + outer - o0 >> bits;
    }
}
