package io.ugatit.image.jpeg;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The bits of a scan of Huffman codes (ITU-T T.81, F.2.2). Whatever libjpeg warns of as damage is an exception: codes that are none, data
 * that ends before its blocks do, restart markers that are missing.
 */
class EntropyBits {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final long EACH_LOW = 0x0101010101010101L;
    private static final long EACH_HIGH = 0x8080808080808080L;

    /** A code of 16 bits and a value of 15 bits are there after each filling. */
    static final int ENOUGH = 32;

    private final byte[] file;
    private int at;
    /** The next bits, from the highest down. */
    long bits;
    /** How many of them are there, with {@link #padding}. */
    int count;
    /** How many zeros stand for data that has ended. */
    private int padding;
    private int restarts;

    /**
     * Begins to read.
     *
     * @param file the whole file
     * @param at where the scan's data begins
     */
    EntropyBits(byte[] file, int at) {
        this.file = file;
        this.at = at;
    }

    /**
     * Reads a difference of first coefficients.
     *
     * @throws IOException if no code begins so
     */
    final int difference(HuffmanTable dc) throws IOException {
        if (count < ENOUGH) {
            fill();
        }
        int entry = dc.entry(bits);
        skip(entry & HuffmanTable.LENGTH_MASK);
        return entry >> HuffmanTable.VALUE_SHIFT;
    }

    /** Goes on behind so many bits, which are there. */
    final void skip(int length) {
        bits <<= length;
        count -= length;
    }

    /**
     * Refuses blocks that were not in the data: to be called now and then.
     *
     * @throws IOException if the data ended before what was read from it
     */
    void requireData() throws IOException {
        if (count < padding) {
            throw new IOException("premature end of data segment");
        }
    }

    /**
     * Goes on behind the next restart marker.
     *
     * @throws IOException if the next marker is another one
     */
    void restart() throws IOException {
        bits = 0;
        count = 0;
        padding = 0;
        int marker = marker();
        if (marker == 0) {
            throw new IOException("premature end of file");
        }
        int expected = restarts & 7;
        if (marker != 0xd0 + expected) {
            throw new IOException("found marker 0x" + Integer.toHexString(marker) + " instead of RST" + expected);
        }
        at += 2;
        restarts++;
    }

    /**
     * Refuses a scan that is followed by anything but metadata and the end. That nothing follows leaves the pixels whole.
     *
     * @throws IOException if the next marker is another one
     */
    public void finish() throws IOException {
        int marker = marker();
        while (marker != 0 && marker != 0xd9) {
            boolean isMetadata = marker >= 0xe0 && marker <= 0xef || marker == 0xfe;
            int length = at + 3 < file.length ? (file[at + 2] & 0xff) << 8 | file[at + 3] & 0xff : 2;
            if (!isMetadata || length < 2) {
                throw new IOException("found marker 0x" + Integer.toHexString(marker) + " behind the last block");
            }
            at += 2 + length;
            marker = marker();
        }
    }

    /** Goes to the next marker; gives its low byte, 0 if there is none. */
    private int marker() {
        while (at + 1 < file.length && (file[at] != (byte) 0xff || file[at + 1] == 0 || file[at + 1] == (byte) 0xff)) {
            at++;
        }
        return at + 1 < file.length ? file[at + 1] & 0xff : 0;
    }

    /** Makes at least {@link #ENOUGH} bits available, after the end of the data zeros. */
    final void fill() {
        if (at + 8 <= file.length) {
            long data = (long) LONG.get(file, at);
            long ones = ~data;
            if (((ones - EACH_LOW) & ~ones & EACH_HIGH) == 0) { // no byte is 0xff
                bits |= data >>> count; // bits beyond the whole bytes are or-ed in again with the next filling
                at += (63 - count) >> 3;
                count |= 56;
                return;
            }
        }
        while (count <= 56 && at < file.length) {
            int value = file[at] & 0xff;
            int after = at + 1;
            if (value == 0xff) {
                while (after < file.length && file[after] == (byte) 0xff) {
                    after++;
                }
                if (after == file.length || file[after] != 0) {
                    break; // a marker, or the end
                }
                after++;
            }
            bits |= (long) value << (56 - count);
            count += 8;
            at = after;
        }
        if (count < ENOUGH) {
            padding += 64 - count;
            count = 64;
        }
    }
}
