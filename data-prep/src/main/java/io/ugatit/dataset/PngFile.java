package io.ugatit.dataset;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Encodes RGB pixels as a PNG whose rows have the filter that leaves the least sum of magnitudes, as libpng does: photographs take a third
 * less than with ImageIO's writer. The bytes depend on the pixels and on the zlib of the JVM.
 */
final class PngFile {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    private static final int FILTERS = 5;
    private static final int LEVEL = 6;

    private PngFile() {}

    static byte[] encode(int width, int height, byte[] rgb) {
        ByteArrayOutputStream file = new ByteArrayOutputStream(rgb.length / 2);
        file.writeBytes(SIGNATURE);
        // 8 bits a sample, RGB, the only compression and filters there are, not interlaced
        chunk(file, "IHDR", ByteBuffer.allocate(13).putInt(width).putInt(height).put(new byte[] {8, 2, 0, 0, 0}).array(), 13);
        byte[] filtered = filter(width, height, rgb);
        Deflater deflater = new Deflater(LEVEL);
        try {
            deflater.setStrategy(Deflater.FILTERED);
            deflater.setInput(filtered);
            deflater.finish();
            byte[] deflated = new byte[filtered.length + filtered.length / 1000 + 64]; // zlib's bound is less
            int length = 0;
            while (!deflater.finished()) { // the first call may do no more than set the strategy
                length += deflater.deflate(deflated, length, deflated.length - length);
            }
            chunk(file, "IDAT", deflated, length);
        } finally {
            deflater.end();
        }
        chunk(file, "IEND", new byte[0], 0);
        return file.toByteArray();
    }

    /** Each row with the number of its filter before it. */
    private static byte[] filter(int width, int height, byte[] rgb) {
        int stride = 3 * width;
        byte[] filtered = new byte[(stride + 1) * height];
        byte[] above = new byte[stride];
        byte[] row = new byte[stride];
        byte[] candidate = new byte[stride];
        for (int y = 0; y < height; y++) {
            System.arraycopy(rgb, y * stride, row, 0, stride);
            int to = y * (stride + 1);
            long least = Long.MAX_VALUE;
            for (int filter = 0; filter < FILTERS; filter++) {
                long sum = apply(filter, row, above, candidate);
                if (sum < least) {
                    least = sum;
                    filtered[to] = (byte) filter;
                    System.arraycopy(candidate, 0, filtered, to + 1, stride);
                }
            }
            byte[] done = above;
            above = row;
            row = done;
        }
        return filtered;
    }

    /** Filters a row, and gives the sum of what is left, taken as signed bytes. */
    private static long apply(int filter, byte[] row, byte[] above, byte[] to) {
        long sum = 0;
        for (int i = 0; i < row.length; i++) {
            int left = i < 3 ? 0 : row[i - 3] & 0xff;
            int up = above[i] & 0xff;
            int guess = switch (filter) {
                case 0 -> 0;
                case 1 -> left;
                case 2 -> up;
                case 3 -> left + up >> 1;
                default -> paeth(left, up, i < 3 ? 0 : above[i - 3] & 0xff);
            };
            to[i] = (byte) (row[i] - guess);
            sum += Math.abs(to[i]);
        }
        return sum;
    }

    /** Of left, above and the corner between them that which is nearest to left + above - corner. */
    private static int paeth(int left, int up, int corner) {
        int toLeft = Math.abs(up - corner);
        int toUp = Math.abs(left - corner);
        int toCorner = Math.abs(left + up - 2 * corner);
        return toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner;
    }

    private static void chunk(ByteArrayOutputStream file, String name, byte[] content, int length) {
        byte[] head = ByteBuffer.allocate(8).putInt(length).put(name.getBytes(StandardCharsets.ISO_8859_1)).array();
        CRC32 checksum = new CRC32();
        checksum.update(head, Integer.BYTES, 4);
        checksum.update(content, 0, length);
        file.writeBytes(head);
        file.write(content, 0, length);
        file.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt((int) checksum.getValue()).array());
    }
}
