package io.ugatit.tensor.cpu.pass;

/** Sums in double precision, a lane each, of rows that were summed in single precision. */
public final class LaneSums {
    private final double[] sums = new double[VectorRows.LANES];
    private final float[] row = new float[VectorRows.LANES];

    /** Where the sums of a row are put; as an array, since a vector that is handed over becomes an object. */
    float[] row() {
        return row;
    }

    /** Adds what {@link #row} holds. */
    void addRow() {
        for (int lane = 0; lane < row.length; lane++) {
            sums[lane] += row[lane];
        }
    }

    /** The sum of one lane. */
    public double of(int lane) {
        return sums[lane];
    }

    /** The sum of all lanes. */
    public double total() {
        double total = 0;
        for (double sum : sums) {
            total += sum;
        }
        return total;
    }
}
