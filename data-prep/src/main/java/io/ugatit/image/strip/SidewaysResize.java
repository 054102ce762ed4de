package io.ugatit.image.strip;

/**
 * As {@link StripResize} for images that lie on their sides, of which Pillow resizes the stored columns first: the last few rows are kept
 * in their whole width, and each row of the result becomes narrow when it is there, eight at a time. Needs {@link WideVectors}.
 */
public final class SidewaysResize implements ResizedStrips {
    /** Columns that are kept at a time, so few that they stay in the cache. */
    private static final int BLOCK = 64;

    private final int left;
    private final int width;
    private final int height;
    private final RowSums sums;
    /** From a colour of a row to the next. */
    private final int stride;
    private final int[][] strip;
    private final Narrowing narrowing;
    private final byte[] rgb;
    private int y;

    /**
     * Begins a resize.
     *
     * @param left the part's first column, as stored
     * @param top the part's first row, as stored
     * @param horizontal weights of the part's columns, as stored
     * @param vertical weights of the part's rows, as stored
     */
    public SidewaysResize(int left, int top, Weights horizontal, Weights vertical) {
        this.left = left;
        width = horizontal.end();
        height = vertical.end();
        stride = stride(width);
        sums = new RowSums(vertical, 3 * stride, ROWS);
        strip = new int[3][ROWS * width];
        narrowing = new Narrowing(0, horizontal);
        rgb = new byte[3 * narrowing.width() * vertical.first().length];
        y = -top;
    }

    /** The bytes that a resize takes, its result and its weights included; all sizes as stored. */
    public static long bytes(int width, int height, int outWidth, int outHeight) {
        return 3L * outWidth * outHeight + (long) Integer.BYTES * ROWS * (Narrowing.stride(outWidth) + 3L * width)
                + RowSums.bytes(height, outHeight, 3L * stride(width), ROWS)
                + Weights.bytes(width, outWidth) + Weights.bytes(height, outHeight);
    }

    private static int stride(int width) {
        return (width + ROWS - 1) / ROWS * ROWS;
    }

    @Override
    public void take(int[] red, int[] green, int[] blue, int count) {
        if (y + count > 0 && y < height) {
            int from = Math.max(0, -y);
            int end = Math.min(count, height - y);
            keep(red, 0, from, end);
            keep(green, stride, from, end);
            keep(blue, 2 * stride, from, end);
            for (int r = from; r < end; r++) {
                while (sums.next(y + r)) {
                    collect(sums.done() - 1);
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

    private void keep(int[] colour, int offset, int from, int end) {
        int[] rows = sums.rows();
        for (int x = 0; x < width; x += BLOCK) {
            for (int r = from; r < end; r++) {
                int to = sums.at(y + r) + offset + x;
                int i = ROWS * (left + x) + r;
                for (int o = to; o < to + Math.min(BLOCK, width - x); o++) {
                    rows[o] = colour[i];
                    i += ROWS;
                }
            }
        }
    }

    /** Puts a row of the result into the strip, and makes that narrow if it is full or there are no more. */
    private void collect(int row) {
        int[] samples = sums.sums();
        int r = row % ROWS;
        for (int c = 0; c < 3; c++) {
            int[] colour = strip[c];
            int i = c * stride;
            for (int o = r; o < colour.length; o += ROWS) {
                colour[o] = samples[i++];
            }
        }
        if (r == ROWS - 1 || sums.isComplete()) {
            int[] narrow = narrowing.apply(strip[0], strip[1], strip[2]);
            int length = 3 * narrowing.width();
            for (int s = 0; s <= r; s++) {
                int to = (row - r + s) * length;
                for (int i = 0; i < length; i++) {
                    rgb[to + i] = (byte) narrow[ROWS * i + s];
                }
            }
        }
    }
}
