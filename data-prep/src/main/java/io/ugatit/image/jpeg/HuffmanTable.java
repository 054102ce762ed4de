package io.ugatit.image.jpeg;

import java.io.IOException;
import java.util.Arrays;

/**
 * A Huffman code of a JPEG (ITU-T T.81, annex C and F.2.2). A symbol says in its low four bits how many bits of a value follow. The first
 * bits of the data are looked up at once: where code and value are not longer, the value is in the table too.
 */
final class HuffmanTable {
    /** How many bits are looked up at once. */
    static final int LOOKUP_BITS = 11;

    /** What the eight tables take that a JPEG may have. */
    static final long ALL_BYTES = 8L * Integer.BYTES << LOOKUP_BITS;

    /** An entry's low bits: how many bits code and value have; 0 if the code has more than were looked up. */
    static final int LENGTH_MASK = 0x3f;

    /** Where an entry has the symbol's high four bits, of four: how many zeros come before the value. */
    static final int RUN_SHIFT = 6;

    /** Where an entry has how many of the last bits are a value that is not in the entry, of four; 0 if it is. */
    private static final int REST_SHIFT = 10;

    /** Set in the entries that are not a code with its value, other than zero: one question instead of three. */
    static final int SPECIAL = 1 << 14;

    /** Where an entry has the value, signed. */
    static final int VALUE_SHIFT = 16;

    private static final int LONGEST_CODE = 16;

    /** What the first {@link #LOOKUP_BITS} bits say. */
    final int[] lookup = new int[1 << LOOKUP_BITS];

    /** Per length the first number, left-aligned to 16 bits, that is beyond the codes of that length; at the end one beyond all. */
    private final int[] beyond = new int[LONGEST_CODE + 2];
    /** Per length what turns a code into its symbol's index. */
    private final int[] offset = new int[LONGEST_CODE + 1];
    private final byte[] symbols;

    /**
     * Makes the table.
     *
     * @param file holds the table
     * @param at where its 16 numbers of codes per length are, with the symbols behind them; {@link #isCode} is true of it
     */
    HuffmanTable(byte[] file, int at) {
        symbols = Arrays.copyOfRange(file, at + LONGEST_CODE, at + size(file, at));
        Arrays.fill(lookup, SPECIAL);
        int code = 0;
        int index = 0;
        for (int length = 1; length <= LONGEST_CODE; length++) {
            offset[length] = index - code;
            for (int i = file[at + length - 1] & 0xff; i > 0; i--) {
                enter(code, length, symbols[index] & 0xff);
                code++;
                index++;
            }
            beyond[length] = code << (LONGEST_CODE - length);
            code <<= 1;
        }
        beyond[LONGEST_CODE + 1] = Integer.MAX_VALUE;
    }

    /**
     * Whether a file holds a table that libjpeg takes: not more codes than there can be, none of ones only, and no DC differences of more
     * than 15 bits.
     *
     * @param file holds the table
     * @param at where it is; 16 bytes at least are there
     * @param end before this it must end
     * @param isDc whether its symbols are sizes of DC differences
     */
    static boolean isCode(byte[] file, int at, int end, boolean isDc) {
        int symbolsEnd = at + size(file, at);
        boolean isCode = symbolsEnd <= end && symbolsEnd - at <= LONGEST_CODE + 256;
        int code = 0;
        for (int length = 1; length <= LONGEST_CODE; length++) {
            code = (code << 1) + (file[at + length - 1] & 0xff);
            isCode &= code < 1 << length;
        }
        for (int i = at + LONGEST_CODE; i < symbolsEnd && isCode && isDc; i++) {
            isCode = (file[i] & 0xff) <= 15;
        }
        return isCode;
    }

    /** The bytes of a table in a file: the numbers of codes and the symbols. */
    static int size(byte[] file, int at) {
        int size = LONGEST_CODE;
        for (int i = 0; i < LONGEST_CODE; i++) {
            size += file[at + i] & 0xff;
        }
        return size;
    }

    private void enter(int code, int length, int symbol) {
        int free = LOOKUP_BITS - length;
        if (free < 0) {
            return;
        }
        int size = symbol & 15;
        int entry = symbol >> 4 << RUN_SHIFT | length + size;
        for (int next = 0; next < 1 << free; next++) {
            int value = size <= free ? extend(next >> (free - size), size) << VALUE_SHIFT : size << REST_SHIFT;
            lookup[(code << free) + next] = value | entry | (size == 0 || size > free ? SPECIAL : 0);
        }
    }

    /**
     * What the next bits say: code, zeros before the value, and value, as if the table looked up all bits of them.
     *
     * @param next the data's next bits, from the highest down; 32 at least
     * @throws IOException if no code begins so
     */
    int entry(long next) throws IOException {
        int entry = lookup[(int) (next >>> (64 - LOOKUP_BITS))];
        return (entry & SPECIAL) == 0 ? entry : special(entry, next);
    }

    /** The same for an entry that is {@link #SPECIAL}; the result is not. */
    int special(int entry, long next) throws IOException {
        int length = entry & LENGTH_MASK;
        int run = entry & 15 << RUN_SHIFT;
        int size = entry >> REST_SHIFT & 15;
        if (length == 0) {
            int symbol = decode((int) (next >>> 48));
            size = symbol & 15;
            run = (symbol >> 4 & 15) << RUN_SHIFT;
            length = (symbol >> 8) + size;
        }
        int value = size == 0 ? 0 : extend((int) (next << (length - size) >>> (64 - size)), size);
        return value << VALUE_SHIFT | run | length;
    }

    /**
     * Decodes a code of any length.
     *
     * @param next the data's next 16 bits
     * @return the symbol in the low eight bits and the code's length above them
     * @throws IOException if no code begins so
     */
    private int decode(int next) throws IOException {
        int length = 1;
        while (next >= beyond[length]) {
            length++;
        }
        if (length > LONGEST_CODE) {
            throw new IOException("bad Huffman code");
        }
        return length << 8 | symbols[(next >> (LONGEST_CODE - length)) + offset[length]] & 0xff;
    }

    /** A value of so many bits, of which those with a high bit of zero are negative (F.2.2.1). */
    private static int extend(int bits, int size) {
        return size == 0 || bits >> (size - 1) != 0 ? bits : bits + 1 - (1 << size);
    }
}
