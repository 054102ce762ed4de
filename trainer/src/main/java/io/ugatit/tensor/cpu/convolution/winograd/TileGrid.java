package io.ugatit.tensor.cpu.convolution.winograd;

import io.ugatit.tensor.FeatureMaps;

/**
 * The tiles that a convolution's output is cut into, of {@code side} x {@code side} pixels. What is computed at a time is a <em>block</em>:
 * some whole rows of tiles, the last of one image and the first of the next among them.
 *
 * @param side height and width of a tile
 * @param images N
 * @param rows rows of tiles of an image
 * @param columns tiles of a row
 * @param blockRows rows of tiles of a block, but for the last
 */
record TileGrid(int side, int images, int rows, int columns, int blockRows) {
    /** Tiles times channels of a block: a tile's part of the matrices, and those of the weights beside it, stay in a second-level cache. */
    private static final int BLOCK = 1 << 15;
    private static final int LEAST_TILES = 64;
    private static final int MOST_TILES = 256;

    /**
     * @param y the output
     * @param channels of the input or of the output, whichever are more
     */
    static TileGrid of(int side, FeatureMaps y, int channels) {
        int rows = (y.height() + side - 1) / side;
        int columns = (y.width() + side - 1) / side;
        int tiles = Math.max(LEAST_TILES, Math.min(MOST_TILES, BLOCK / channels));
        return new TileGrid(side, y.images(), rows, columns, Math.max(1, Math.min(y.images() * rows, tiles / columns)));
    }

    /** Whether the tiles reach beyond the lower or the right edge. */
    boolean overhangs(FeatureMaps y) {
        return rows * side != y.height() || columns * side != y.width();
    }

    /** Tiles of all images. */
    int tiles() {
        return images * rows * columns;
    }

    /** Blocks of all images. */
    int blocks() {
        return (images * rows + blockRows - 1) / blockRows;
    }

    /** Rows of tiles of a block. */
    int rowsOf(int block) {
        return Math.min(blockRows, images * rows - block * blockRows);
    }

    /** Tiles of a block, at most. */
    int blockTiles() {
        return blockRows * columns;
    }

    /** The image of a row, which is counted through all images. */
    int image(int row) {
        return row / rows;
    }

    /** Where a row begins in its image, in pixels. */
    int pixelRow(int row) {
        return row % rows * side;
    }
}
