package io.ugatit.tensor.cpu.pass;

import java.nio.ByteBuffer;

/** Nearest-neighbour upsampling by two of a row of pixels, and its gradient. Offsets are in bytes. */
public final class Upsampling {
    private Upsampling() { }

    /** Writes every pixel of a row twice. */
    public static void doubleRow(ByteBuffer x, int from, int width, int lanes, ByteBuffer out, int to) {
        if (lanes == 1) {
            for (int j = 0; j < width; j++) {
                float value = x.getFloat(from + j * Float.BYTES);
                out.putFloat(to + 2 * j * Float.BYTES, value);
                out.putFloat(to + (2 * j + 1) * Float.BYTES, value);
            }
        } else {
            int pixel = lanes * Float.BYTES;
            for (int j = 0; j < width; j++) {
                var value = VectorRows.load(x, from + j * pixel);
                VectorRows.store(value, out, to + 2 * j * pixel);
                VectorRows.store(value, out, to + (2 * j + 1) * pixel);
            }
        }
    }

    /** Sums the four pixels that each pixel became. */
    public static void sumRows(ByteBuffer dOut, int upper, int lower, int width, int lanes, ByteBuffer dx, int to) {
        if (lanes == 1) {
            for (int j = 0; j < width; j++) {
                int left = 2 * j * Float.BYTES;
                int right = left + Float.BYTES;
                dx.putFloat(to + j * Float.BYTES, dOut.getFloat(upper + left) + dOut.getFloat(upper + right) + dOut.getFloat(lower + left)
                        + dOut.getFloat(lower + right));
            }
        } else {
            int pixel = lanes * Float.BYTES;
            for (int j = 0; j < width; j++) {
                int left = 2 * j * pixel;
                int right = left + pixel;
                var above = VectorRows.load(dOut, upper + left).add(VectorRows.load(dOut, upper + right));
                var below = VectorRows.load(dOut, lower + left).add(VectorRows.load(dOut, lower + right));
                VectorRows.store(above.add(below), dx, to + j * pixel);
            }
        }
    }
}
