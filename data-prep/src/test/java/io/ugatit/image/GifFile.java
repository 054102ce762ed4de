package io.ugatit.image;

import java.io.ByteArrayOutputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/**
 * Writes GIFs of any kind: with few bits a colour, interlaced, in blocks of any length, with a table that stays full.
 *
 * @param width columns
 * @param height rows
 * @param bits of a colour, 2 to 8
 * @param interlaced whether rows are
 * @param blocks gives the blocks' lengths
 * @param clears whether a full table is cleared; else it stays as it is
 */
record GifFile(int width, int height, int bits, boolean interlaced, Random blocks, boolean clears) {
    private static final int MOST_CODES = 4096;

    /** A file whose colour of number n is n, 2n and 255 - n. */
    byte[] of(byte[] numbers) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes("GIF89a".getBytes());
        shorts(out, width, height);
        out.writeBytes(new byte[] {(byte) (0x80 | bits - 1), 0, 0});
        for (int n = 0; n < 1 << bits; n++) {
            out.writeBytes(new byte[] {(byte) n, (byte) (2 * n), (byte) (255 - n)});
        }
        out.write(',');
        shorts(out, 0, 0, width, height);
        out.write(interlaced ? 0x40 : 0);
        out.write(bits);
        byte[] data = compressed(stored(numbers));
        for (int at = 0; at < data.length;) {
            int length = Math.min(data.length - at, 1 + blocks.nextInt(blocks.nextBoolean() ? 4 : 255));
            out.write(length);
            out.write(data, at, length);
            at += length;
        }
        out.write(0);
        out.write(';');
        return out.toByteArray();
    }

    private static void shorts(ByteArrayOutputStream out, int... values) {
        for (int value : values) {
            out.write(value);
            out.write(value >> 8);
        }
    }

    private byte[] stored(byte[] numbers) {
        if (!interlaced) {
            return numbers;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int[] pass : new int[][] {{0, 8}, {4, 8}, {2, 4}, {1, 2}}) {
            for (int y = pass[0]; y < height; y += pass[1]) {
                out.write(numbers, y * width, width);
            }
        }
        return out.toByteArray();
    }

    private byte[] compressed(byte[] numbers) {
        BitsOut out = new BitsOut();
        int clear = 1 << bits;
        Map<String, Integer> table = new HashMap<>();
        int size = bits + 1;
        int next = clear + 2;
        out.write(clear, size);
        String known = "";
        for (byte number : numbers) {
            String longer = known + (char) (number & 0xff);
            if (longer.length() == 1 || table.containsKey(longer)) {
                known = longer;
                continue;
            }
            out.write(code(table, known), size);
            if (next < MOST_CODES) {
                table.put(longer, next++);
                size += next > 1 << size && size < 12 ? 1 : 0;
            } else if (clears) {
                out.write(clear, size);
                table.clear();
                next = clear + 2;
                size = bits + 1;
            }
            known = longer.substring(longer.length() - 1);
        }
        out.write(code(table, known), size);
        size += next == 1 << size && size < 12 ? 1 : 0;
        out.write(clear + 1, size);
        return out.bytes();
    }

    private static int code(Map<String, Integer> table, String known) {
        return known.length() == 1 ? known.charAt(0) : table.get(known);
    }

    /** Bits from the lowest on. */
    private static final class BitsOut {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private int held;
        private int count;

        void write(int value, int size) {
            held |= value << count;
            count += size;
            while (count >= 8) {
                bytes.write(held);
                held >>>= 8;
                count -= 8;
            }
        }

        byte[] bytes() {
            if (count > 0) {
                bytes.write(held);
            }
            return bytes.toByteArray();
        }
    }
}
