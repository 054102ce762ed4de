package io.ugatit.image.strip;

/**
 * Pillow's antialiased bilinear resize of a part of an image, byte for byte, while its strips come: each row becomes as wide as the result
 * is, rounded to 8 bits, and the last few of these rows are kept for the result's next row. Needs {@link WideVectors}.
 */
public final class StripResize implements ResizedStrips {
    private final int height;
    private final Narrowing narrowing;
    private final RowSums sums;
    private final int stride;
    private final byte[] rgb;
    private int y;

    /**
     * Begins a resize.
     *
     * @param left the part's first column
     * @param top the part's first row
     * @param horizontal weights of the part's columns
     * @param vertical weights of the part's rows
     */
    public StripResize(int left, int top, Weights horizontal, Weights vertical) {
        height = vertical.end();
        narrowing = new Narrowing(left, horizontal);
        stride = Narrowing.stride(narrowing.width());
        sums = new RowSums(vertical, stride, 0);
        rgb = new byte[3 * narrowing.width() * vertical.first().length];
        y = -top;
    }

    /** Whether arrays are long enough for a resize of a whole image by strips; {@link Strips#of} included. */
    public static boolean isPossible(int width, int height, int outWidth, int outHeight) {
        long longest = Math.max((long) ROWS * width, bytes(width, height, outWidth, outHeight) / Integer.BYTES);
        return longest < Integer.MAX_VALUE - 8;
    }

    /** The bytes that a resize takes, its result and its weights included. */
    public static long bytes(int width, int height, int outWidth, int outHeight) {
        int stride = Narrowing.stride(outWidth);
        return 3L * outWidth * outHeight + (long) Integer.BYTES * ROWS * stride + RowSums.bytes(height, outHeight, stride, 0)
                + Weights.bytes(width, outWidth) + Weights.bytes(height, outHeight);
    }

    @Override
    public void take(int[] red, int[] green, int[] blue, int count) {
        if (y + count > 0 && y < height) {
            int[] narrow = narrowing.apply(red, green, blue);
            for (int r = Math.max(0, -y); r < Math.min(count, height - y); r++) {
                keep(narrow, r);
                while (sums.next(y + r)) {
                    put(sums.done() - 1);
                }
            }
        }
        y += count;
    }

    @Override
    public byte[] rgb() {
        if (!sums.isComplete()) {
            throw new IllegalStateException("of " + height + " rows only " + Math.max(0, y) + " have come");
        }
        return rgb;
    }

    private void keep(int[] narrow, int r) {
        int[] rows = sums.rows();
        int to = sums.at(y + r);
        int i = r;
        for (int o = to; o < to + stride; o++) {
            rows[o] = narrow[i];
            i += ROWS;
        }
    }

    private void put(int row) {
        int[] samples = sums.sums();
        int length = 3 * narrowing.width();
        int to = row * length;
        for (int i = 0; i < length; i++) {
            rgb[to + i] = (byte) samples[i];
        }
    }
}
