package io.ugatit.image.strip;

import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Pillow's antialiased bilinear resize of a part of an image, byte for byte, while its strips come: each row becomes as wide as the result
 * is, rounded to 8 bits, and the last few of these rows are kept for the result's next row. Needs {@link WideVectors}.
 */
public final class StripResize implements Strips {
    private static final int BITS = Weights.PRECISION_BITS;

    private final int left;
    private final int top;
    private final int height;
    private final Weights horizontal;
    private final Weights vertical;
    /** From a row to the next: {@code 3 * outWidth}, made whole vectors. */
    private final int stride;
    private final byte[] rgb;
    /** A strip as wide as the result: interleaved R G B of ROWS samples each. */
    private final int[] narrow;
    /** The last rows as wide as the result, row y at {@code y % kept}. */
    private final int[] rows;
    private final int kept;
    /** Where the rows are that the result's next row draws from. */
    private final int[] from;
    private final int[] sums;
    private int y;
    private int done;

    /**
     * Begins a resize.
     *
     * @param left the part's first column
     * @param top the part's first row
     * @param width the part's columns
     * @param height the part's rows
     * @param outWidth columns wanted
     * @param outHeight rows wanted
     */
    public StripResize(int left, int top, int width, int height, int outWidth, int outHeight) {
        this.left = left;
        this.top = top;
        this.height = height;
        horizontal = Weights.triangle(width, outWidth);
        vertical = Weights.triangle(height, outHeight);
        stride = stride(outWidth);
        rgb = new byte[3 * outWidth * outHeight];
        narrow = new int[ROWS * stride];
        kept = vertical.longest();
        rows = new int[Math.multiplyExact(kept, stride)];
        from = new int[kept];
        sums = new int[stride];
        y = -top;
    }

    /** Whether arrays are long enough for a resize of a whole image by strips; {@link Strips#of} included. */
    public static boolean isPossible(int width, int height, int outWidth, int outHeight) {
        long longest = Math.max((long) ROWS * width, bytes(width, height, outWidth, outHeight) / Integer.BYTES);
        return longest < Integer.MAX_VALUE - 8;
    }

    /** The bytes that a resize takes, its result and its weights included. */
    public static long bytes(int width, int height, int outWidth, int outHeight) {
        long kept = Math.min(height, 2L * height / outHeight + 3);
        long weights = 3L * (width + height) + 12L * (outWidth + outHeight); // neighbours overlap by half
        return 3L * outWidth * outHeight + Integer.BYTES * ((3L * outWidth + ROWS) * (ROWS + kept + 1) + weights);
    }

    private static int stride(int outWidth) {
        return (3 * outWidth + ROWS - 1) / ROWS * ROWS;
    }

    @Override
    public void take(int[] red, int[] green, int[] blue, int count) {
        if (y + count > 0 && y < height) {
            narrow(red, green, blue);
            for (int r = Math.max(0, -y); r < Math.min(count, height - y); r++) {
                keep(r);
                finish(y + r);
            }
        }
        y += count;
    }

    /** The result, interleaved R G B, once all strips are there. Not copied. */
    public byte[] rgb() {
        if (done < vertical.first().length) {
            throw new IllegalStateException((y + top) + " rows are not the whole image");
        }
        return rgb;
    }

    private void narrow(int[] red, int[] green, int[] blue) {
        int[] first = horizontal.first();
        int o = 0;
        for (int x = 0; x < first.length; x++) {
            int i = ROWS * (left + first[x]);
            IntVector r = IntVector.broadcast(IntVector.SPECIES_256, Weights.HALF);
            IntVector g = r;
            IntVector b = r;
            for (int weight : horizontal.values()[x]) {
                r = r.add(IntVector.fromArray(IntVector.SPECIES_256, red, i).mul(weight));
                g = g.add(IntVector.fromArray(IntVector.SPECIES_256, green, i).mul(weight));
                b = b.add(IntVector.fromArray(IntVector.SPECIES_256, blue, i).mul(weight));
                i += ROWS;
            }
            r.lanewise(VectorOperators.ASHR, BITS).min(255).intoArray(narrow, o);
            g.lanewise(VectorOperators.ASHR, BITS).min(255).intoArray(narrow, o + ROWS);
            b.lanewise(VectorOperators.ASHR, BITS).min(255).intoArray(narrow, o + 2 * ROWS);
            o += 3 * ROWS;
        }
    }

    private void keep(int r) {
        int to = (y + r) % kept * stride;
        int i = r;
        for (int o = to; o < to + stride; o++) {
            rows[o] = narrow[i];
            i += ROWS;
        }
    }

    /** Makes the rows of the result for which a row was the last that was missing. */
    private void finish(int row) {
        int[] first = vertical.first();
        while (done < first.length && first[done] + vertical.values()[done].length - 1 <= row) {
            int[] weights = vertical.values()[done];
            for (int k = 0; k < weights.length; k++) {
                from[k] = (first[done] + k) % kept * stride;
            }
            sum(weights);
            int o = done * 3 * horizontal.first().length;
            int end = o + 3 * horizontal.first().length;
            for (int i = 0; o < end; i++) {
                rgb[o++] = (byte) sums[i];
            }
            done++;
        }
    }

    private void sum(int[] weights) {
        for (int i = 0; i < stride; i += ROWS) {
            IntVector sum = IntVector.broadcast(IntVector.SPECIES_256, Weights.HALF);
            for (int k = 0; k < weights.length; k++) {
                sum = sum.add(IntVector.fromArray(IntVector.SPECIES_256, rows, from[k] + i).mul(weights[k]));
            }
            sum.lanewise(VectorOperators.ASHR, BITS).min(255).intoArray(sums, i);
        }
    }
}
