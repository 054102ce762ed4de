package io.ugatit.tensor.cpu;

import jdk.incubator.vector.FloatVector;

/** Sums in double precision, a lane each, of rows that were summed in single precision. */
final class LaneSums {
    private final double[] sums = new double[VectorRows.LANES];
    private final float[] row = new float[VectorRows.LANES];

    /** Adds a row's sums. */
    void add(FloatVector rowSums) {
        rowSums.intoArray(row, 0);
        for (int lane = 0; lane < row.length; lane++) {
            sums[lane] += row[lane];
        }
    }

    /** The sum of one lane. */
    double of(int lane) {
        return sums[lane];
    }

    /** The sum of all lanes. */
    double total() {
        double total = 0;
        for (double sum : sums) {
            total += sum;
        }
        return total;
    }
}
