package io.ugatit.translate.tile;

import io.ugatit.image.RgbImage;
import java.util.Arrays;

/**
 * A picture that comes in tiles, row by row of tiles from the top, each blended with its neighbours. Only the rows of one row of tiles are
 * held as floats.
 */
final class TileBlend {
    private static final float HALF_RANGE = 127.5f;
    private final TileAxis across;
    private final TileAxis down;
    private final byte[] rgb;
    /** Sums of shares from the row {@code top} on, interleaved R G B. */
    private final float[] band;
    private int top;

    /**
     * @param across the tiles of a row
     * @param down the rows of tiles
     */
    TileBlend(TileAxis across, TileAxis down) {
        this.across = across;
        this.down = down;
        this.rgb = new byte[3 * across.length() * down.length()];
        this.band = new float[3 * across.length() * Math.min(down.size(), down.length())];
    }

    /** The most bytes that a blend takes; arrays hold it if they hold the picture's RGB. */
    static long bytes(TileAxis across, TileAxis down) {
        long samples = 3L * across.length();
        return samples * down.length() + Float.BYTES * samples * Math.min(down.size(), down.length());
    }

    /**
     * Adds a tile.
     *
     * @param planes (3,S,S) in about [-1, 1]
     */
    void add(int column, int row, float[] planes) {
        int size = down.size();
        float[] ofColumns = across.shares(column);
        float[] ofRows = down.shares(row);
        for (int y = 0; y < ofRows.length; y++) {
            int line = down.from(row) + y;
            int in = (line - down.start(row)) * size + across.from(column) - across.start(column);
            int out = 3 * ((line - top) * across.length() + across.from(column));
            for (int x = 0; x < ofColumns.length; x++) {
                float share = ofRows[y] * ofColumns[x];
                for (int c = 0; c < 3; c++) {
                    band[out++] += share * planes[c * size * size + in + x];
                }
            }
        }
    }

    /** Ends a row of tiles: what the next has no share in is finished. */
    void finish(int row) {
        int end = row == down.count() - 1 ? down.length() : down.from(row + 1);
        int stride = 3 * across.length();
        int finished = (end - top) * stride;
        for (int i = 0; i < finished; i++) {
            int level = Math.round((band[i] + 1) * HALF_RANGE);
            rgb[top * stride + i] = (byte) Math.max(0, Math.min(255, level));
        }
        int kept = (down.to(row) - end) * stride;
        System.arraycopy(band, finished, band, 0, kept);
        Arrays.fill(band, kept, band.length, 0);
        top = end;
    }

    /** The picture, once all rows are finished; not copied. */
    RgbImage image() {
        return new RgbImage(across.length(), down.length(), rgb);
    }
}
