package io.ugatit.image.strip;

/** Collects strips into interleaved pixels. */
public final class StripPixels implements Strips {
    private final int width;
    private final byte[] rgb;
    private int at;

    /**
     * Makes room for an image.
     *
     * @param width columns
     * @param height rows
     */
    public StripPixels(int width, int height) {
        this.width = width;
        rgb = new byte[Math.multiplyExact(3, Math.multiplyExact(width, height))];
    }

    @Override
    public void take(int[] red, int[] green, int[] blue, int rows) {
        for (int r = 0; r < rows; r++) {
            for (int i = r; i < ROWS * width; i += ROWS) {
                rgb[at] = (byte) red[i];
                rgb[at + 1] = (byte) green[i];
                rgb[at + 2] = (byte) blue[i];
                at += 3;
            }
        }
    }

    /** The rows so far, from the top, interleaved R G B; what is missing is black. Not copied. */
    public byte[] rgb() {
        return rgb;
    }
}
