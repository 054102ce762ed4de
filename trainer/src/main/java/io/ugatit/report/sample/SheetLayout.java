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
    /** Even noise of so many pixels is a PNG that {@link SheetReader} reads. */
    private static final long MOST_PIXELS = 40_000_000;

    /** The most rows of images that a sheet may have, at least 1. */
    static int mostRows(int width, int height) {
        int enlargement = enlargement(width, height);
        SheetLayout row = new SheetLayout(1, enlargement * width, enlargement * height);
        return (int) Math.max(1, (MOST_PIXELS / row.width() + GUTTER) / row.y(1));
    }

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
