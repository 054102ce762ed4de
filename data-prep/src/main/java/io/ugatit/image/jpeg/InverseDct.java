package io.ugatit.image.jpeg;

import java.util.Arrays;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * libjpeg's accurate inverse DCT with integers (jidctint.c; Loeffler, Ligtenberg and Moschytz, 1989). Up to its rounding the transform of
 * the columns is linear with whole numbers, so each coefficient that is not zero adds its multiple of eight numbers to its column: most
 * are zero, and the columns then lie as the transform of the rows, eight at a time, wants them. The methods hand no vectors to each other,
 * or the compiler would make objects of some of them.
 */
final class InverseDct {
    private static final VectorSpecies<Integer> EIGHT = IntVector.SPECIES_256;
    private static final int CONST_BITS = 13;
    private static final int PASS1_BITS = 2;
    /** What the results of the columns are scaled down by; two bits more than their size are kept. */
    static final int FIRST_BITS = CONST_BITS - PASS1_BITS;
    /** What the results of the rows are scaled down by. */
    static final int LAST_BITS = CONST_BITS + PASS1_BITS + 3;

    /** What rounds the results of the rows, and moves them from -128 up to 0. */
    private static final int ROUND_LAST = (1 << (LAST_BITS - 1)) + (128 << LAST_BITS);

    /**
     * Where the sizes of the coefficients sum up to this at most, no number needs more than 16 bits after the columns: they grow up to
     * 11363 / 2^11 times. The blocks of photos sum up to some hundred.
     */
    private static final int NEEDS_16_BITS = 5900;

    /** What a coefficient in row k adds to its column, times 2^13: eight numbers each. */
    private static final int[] BASE = base();

    private final int[] columns = new int[64];
    /** The sizes of the block's coefficients, summed up, and the bits of all their columns. */
    private int size;
    private int places;
    private final SaturatingInverseDct saturating = new SaturatingInverseDct();

    InverseDct() {
        clear();
    }

    private static int[] base() {
        int[] base = new int[64];
        int[] column = new int[8];
        for (int k = 0; k < 8; k++) {
            Arrays.fill(column, 0);
            column[k] = 1;
            SaturatingInverseDct.transform(column, 0, 1, 0, 0);
            System.arraycopy(column, 0, base, 8 * k, 8);
        }
        return base;
    }

    /**
     * Makes samples of a block.
     *
     * @param coefficients those that are not zero and the first, each multiplied with its factor, in 16 bits: {@code value << 6 | place},
     *        places by rows; the first one comes first
     * @param number how many they are, from 1
     * @param out gets the samples, from 0 to 255
     * @param to where the first column goes; the others follow at distances of {@link Plane#STRIDE}
     */
    void apply(int[] coefficients, int number, int[] out, int to) {
        for (int i = 1; i < number; i++) {
            add(coefficients[i] >> 6, coefficients[i] & 63);
        }
        finish(coefficients, number, out, to);
    }

    /**
     * Takes a coefficient, not the first, of the block that {@link #finish} makes samples of.
     *
     * @param value multiplied with its factor, in 16 bits
     * @param place by rows
     */
    void add(int value, int place) {
        int column = (place & 7) << 3;
        size += Math.abs(value);
        places |= column;
        IntVector.fromArray(EIGHT, BASE, place & 7 << 3).mul(value).add(IntVector.fromArray(EIGHT, columns, column))
                .intoArray(columns, column);
    }

    /** Makes samples of a block of which all coefficients but the first were added; the parameters are those of {@link #apply}. */
    void finish(int[] coefficients, int number, int[] out, int to) {
        if (number == 1) {
            flat(coefficients[0] >> 6, out, to);
            return;
        }
        add(coefficients[0] >> 6, 0);
        if (size > NEEDS_16_BITS) {
            saturating.apply(coefficients, number, out, to);
        } else if ((places & 4 << 3) == 0) {
            half(columns, out, to);
        } else {
            full(columns, out, to);
        }
        clear();
    }

    private void clear() {
        IntVector round = IntVector.broadcast(EIGHT, 1 << (FIRST_BITS - 1));
        for (int i = 0; i < 64; i += 8) {
            round.intoArray(columns, i);
        }
        size = 0;
        places = 0;
    }

    /** A block of which only the first coefficient is not zero. */
    private static void flat(int coefficient, int[] out, int to) {
        int sample = Math.max(0, Math.min(255, ((short) (coefficient << PASS1_BITS) + 16 >> 5) + 128));
        IntVector samples = IntVector.broadcast(EIGHT, sample);
        for (int i = 0; i < 8; i++) {
            samples.intoArray(out, to + i * Plane.STRIDE);
        }
    }

