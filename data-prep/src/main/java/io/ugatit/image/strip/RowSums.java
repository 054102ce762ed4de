package io.ugatit.image.strip;

import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** The pass of a resize that makes rows of the result from the last rows that came, rounded to 8 bits. */
final class RowSums {
    private final Weights weights;
    private final int stride;
    /** The last rows, row y at {@code y % kept}. */
    private final int[] rows;
    private final int kept;
    /** Where the rows are that the result's next row draws from. */
    private final int[] from;
    private final int[] sums;
    private int done;

    /**
     * Makes room for rows.
     *
     * @param weights of the rows
     * @param stride samples of a row, whole vectors
     * @param ahead how many rows more may be put than {@link #next} has been told of
     */
    RowSums(Weights weights, int stride, int ahead) {
        this.weights = weights;
        this.stride = stride;
        kept = weights.longest() + ahead;
        rows = new int[Math.multiplyExact(kept, stride)];
        from = new int[kept];
        sums = new int[stride];
    }

    /** The bytes that {@link #rows} takes beside the weights, at most. */
    static long bytes(int height, int outHeight, long stride, int ahead) {
        long kept = Math.min(height, 2L * height / outHeight + 3) + ahead;
        return Integer.BYTES * (stride * (kept + 1) + kept);
    }

    /** Holds rows, each from {@link #at} on. */
    int[] rows() {
        return rows;
    }

    /** Where a row goes; the row that was there is not needed any more. */
    int at(int y) {
        return y % kept * stride;
    }

    /** How many rows of the result there are. */
    int done() {
        return done;
    }

    boolean isComplete() {
        return done == weights.first().length;
    }

    /** Makes the next row of the result in {@link #sums} if a row was the last that was missing for it. */
    boolean next(int y) {
        int[] first = weights.first();
        if (done == first.length || first[done] + weights.values()[done].length - 1 > y) {
            return false;
        }
        int[] values = weights.values()[done];
        for (int k = 0; k < values.length; k++) {
            from[k] = at(first[done] + k);
        }
        sum(values);
        done++;
        return true;
    }

    /** The row that {@link #next} has made. */
    int[] sums() {
        return sums;
    }

    private void sum(int[] values) {
        for (int i = 0; i < stride; i += Strips.ROWS) {
            IntVector sum = IntVector.broadcast(IntVector.SPECIES_256, Weights.HALF);
            for (int k = 0; k < values.length; k++) {
                sum = sum.add(IntVector.fromArray(IntVector.SPECIES_256, rows, from[k] + i).mul(values[k]));
            }
            sum.lanewise(VectorOperators.ASHR, Weights.PRECISION_BITS).min(255).intoArray(sums, i);
        }
    }
}
