package io.ugatit.image.jpeg;

import java.util.Arrays;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * libjpeg's accurate inverse DCT with integers (jidctint.c; Loeffler, Ligtenberg and Moschytz, 1989): columns, then rows, eight at a time.
 * Some sums keep 16 bits, as in libjpeg-turbo's vectors; only damaged data needs more. The methods are short and hand no vectors to each
 * other, or the compiler would make objects of some of them.
 */
final class InverseDct {
    private static final VectorSpecies<Integer> EIGHT = IntVector.SPECIES_256;
    private static final int CONST_BITS = 13;
    private static final int PASS1_BITS = 2;
    /** What the results of the columns are scaled down by; two bits more than their size are kept. */
    private static final int FIRST_BITS = CONST_BITS - PASS1_BITS;
    /** What the results of the rows are scaled down by. */
    private static final int LAST_BITS = CONST_BITS + PASS1_BITS + 3;

    /** What an index has of which the row or the column is one of the last four. */
    private static final int NOT_IN_FIRST_QUARTER = 4 << 3 | 4;

    private static final int[] LANES = {0, 1, 2, 3, 4, 5, 6, 7};
    private static final VectorShuffle<Integer> BY_1 = VectorShuffle.fromOp(EIGHT, i -> i ^ 1);
    private static final VectorShuffle<Integer> BY_2 = VectorShuffle.fromOp(EIGHT, i -> i ^ 2);
    private static final VectorShuffle<Integer> BY_4 = VectorShuffle.fromOp(EIGHT, i -> i ^ 4);
    private static final VectorMask<Integer> ODD = withBit(1);
    private static final VectorMask<Integer> WITH_2 = withBit(2);
    private static final VectorMask<Integer> WITH_4 = withBit(4);

    private final int[] work = new int[64];
    private final int[] halves = new int[64];

    private static VectorMask<Integer> withBit(int bit) {
        return IntVector.fromArray(EIGHT, LANES, 0).and(bit).compare(VectorOperators.NE, 0);
    }

    /**
     * Makes samples of a block.
     *
     * @param coefficients 64 by rows, each multiplied with its factor; zeros afterwards
     * @param places the indices of those that are not zero, or-ed
     * @param out gets the samples, from 0 to 255
     * @param to where the first column goes; the others follow at distances of {@link Plane#STRIDE}
     */
    void apply(int[] coefficients, int places, int[] out, int to) {
        if (places == 0) {
            flat(coefficients[0], out, to);
            coefficients[0] = 0;
            return;
        }
        if ((places & NOT_IN_FIRST_QUARTER) == 0) {
            quarterEven(coefficients, halves, 1 << (FIRST_BITS - 1));
            quarterOdd(coefficients, halves);
            join(halves, work);
            transpose(work);
            quarterEven(work, halves, 1 << (LAST_BITS - 1));
            quarterOdd(work, halves);
        } else {
            even(coefficients, halves, 1 << (FIRST_BITS - 1));
            odd(coefficients, halves);
            join(halves, work);
            transpose(work);
            even(work, halves, 1 << (LAST_BITS - 1));
            odd(work, halves);
        }
        samples(halves, out, to);
        Arrays.fill(coefficients, 0);
    }

    /** A block of which only the first coefficient is not zero. */
    private static void flat(int coefficient, int[] out, int to) {
        int sample = Math.max(0, Math.min(255, ((short) (coefficient << PASS1_BITS) + 16 >> 5) + 128));
        IntVector samples = IntVector.broadcast(EIGHT, sample);
        for (int i = 0; i < 8; i++) {
            samples.intoArray(out, to + i * Plane.STRIDE);
        }
    }