    /** The transform of eight rows, one a lane. */
    private static void full(int[] in, int[] out, int to) {
        IntVector x2 = IntVector.fromArray(EIGHT, in, 16).lanewise(VectorOperators.ASHR, FIRST_BITS);
        IntVector x6 = IntVector.fromArray(EIGHT, in, 48).lanewise(VectorOperators.ASHR, FIRST_BITS);
        IntVector z = x2.add(x6).mul(4433);
        IntVector inner = z.sub(x6.mul(15137));
        IntVector outer = z.add(x2.mul(6270));
        IntVector x0 = IntVector.fromArray(EIGHT, in, 0).lanewise(VectorOperators.ASHR, FIRST_BITS);
        IntVector x4 = IntVector.fromArray(EIGHT, in, 32).lanewise(VectorOperators.ASHR, FIRST_BITS);
        IntVector sum = x0.add(x4).lanewise(VectorOperators.LSHL, CONST_BITS).add(ROUND_LAST);
        IntVector difference = x0.sub(x4).lanewise(VectorOperators.LSHL, CONST_BITS).add(ROUND_LAST);
        IntVector e0 = sum.add(outer);
        IntVector e1 = difference.add(inner);
        IntVector e2 = difference.sub(inner);
        IntVector e3 = sum.sub(outer);

        IntVector x1 = IntVector.fromArray(EIGHT, in, 8).lanewise(VectorOperators.ASHR, FIRST_BITS);
        IntVector x3 = IntVector.fromArray(EIGHT, in, 24).lanewise(VectorOperators.ASHR, FIRST_BITS);
        IntVector x5 = IntVector.fromArray(EIGHT, in, 40).lanewise(VectorOperators.ASHR, FIRST_BITS);
        IntVector x7 = IntVector.fromArray(EIGHT, in, 56).lanewise(VectorOperators.ASHR, FIRST_BITS);
        IntVector z3 = x7.add(x3);
        IntVector z4 = x5.add(x1);
        IntVector z5 = z3.add(z4).mul(9633);
        z3 = z5.sub(z3.mul(16069));
        z4 = z5.sub(z4.mul(3196));
        IntVector z1 = x7.add(x1).mul(7373);
        IntVector z2 = x5.add(x3).mul(20995);
        IntVector o0 = x1.mul(12299).sub(z1).add(z4);
        IntVector o1 = x3.mul(25172).sub(z2).add(z3);
        IntVector o2 = x5.mul(16819).sub(z2).add(z4);
        IntVector o3 = x7.mul(2446).sub(z1).add(z3);

        e0.add(o0).lanewise(VectorOperators.ASHR, LAST_BITS).max(0).min(255).intoArray(out, to);
        e1.add(o1).lanewise(VectorOperators.ASHR, LAST_BITS).max(0).min(255).intoArray(out, to + Plane.STRIDE);
        e2.add(o2).lanewise(VectorOperators.ASHR, LAST_BITS).max(0).min(255).intoArray(out, to + 2 * Plane.STRIDE);
        e3.add(o3).lanewise(VectorOperators.ASHR, LAST_BITS).max(0).min(255).intoArray(out, to + 3 * Plane.STRIDE);
        e3.sub(o3).lanewise(VectorOperators.ASHR, LAST_BITS).max(0).min(255).intoArray(out, to + 4 * Plane.STRIDE);
        e2.sub(o2).lanewise(VectorOperators.ASHR, LAST_BITS).max(0).min(255).intoArray(out, to + 5 * Plane.STRIDE);
        e1.sub(o1).lanewise(VectorOperators.ASHR, LAST_BITS).max(0).min(255).intoArray(out, to + 6 * Plane.STRIDE);
        e0.sub(o0).lanewise(VectorOperators.ASHR, LAST_BITS).max(0).min(255).intoArray(out, to + 7 * Plane.STRIDE);
    }

    /** The same where the last four columns are zeros. */
    private static void half(int[] in, int[] out, int to) {
        IntVector x2 = IntVector.fromArray(EIGHT, in, 16).lanewise(VectorOperators.ASHR, FIRST_BITS);
        IntVector inner = x2.mul(4433);
        IntVector outer = x2.mul(4433 + 6270);
        IntVector sum = IntVector.fromArray(EIGHT, in, 0).lanewise(VectorOperators.ASHR, FIRST_BITS)
                .lanewise(VectorOperators.LSHL, CONST_BITS).add(ROUND_LAST);
        IntVector e0 = sum.add(outer);
        IntVector e1 = sum.add(inner);
        IntVector e2 = sum.sub(inner);
        IntVector e3 = sum.sub(outer);

        IntVector x1 = IntVector.fromArray(EIGHT, in, 8).lanewise(VectorOperators.ASHR, FIRST_BITS);
        IntVector x3 = IntVector.fromArray(EIGHT, in, 24).lanewise(VectorOperators.ASHR, FIRST_BITS);
        IntVector z5 = x3.add(x1).mul(9633);
        IntVector z3 = z5.sub(x3.mul(16069));
        IntVector z4 = z5.sub(x1.mul(3196));
        IntVector o0 = x1.mul(12299 - 7373).add(z4);
        IntVector o1 = x3.mul(25172 - 20995).add(z3);
        IntVector o2 = z4.sub(x3.mul(20995));
        IntVector o3 = z3.sub(x1.mul(7373));

        e0.add(o0).lanewise(VectorOperators.ASHR, LAST_BITS).max(0).min(255).intoArray(out, to);
        e1.add(o1).lanewise(VectorOperators.ASHR, LAST_BITS).max(0).min(255).intoArray(out, to + Plane.STRIDE);
        e2.add(o2).lanewise(VectorOperators.ASHR, LAST_BITS).max(0).min(255).intoArray(out, to + 2 * Plane.STRIDE);
        e3.add(o3).lanewise(VectorOperators.ASHR, LAST_BITS).max(0).min(255).intoArray(out, to + 3 * Plane.STRIDE);
        e3.sub(o3).lanewise(VectorOperators.ASHR, LAST_BITS).max(0).min(255).intoArray(out, to + 4 * Plane.STRIDE);
        e2.sub(o2).lanewise(VectorOperators.ASHR, LAST_BITS).max(0).min(255).intoArray(out, to + 5 * Plane.STRIDE);
        e1.sub(o1).lanewise(VectorOperators.ASHR, LAST_BITS).max(0).min(255).intoArray(out, to + 6 * Plane.STRIDE);
        e0.sub(o0).lanewise(VectorOperators.ASHR, LAST_BITS).max(0).min(255).intoArray(out, to + 7 * Plane.STRIDE);
    }
}
