package io.ugatit.image.jpeg;

/**
 * A component's samples in a row of units: strips of eight rows, one below the other. Row {@code r} of column {@code x} of a strip is at
 * {@code STRIDE * x + 1 + r}; before and behind these eight is room for the rows above and below, which smooth upsampling looks at.
 *
 * @param strips as many as the component has blocks one above the other in a unit
 */
record Plane(int[][] strips) {
    /** From a column to the next. */
    static final int STRIDE = 10;

    private static final int ABOVE = 0;
    private static final int FIRST = 1;
    private static final int LAST = 8;

    /** A plane of so many strips and columns. */
    static Plane of(int strips, int columns) {
        return new Plane(new int[strips][STRIDE * columns]);
    }

    /** The row above is the last of the plane before; both have one strip. */
    void continues(Plane before) {
        copy(before.strips[0], LAST, strips[0], ABOVE);
        copy(strips[0], FIRST, before.strips[0], LAST + 1);
    }

    /** The row above is the first again. */
    void begins() {
        copy(strips[0], FIRST, strips[0], ABOVE);
    }

    /** The row below the so many that there are is the last of them again. */
    void ends(int rows) {
        copy(strips[0], rows, strips[0], rows + 1);
    }

    private static void copy(int[] from, int row, int[] to, int toRow) {
        for (int column = 0; column < from.length; column += STRIDE) {
            to[column + toRow] = from[column + row];
        }
    }
}
