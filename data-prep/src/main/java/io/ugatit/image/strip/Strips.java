package io.ugatit.image.strip;

/**
 * Takes an image from the top, eight rows at a time. Sample {@code r} of column {@code x} of a strip is at {@code ROWS * x + r} of each
 * colour's array: one vector holds a column, so that what combines columns needs no shuffling.
 */
@FunctionalInterface
public interface Strips {
    /** Rows of a strip. */
    int ROWS = 8;

    /** Columns that {@link #of} turns at a time. */
    int BLOCK = 64;

    /**
     * Takes the next strip.
     *
     * @param red samples from 0 to 255, {@code ROWS} a column of the image or more; left as they are, and the caller's again afterwards
     * @param green likewise; may be the same array
     * @param blue likewise; may be the same array
     * @param rows how many rows belong to the image: {@code ROWS} unless the strip is the last; the others' samples mean nothing
     */
    void take(int[] red, int[] green, int[] blue, int rows);

    /**
     * Gives an image to a taker of strips.
     *
     * @param rgb rows from the top, interleaved R G B
     * @param width columns
     * @param height rows
     * @param strips takes them
     */
    static void of(byte[] rgb, int width, int height, Strips strips) {
        int[] red = new int[ROWS * width];
        int[] green = new int[ROWS * width];
        int[] blue = new int[ROWS * width];
        for (int top = 0; top < height; top += ROWS) {
            int rows = Math.min(ROWS, height - top);
            for (int left = 0; left < width; left += BLOCK) { // few columns at a time, which stay in the cache
                int end = ROWS * Math.min(left + BLOCK, width);
                for (int r = 0; r < rows; r++) {
                    int i = 3 * ((top + r) * width + left);
                    for (int o = ROWS * left + r; o < end; o += ROWS) {
                        red[o] = rgb[i] & 0xff;
                        green[o] = rgb[i + 1] & 0xff;
                        blue[o] = rgb[i + 2] & 0xff;
                        i += 3;
                    }
                }
            }
            strips.take(red, green, blue, rows);
        }
    }

    /** The bytes that {@link #of} takes for an image of so many columns. */
    static long bytes(int width) {
        return 3L * ROWS * Integer.BYTES * width;
    }
}
