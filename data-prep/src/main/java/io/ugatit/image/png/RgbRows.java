package io.ugatit.image.png;

import io.ugatit.image.strip.Strips;
import io.ugatit.image.strip.White;

/** Makes red, green and blue of the rows of a PNG, and of these strips if they are wanted. */
final class RgbRows {
    private final int width;
    private final int channels;
    private final byte[] pixels;
    private int o;

    /**
     * Makes room for rows.
     *
     * @param width columns
     * @param channels samples of a pixel: gray, gray and alpha, RGB, or RGB and alpha
     * @param rows how many are kept
     */
    RgbRows(int width, int channels, int rows) {
        this.width = width;
        this.channels = channels;
        pixels = new byte[Math.multiplyExact(3, Math.multiplyExact(width, rows))];
    }

    /** The rows since {@link #begin}, interleaved R G B. Not copied. */
    byte[] pixels() {
        return pixels;
    }

    /** Takes the next row at the place of the first. */
    void begin() {
        o = 0;
    }

    /**
     * Takes the next row.
     *
     * @param samples holds the row's samples, interleaved
     * @param at where they begin
     */
    void take(byte[] samples, int at) {
        switch (channels) {
            case 3 -> {
                System.arraycopy(samples, at, pixels, o, 3 * width);
                o += 3 * width;
            }
            case 1 -> {
                for (int i = at; i < at + width; i++) {
                    pixel(samples[i], samples[i], samples[i]);
                }
            }
            default -> onWhite(samples, at);
        }
    }

    private void onWhite(byte[] samples, int at) {
        int green = channels == 2 ? 0 : 1;
        int blue = channels == 2 ? 0 : 2;
        for (int i = at; i < at + width * channels; i += channels) {
            int alpha = samples[i + channels - 1] & 0xff;
            pixel(White.under(samples[i] & 0xff, alpha), White.under(samples[i + green] & 0xff, alpha),
                    White.under(samples[i + blue] & 0xff, alpha));
        }
    }

    private void pixel(byte red, byte green, byte blue) {
        pixels[o] = red;
        pixels[o + 1] = green;
        pixels[o + 2] = blue;
        o += 3;
    }
}
