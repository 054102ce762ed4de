package io.ugatit.report.sample;

/**
 * Where the tiles of a sample sheet lie: {@link #COLUMNS} tiles a row, {@link #GUTTER} transparent pixels between neighbours, no margin.
 *
 * @param rows rows of tiles, at least 1
 * @param tileWidth pixels, as drawn
 * @param tileHeight pixels, as drawn
 */
record SheetLayout(int rows, int tileWidth, int tileHeight) {
    /** source, attention, translation, back-translation */
    static final int COLUMNS = 4;
    static final int GUTTER = 8;
    /** Images with no side longer than half of this are enlarged, so that a 64-pixel face can be judged by eye. */
    private static final int COMFORTABLE_SIDE = 192;

    /** The whole factor by which an image is enlarged on a sheet: 3 for 64 pixels, 1 from 97 pixels on. */
    static int enlargement(int width, int height) {
        return Math.max(1, COMFORTABLE_SIDE / Math.max(width, height));
    }

    int x(int column) {
        return column * (tileWidth + GUTTER);
    }

    int y(int row) {
        return row * (tileHeight + GUTTER);
    }

    int width() {
        return x(COLUMNS) - GUTTER;
    }

    int height() {
        return y(rows) - GUTTER;
    }
}