    /**
     * Eight transforms, one a lane, but for their last step: numbers that with those of {@link #odd} are the sums and the differences that
     * the results are, times a power of two and with what rounds them.
     */
    private static void even(int[] in, int[] out, int round) {
        IntVector x0 = IntVector.fromArray(EIGHT, in, 0);
        IntVector x2 = IntVector.fromArray(EIGHT, in, 16);
        IntVector x4 = IntVector.fromArray(EIGHT, in, 32);
        IntVector x6 = IntVector.fromArray(EIGHT, in, 48);
        IntVector z = x2.add(x6).mul(4433);
        IntVector inner = z.sub(x6.mul(15137));
        IntVector outer = z.add(x2.mul(6270));
        IntVector sum = x0.add(x4).lanewise(VectorOperators.LSHL, 16).lanewise(VectorOperators.ASHR, 16 - CONST_BITS).add(round);
        IntVector difference = x0.sub(x4).lanewise(VectorOperators.LSHL, 16).lanewise(VectorOperators.ASHR, 16 - CONST_BITS).add(round);
        sum.add(outer).intoArray(out, 0);
        difference.add(inner).intoArray(out, 8);
        difference.sub(inner).intoArray(out, 16);
        sum.sub(outer).intoArray(out, 24);
    }

    private static void odd(int[] in, int[] out) {
        IntVector x1 = IntVector.fromArray(EIGHT, in, 8);
        IntVector x3 = IntVector.fromArray(EIGHT, in, 24);
        IntVector x5 = IntVector.fromArray(EIGHT, in, 40);
        IntVector x7 = IntVector.fromArray(EIGHT, in, 56);
        IntVector z3 = x7.add(x3).lanewise(VectorOperators.LSHL, 16).lanewise(VectorOperators.ASHR, 16);
        IntVector z4 = x5.add(x1).lanewise(VectorOperators.LSHL, 16).lanewise(VectorOperators.ASHR, 16);
        IntVector z5 = z3.add(z4).mul(9633);
        z3 = z5.sub(z3.mul(16069));
        z4 = z5.sub(z4.mul(3196));
        IntVector z1 = x7.add(x1).mul(7373);
        IntVector z2 = x5.add(x3).mul(20995);
        x1.mul(12299).sub(z1).add(z4).intoArray(out, 32);
        x3.mul(25172).sub(z2).add(z3).intoArray(out, 40);
        x5.mul(16819).sub(z2).add(z4).intoArray(out, 48);
        x7.mul(2446).sub(z1).add(z3).intoArray(out, 56);
    }

    /** {@link #even} where the last four are zeros. */
    private static void quarterEven(int[] in, int[] out, int round) {
        IntVector x2 = IntVector.fromArray(EIGHT, in, 16);
        IntVector inner = x2.mul(4433);
        IntVector outer = x2.mul(4433 + 6270);
        IntVector x0 = IntVector.fromArray(EIGHT, in, 0);
        IntVector sum = x0.lanewise(VectorOperators.LSHL, 16).lanewise(VectorOperators.ASHR, 16 - CONST_BITS).add(round);
        sum.add(outer).intoArray(out, 0);
        sum.add(inner).intoArray(out, 8);
        sum.sub(inner).intoArray(out, 16);
        sum.sub(outer).intoArray(out, 24);
    }

    /** {@link #odd} where the last four are zeros. */
    private static void quarterOdd(int[] in, int[] out) {
        IntVector x1 = IntVector.fromArray(EIGHT, in, 8);
        IntVector x3 = IntVector.fromArray(EIGHT, in, 24);
        IntVector z3 = x3.lanewise(VectorOperators.LSHL, 16).lanewise(VectorOperators.ASHR, 16);
        IntVector z4 = x1.lanewise(VectorOperators.LSHL, 16).lanewise(VectorOperators.ASHR, 16);
        IntVector z5 = z3.add(z4).mul(9633);
        z3 = z5.sub(z3.mul(16069));
        z4 = z5.sub(z4.mul(3196));
        x1.mul(12299 - 7373).add(z4).intoArray(out, 32);
        x3.mul(25172 - 20995).add(z3).intoArray(out, 40);
        z4.sub(x3.mul(20995)).intoArray(out, 48);
        z3.sub(x1.mul(7373)).intoArray(out, 56);
    }

