package io.ugatit.image.strip;

/**
 * Takes an image from the top, eight rows at a time. Sample {@code r} of column {@code x} of a strip is at {@code ROWS * x + r} of each
 * colour's array: one vector holds a column, so that what combines columns needs no shuffling.
 */
@FunctionalInterface
public interface Strips {
    /** Rows of a strip. */
    int ROWS = 8;

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
        RgbStrips turned = new RgbStrips(width, strips);
        for (int top = 0; top < height; top += ROWS) {
            turned.give(rgb, 3 * top * width, Math.min(ROWS, height - top));
        }
    }
}
