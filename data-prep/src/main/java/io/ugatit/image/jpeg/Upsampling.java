package io.ugatit.image.jpeg;

import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Makes a component as large as the image, as libjpeg-turbo does (jdsample.c): by two with a triangle filter, three quarters of the nearer
 * sample and one of the farther; by four, or where there are no three columns, by repeating samples.
 */
final class Upsampling {
    private static final VectorSpecies<Integer> EIGHT = IntVector.SPECIES_256;
    private static final int STRIDE = Plane.STRIDE;
    /** Rows 0 to 3, and rows 4 to 7, each twice. */
    private static final VectorShuffle<Integer> FIRST_HALF = VectorShuffle.fromOp(EIGHT, i -> i / 2);
    private static final VectorShuffle<Integer> SECOND_HALF = VectorShuffle.fromOp(EIGHT, i -> 4 + i / 2);
    /** Takes the low byte of the even rows and the next one of the odd ones. */
    private static final IntVector UP_OR_DOWN = IntVector.fromArray(EIGHT, new int[] {0, 8, 0, 8, 0, 8, 0, 8}, 0);

    private Upsampling() {}

    /**
     * Enlarges a strip.
     *
     * @param in the strip, of the layout of {@link Plane}, with the rows above and below if {@code down} is 2
     * @param columns how many of its columns belong to the image
     * @param across 1, 2 or 4
     * @param down 1 or 2
     * @param out gets as many strips as {@code down}, from index {@code first} on
     */
    static void apply(int[] in, int columns, int across, int down, int[][] out, int first) {
        boolean smooth = across == 1 || across == 2 && columns > 2;
        if (across == 2 && smooth && down == 2) {
            both(in, columns, out[first], out[first + 1]);
        } else if (across == 2 && smooth) {
            across(in, columns, out[first]);
        } else if (smooth) {
            down(in, columns, out[first], out[first + 1]);
        } else {
            repeat(in, columns, across, down, out, first);
        }
    }

    private static void across(int[] in, int columns, int[] out) {
        for (int x = 0; x < columns; x++) {
            IntVector three = IntVector.fromArray(EIGHT, in, x * STRIDE + 1).mul(3);
            IntVector before = IntVector.fromArray(EIGHT, in, Math.max(x - 1, 0) * STRIDE + 1);
            IntVector after = IntVector.fromArray(EIGHT, in, Math.min(x + 1, columns - 1) * STRIDE + 1);
            three.add(before).add(1).lanewise(VectorOperators.ASHR, 2).intoArray(out, 2 * x * STRIDE + 1);
            three.add(after).add(2).lanewise(VectorOperators.ASHR, 2).intoArray(out, (2 * x + 1) * STRIDE + 1);
        }
    }

    private static void down(int[] in, int columns, int[] top, int[] bottom) {
        for (int x = 0; x < columns; x++) {
            int i = x * STRIDE;
            IntVector three = IntVector.fromArray(EIGHT, in, i + 1).mul(3);
            IntVector up = three.add(IntVector.fromArray(EIGHT, in, i)).add(1).lanewise(VectorOperators.ASHR, 2);
            IntVector down = three.add(IntVector.fromArray(EIGHT, in, i + 2)).add(2).lanewise(VectorOperators.ASHR, 2);
            IntVector pairs = up.or(down.lanewise(VectorOperators.LSHL, 8));
            pairs.rearrange(FIRST_HALF).lanewise(VectorOperators.LSHR, UP_OR_DOWN).and(0xff).intoArray(top, i + 1);
            pairs.rearrange(SECOND_HALF).lanewise(VectorOperators.LSHR, UP_OR_DOWN).and(0xff).intoArray(bottom, i + 1);
        }
    }

    private static void both(int[] in, int columns, int[] top, int[] bottom) {
        for (int x = 0; x < columns; x++) {
            column(in, x, Math.max(x - 1, 0), 8, top, bottom, 2 * x * STRIDE + 1);
            column(in, x, Math.min(x + 1, columns - 1), 7, top, bottom, (2 * x + 1) * STRIDE + 1);
        }
    }

    /** Three quarters of the nearer column and one of the farther; of each the same with the row above, and below, for two rows. */
    private static void column(int[] in, int near, int far, int bias, int[] top, int[] bottom, int to) {
        int n = near * STRIDE;
        int f = far * STRIDE;
        IntVector now = IntVector.fromArray(EIGHT, in, n + 1).mul(3).add(IntVector.fromArray(EIGHT, in, f + 1)).mul(3).add(bias);
        IntVector above = IntVector.fromArray(EIGHT, in, n).mul(3).add(IntVector.fromArray(EIGHT, in, f));
        IntVector below = IntVector.fromArray(EIGHT, in, n + 2).mul(3).add(IntVector.fromArray(EIGHT, in, f + 2));
        IntVector up = now.add(above).lanewise(VectorOperators.ASHR, 4);
        IntVector down = now.add(below).lanewise(VectorOperators.ASHR, 4);
        IntVector pairs = up.or(down.lanewise(VectorOperators.LSHL, 8)); // the even rows and the odd ones of sixteen
        pairs.rearrange(FIRST_HALF).lanewise(VectorOperators.LSHR, UP_OR_DOWN).and(0xff).intoArray(top, to);
        pairs.rearrange(SECOND_HALF).lanewise(VectorOperators.LSHR, UP_OR_DOWN).and(0xff).intoArray(bottom, to);
    }

    private static void repeat(int[] in, int columns, int across, int down, int[][] out, int first) {
        for (int s = 0; s < down; s++) {
            for (int x = 0; x < columns * across; x++) {
                for (int r = 0; r < 8; r++) {
                    out[first + s][x * STRIDE + 1 + r] = in[x / across * STRIDE + 1 + (8 * s + r) / down];
                }
            }
        }
    }
}