    private static void join(int[] halves, int[] out) {
        for (int i = 0; i < 4; i++) {
            IntVector even = IntVector.fromArray(EIGHT, halves, 8 * i);
            IntVector odd = IntVector.fromArray(EIGHT, halves, 8 * i + 32);
            even.add(odd).lanewise(VectorOperators.ASHR, FIRST_BITS).max(Short.MIN_VALUE).min(Short.MAX_VALUE).intoArray(out, 8 * i);
            even.sub(odd).lanewise(VectorOperators.ASHR, FIRST_BITS).max(Short.MIN_VALUE).min(Short.MAX_VALUE).intoArray(out, 56 - 8 * i);
        }
    }

    private static void samples(int[] halves, int[] out, int to) {
        for (int i = 0; i < 4; i++) {
            IntVector even = IntVector.fromArray(EIGHT, halves, 8 * i);
            IntVector odd = IntVector.fromArray(EIGHT, halves, 8 * i + 32);
            even.add(odd).lanewise(VectorOperators.ASHR, LAST_BITS).add(128).max(0).min(255).intoArray(out, to + i * Plane.STRIDE);
            even.sub(odd).lanewise(VectorOperators.ASHR, LAST_BITS).add(128).max(0).min(255).intoArray(out, to + (7 - i) * Plane.STRIDE);
        }
    }

    /** Transposes 8 x 8 numbers by swapping quarters, then quarters of these, then single numbers. */
    private static void transpose(int[] block) {
        IntVector a0 = IntVector.fromArray(EIGHT, block, 0);
        IntVector a1 = IntVector.fromArray(EIGHT, block, 8);
        IntVector a2 = IntVector.fromArray(EIGHT, block, 16);
        IntVector a3 = IntVector.fromArray(EIGHT, block, 24);
        IntVector a4 = IntVector.fromArray(EIGHT, block, 32);
        IntVector a5 = IntVector.fromArray(EIGHT, block, 40);
        IntVector a6 = IntVector.fromArray(EIGHT, block, 48);
        IntVector a7 = IntVector.fromArray(EIGHT, block, 56);

        IntVector b0 = a0.blend(a4.rearrange(BY_4), WITH_4);
        IntVector b4 = a0.rearrange(BY_4).blend(a4, WITH_4);
        IntVector b1 = a1.blend(a5.rearrange(BY_4), WITH_4);
        IntVector b5 = a1.rearrange(BY_4).blend(a5, WITH_4);
        IntVector b2 = a2.blend(a6.rearrange(BY_4), WITH_4);
        IntVector b6 = a2.rearrange(BY_4).blend(a6, WITH_4);
        IntVector b3 = a3.blend(a7.rearrange(BY_4), WITH_4);
        IntVector b7 = a3.rearrange(BY_4).blend(a7, WITH_4);

        a0 = b0.blend(b2.rearrange(BY_2), WITH_2);
        a2 = b0.rearrange(BY_2).blend(b2, WITH_2);
        a1 = b1.blend(b3.rearrange(BY_2), WITH_2);
        a3 = b1.rearrange(BY_2).blend(b3, WITH_2);
        a4 = b4.blend(b6.rearrange(BY_2), WITH_2);
        a6 = b4.rearrange(BY_2).blend(b6, WITH_2);
        a5 = b5.blend(b7.rearrange(BY_2), WITH_2);
        a7 = b5.rearrange(BY_2).blend(b7, WITH_2);

        a0.blend(a1.rearrange(BY_1), ODD).intoArray(block, 0);
        a0.rearrange(BY_1).blend(a1, ODD).intoArray(block, 8);
        a2.blend(a3.rearrange(BY_1), ODD).intoArray(block, 16);
        a2.rearrange(BY_1).blend(a3, ODD).intoArray(block, 24);
        a4.blend(a5.rearrange(BY_1), ODD).intoArray(block, 32);
        a4.rearrange(BY_1).blend(a5, ODD).intoArray(block, 40);
        a6.blend(a7.rearrange(BY_1), ODD).intoArray(block, 48);
        a6.rearrange(BY_1).blend(a7, ODD).intoArray(block, 56);
    }
}
