package io.ugatit.input;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.ZipException;

/**
 * A block of 512 bytes that begins a member of a tar archive: POSIX ustar, and GNU's and the older kind. See POSIX.1-2017, pax, "ustar
 * Interchange Format", and the GNU tar manual, "Basic Tar Format".
 *
 * @param type the kind of member, one character: {@code 0} is a regular file
 * @param name as in the header, where longer ones are cut off
 * @param size bytes of data that follow, from 0
 * @param link where a link leads
 */
record TarHeader(char type, byte[] name, long size, byte[] link) {
    static final int BLOCK = 512;

    private static final int CHECKSUM = 148;

    /** Whether a block is nothing but zeros, as those after the last member are. */
    static boolean isEnd(byte[] block) {
        for (byte b : block) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * Reads a block.
     *
     * @throws ZipException if it is no header
     */
    static TarHeader parse(byte[] block) throws ZipException {
        long unsigned = 0;
        long signed = 0;
        for (int i = 0; i < BLOCK; i++) {
            byte b = i >= CHECKSUM && i < CHECKSUM + 8 ? (byte) ' ' : block[i];
            unsigned += b & 0xff;
            signed += b;
        }
        long stated = number(block, CHECKSUM, 8);
        if (stated != unsigned && stated != signed) { // old programs added signed bytes
            throw new ZipException("no tar header where one must be");
        }
        char type = block[156] == 0 ? '0' : (char) (block[156] & 0xff);
        byte[] name = text(block, 0, 100);
        boolean posix = new String(block, 257, 6, StandardCharsets.ISO_8859_1).equals("ustar\0");
        if (posix && block[345] != 0) {
            byte[] prefix = text(block, 345, 155);
            byte[] whole = Arrays.copyOf(prefix, prefix.length + 1 + name.length);
            whole[prefix.length] = '/';
            System.arraycopy(name, 0, whole, prefix.length + 1, name.length);
            name = whole;
        }
        boolean folder = type == '0' && name.length > 0 && name[name.length - 1] == '/'; // as before POSIX
        // links to names, devices, folders and pipes have no data, whatever their size says
        long size = type >= '2' && type <= '6' ? 0 : number(block, 124, 12);
        return new TarHeader(folder ? '5' : type, name, size, text(block, 157, 100));
    }

    /** The size with what fills its last block. */
    static long padded(long size) {
        return (size + BLOCK - 1) / BLOCK * BLOCK;
    }

    /** Octal digits, or with the first bit set binary. */
    private static long number(byte[] block, int at, int count) throws ZipException {
        if ((block[at] & 0x80) != 0) {
            long value = block[at] & 0x7f;
            for (int i = at + 1; i < at + count; i++) {
                if (value > Long.MAX_VALUE >> 8) {
                    throw new ZipException("a tar header with a number that is too large");
                }
                value = value << 8 | block[i] & 0xff;
            }
            return value;
        }
        String digits = new String(text(block, at, count), StandardCharsets.ISO_8859_1).strip();
        if (!digits.matches("[0-7]{0,12}")) {
            throw new ZipException("no tar header where one must be");
        }
        return digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
    }

    /** Up to a zero. */
    private static byte[] text(byte[] block, int at, int count) {
        int end = at;
        while (end < at + count && block[end] != 0) {
            end++;
        }
        return Arrays.copyOfRange(block, at, end);
    }
}
