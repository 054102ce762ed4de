package io.ugatit.image.png;

import io.ugatit.image.strip.Strips;
import io.ugatit.image.strip.White;

/** Makes red, green and blue of the rows of a PNG, and of these strips if they are wanted. */
final class RgbRows {
    private final int width;
    private final int channels;
    private final int bits;
    private final byte[] colours;
    private final byte[] pixels;
    private int o;

    /**
     * Makes room for rows.
     *
     * @param header says how they are stored
     * @param rows how many are kept
     */
    RgbRows(PngHeader header, int rows) {
        width = header.width();
        channels = header.channels();
        bits = header.bits();
        colours = header.colours();
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
        if (colours != null) {
            numbers(samples, at);
        } else if (channels == 3 && bits == 8) {
            System.arraycopy(samples, at, pixels, o, 3 * width);
            o += 3 * width;
        } else if (channels % 2 == 1) {
            opaque(samples, at, bits / 8);
        } else {
            onWhite(samples, at, bits / 8);
        }
    }

    private void numbers(byte[] samples, int at) {
        int mask = (1 << bits) - 1;
        for (int x = 0; x < width; x++) {
            int bit = x * bits;
            int number = 3 * (samples[at + (bit >> 3)] >> (8 - bits - (bit & 7)) & mask);
            pixel(colours[number], colours[number + 1], colours[number + 2]);
        }
    }

    /** Of samples of two bytes the first is taken. */
    private void opaque(byte[] samples, int at, int size) {
        int green = channels == 1 ? 0 : size;
        int blue = 2 * green;
        int end = at + width * channels * size;
        for (int i = at; i < end; i += channels * size) {
            pixel(samples[i], samples[i + green], samples[i + blue]);
        }
    }

    private void onWhite(byte[] samples, int at, int size) {
        int green = channels == 2 ? 0 : size;
        int blue = 2 * green;
        int opacity = (channels - 1) * size;
        int end = at + width * channels * size;
        for (int i = at; i < end; i += channels * size) {
            int alpha = samples[i + opacity] & 0xff;
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
