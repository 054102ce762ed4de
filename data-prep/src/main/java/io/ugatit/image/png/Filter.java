package io.ugatit.image.png;

import java.io.IOException;

/** What PNG makes of a row before it is compressed, so that it gets shorter (Portable Network Graphics, section 9). */
final class Filter {
    private Filter() {}

    /**
     * Turns a row into samples again.
     *
     * @param rows holds the row and, directly before it, the one above it, whose samples are there already
     * @param row where the row begins, with the number of its filter
     * @param stride a row's length, with that number
     * @param distance bytes from a sample to the one left of it
     * @throws IOException if there is no such filter
     */
    static void undo(byte[] rows, int row, int stride, int distance) throws IOException {
        int from = row + 1;
        int end = row + stride;
        switch (rows[row]) {
            case 0 -> {}
            case 1 -> left(rows, from + distance, end, distance);
            case 2 -> above(rows, from, end, stride);
            case 3 -> mean(rows, from, end, stride, distance);
            case 4 -> paeth(rows, from, end, stride, distance);
            default -> throw new IOException("no filter has the number " + (rows[row] & 0xff));
        }
    }

    private static void left(byte[] rows, int from, int end, int distance) {
        for (int i = from; i < end; i++) {
            rows[i] += rows[i - distance];
        }
    }

    private static void above(byte[] rows, int from, int end, int stride) {
        for (int i = from; i < end; i++) {
            rows[i] += rows[i - stride];
        }
    }

    private static void mean(byte[] rows, int from, int end, int stride, int distance) {
        for (int i = from; i < from + distance; i++) {
            rows[i] += (byte) ((rows[i - stride] & 0xff) >> 1);
        }
        for (int i = from + distance; i < end; i++) {
            rows[i] += (byte) ((rows[i - stride] & 0xff) + (rows[i - distance] & 0xff) >> 1);
        }
    }

    private static void paeth(byte[] rows, int from, int end, int stride, int distance) {
        above(rows, from, from + distance, stride); // which is the nearest where nothing is left of it
        for (int i = from + distance; i < end; i++) {
            int left = rows[i - distance] & 0xff;
            int above = rows[i - stride] & 0xff;
            int corner = rows[i - stride - distance] & 0xff;
            int toLeft = Math.abs(above - corner);
            int toAbove = Math.abs(left - corner);
            int toCorner = Math.abs(left + above - 2 * corner);
            int aboveOrCorner = toAbove <= toCorner ? above : corner;
            rows[i] += (byte) (toLeft <= Math.min(toAbove, toCorner) ? left : aboveOrCorner);
        }
    }
}
