package io.ugatit.image.strip;

/** Gives rows of interleaved pixels to a taker of strips. */
public final class RgbStrips {
    /** Columns that are turned at a time, so few that they stay in the cache. */
    private static final int BLOCK = 64;

    private final int width;
    private final Strips strips;
    private final int[] red;
    private final int[] green;
    private final int[] blue;

    /**
     * Makes room for a strip.
     *
     * @param width columns
     * @param strips takes the strips
     */
    public RgbStrips(int width, Strips strips) {
        this.width = width;
        this.strips = strips;
        red = new int[Strips.ROWS * width];
        green = new int[Strips.ROWS * width];
        blue = new int[Strips.ROWS * width];
    }

    /** The bytes that are taken for so many columns. */
    public static long bytes(int width) {
        return 3L * Strips.ROWS * Integer.BYTES * width;
    }

    /**
     * Gives the next strip.
     *
     * @param rgb interleaved R G B
     * @param from where the strip's first row begins
     * @param rows how many rows there are, {@link Strips#ROWS} unless the strip is the last
     */
    public void give(byte[] rgb, int from, int rows) {
        for (int left = 0; left < width; left += BLOCK) {
            int end = Strips.ROWS * Math.min(left + BLOCK, width);
            for (int r = 0; r < rows; r++) {
                int i = from + 3 * (r * width + left);
                for (int o = Strips.ROWS * left + r; o < end; o += Strips.ROWS) {
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
