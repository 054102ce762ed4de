package io.ugatit.weights;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/** A good file's bytes, and what broken disks, broken downloads and bad intentions make of them. */
final class MangledFile {
    private static final long[] LIES = {0, 1, -1, 0x7fffffffL, 0x80000000L, 0xffffffffL, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 40, 1L << 33};
    /** Opcodes of pickles, the harmless and the others. */
    private static final int[] OPCODES = {'.', '(', 'N', 'K', 'M', 'J', 'X', '}', ']', ')', 't', 'a', 'e', 's', 'u', 'q', 'r', 'h', 'j', 'c', 'R', 'Q', 'b',
        'i', 'o', 'I', 'L', 'F', 'S', 'V', 'P', 'B', 'C', '0', '1', '2', 'p', 'g', 'G', 0x80, 0x81, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x8b, 0x8c, 0x8d,
        0x8e, 0x8f, 0x90, 0x91, 0x92, 0x93, 0x94, 0x95, 0x96};

    private final byte[] whole;
    private final int[][] structure;

    /**
     * @param whole a good file
     * @param structure the parts that are no numbers of tensors, each from its first byte to the one after its last: lies pay off there
     */
    MangledFile(byte[] whole, int[]... structure) {
        this.whole = whole;
        this.structure = structure;
    }

    /** Another bad file: a few changes of the good one. */
    byte[] next(Random random) {
        byte[] bytes = whole.clone();
        for (int changes = 1 + random.nextInt(3); changes > 0 && bytes.length > 16; changes--) {
            bytes = changed(bytes, random);
        }
        return bytes;
    }

    private byte[] changed(byte[] bytes, Random random) {
        int at = place(bytes, random);
        int length = Math.min(1 + random.nextInt(1 << random.nextInt(12)), bytes.length - at);
        switch (random.nextInt(9)) {
            case 0 -> {
                return Arrays.copyOf(bytes, at);
            }
            case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            case 2 -> bytes[at] = (byte) random.nextInt(256);
            case 3 -> bytes[at] = (byte) OPCODES[random.nextInt(OPCODES.length)];
            case 4 -> {
                ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
                long lie = LIES[random.nextInt(LIES.length)];
                if (random.nextBoolean() && at + 8 <= bytes.length) {
                    buffer.putLong(at, lie);
                } else if (at + 4 <= bytes.length) {
                    buffer.putInt(at, (int) lie);
                }
            }
            case 5 -> {
                return spliced(bytes, at, at + length, new byte[0]);
            }
            case 6 -> {
                return spliced(bytes, at, at, Arrays.copyOfRange(bytes, at, at + length));
            }
            case 7 -> {
                int from = place(bytes, random);
                System.arraycopy(bytes, from, bytes, at, Math.min(length, bytes.length - from));
            }
            default -> { // a digit of a header, or the end of a word
                if (bytes[at] >= '0' && bytes[at] <= '9') {
                    return spliced(bytes, at, at + 1, Long.toString(LIES[random.nextInt(LIES.length)]).getBytes(StandardCharsets.US_ASCII));
                }
                byte[] noise = new byte[length];
                random.nextBytes(noise);
                return spliced(bytes, at, at, noise);
            }
        }
        return bytes;
    }

    private int place(byte[] bytes, Random random) {
        int at = random.nextInt(bytes.length);
        if (random.nextInt(8) > 0) {
            int[] part = structure[random.nextInt(structure.length)];
            at = part[0] + random.nextInt(part[1] - part[0]);
        }
        return Math.min(at, bytes.length - 1);
    }

    private static byte[] spliced(byte[] bytes, int from, int to, byte[] between) {
        byte[] result = Arrays.copyOf(bytes, from + between.length + bytes.length - to);
        System.arraycopy(between, 0, result, from, between.length);
        System.arraycopy(bytes, to, result, from + between.length, bytes.length - to);
        return result;
    }
}
