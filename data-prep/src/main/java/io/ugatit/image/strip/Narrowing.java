package io.ugatit.image.strip;

import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** The pass of a resize that makes a strip as wide as the result, rounded to 8 bits. */
final class Narrowing {
    private final int left;
    private final Weights weights;
    private final int[] narrow;

    /**
     * Makes room for a strip.
     *
     * @param left the column of a strip that is the first for the weights
     * @param weights of the columns
     */
    Narrowing(int left, Weights weights) {
        this.left = left;
        this.weights = weights;
        narrow = new int[Strips.ROWS * stride(width())];
    }

    /** Columns of the result. */
    int width() {
        return weights.first().length;
    }

    /** The samples of a row of three colours, made whole vectors. */
    static int stride(int columns) {
        return (3 * columns + Strips.ROWS - 1) / Strips.ROWS * Strips.ROWS;
    }

    /**
     * Makes a strip narrow.
     *
     * @return interleaved R G B of ROWS samples each; the same array every time
     */
    int[] apply(int[] red, int[] green, int[] blue) {
        int[] first = weights.first();
        int o = 0;
        for (int x = 0; x < first.length; x++) {
            int i = Strips.ROWS * (left + first[x]);
            IntVector r = IntVector.broadcast(IntVector.SPECIES_256, Weights.HALF);
            IntVector g = r;
            IntVector b = r;
            for (int weight : weights.values()[x]) {
                r = r.add(IntVector.fromArray(IntVector.SPECIES_256, red, i).mul(weight));
                g = g.add(IntVector.fromArray(IntVector.SPECIES_256, green, i).mul(weight));
                b = b.add(IntVector.fromArray(IntVector.SPECIES_256, blue, i).mul(weight));
                i += Strips.ROWS;
            }
            r.lanewise(VectorOperators.ASHR, Weights.PRECISION_BITS).min(255).intoArray(narrow, o);
            g.lanewise(VectorOperators.ASHR, Weights.PRECISION_BITS).min(255).intoArray(narrow, o + Strips.ROWS);
            b.lanewise(VectorOperators.ASHR, Weights.PRECISION_BITS).min(255).intoArray(narrow, o + 2 * Strips.ROWS);
            o += 3 * Strips.ROWS;
        }
        return narrow;
    }
}
