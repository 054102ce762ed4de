package io.ugatit.image.jpeg;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The bits of a scan of Huffman codes (ITU-T T.81, F.2.2). Whatever libjpeg warns of as damage is an exception: codes that are none, data
 * that ends before its blocks do, restart markers that are missing.
 *
 * <p>A window of the data is kept without the zeros that follow bytes of ones, so that bits are filled up without a question.
 */
class EntropyBits {
    /** Reads the data eight bytes at a time. */
    static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final long EACH_LOW = 0x0101010101010101L;
    private static final long EACH_HIGH = 0x8080808080808080L;

    /** The bytes of a unit at most, and of what is filled ahead: 32 blocks of 64 codes with values, of 31 bits, and 63 refining bits. */
    private static final int UNIT = 32 * (64 * 31 + 63) / 8 + 16;
    private static final int WINDOW = 1 << 16;

    private final byte[] file;
    /** Where in the file the data goes on behind the window. */
    private int at;
    /** The window; zeros follow where the data ends. */
    final byte[] data;
    /** Where in it the bits go on. */
    int next;
    /** Where in it the data ends. */
    private int end;
    /** Behind this it has had nothing but zeros yet. */
    private int written;
    /** Behind this the window is moved, or the data has ended. */
    private int limit;
    private boolean isLast;
    /** The next bits, from the highest down. */
    long bits;
    /** How many of them are there, at least. */
    int count;
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
        data = new byte[Math.min(file.length - at, WINDOW) + UNIT];
        move();
    }

    /** The bytes that are taken at most. */
    static long windowBytes() {
        return WINDOW + UNIT;
    }

    /**
     * Reads a difference of first coefficients.
     *
     * @throws IOException if no code begins so
     */
    final int difference(HuffmanTable dc) throws IOException {
        fill();
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
     * Refuses blocks that were not in the data: to be called behind each unit.
     *
     * @throws IOException if the data ended before what was read from it
     */
    final void requireData() throws IOException {
        if (next > limit) {
            if (isLast && 8L * next - count > 8L * end) {
                throw new IOException("premature end of data segment");
            }
            if (!isLast) {
                move();
            }
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
        next = 0;
        end = 0;
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
        move();
    }

    /**
     * Refuses a scan that is followed by anything but metadata, the number of lines and the end, behind a restart marker at most. That
     * nothing follows leaves the pixels whole.
     *
     * @throws IOException if the next marker is another one
     */
    public void finish() throws IOException {
        int marker = marker();
        if (marker == 0xd0 + (restarts & 7) && (at + 2 >= file.length || file[at + 2] == (byte) 0xff)) { // one that restarts nothing
            at += 2;
            marker = marker();
        }
        while (marker != 0 && marker != 0xd9) {
            boolean isMetadata = marker >= 0xe0 && marker <= 0xef || marker == 0xfe || marker == 0xdc; // of lines the frame has said
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

    /** Makes at least 56 bits available, after the end of the data zeros. */
    final void fill() {
        bits |= (long) LONG.get(data, next) >>> count; // bits beyond the whole bytes are or-ed in again with the next filling
        next += (63 - count) >> 3;
        count |= 56;
    }

    /** Moves the window on to what is not read yet. */
    private void move() {
        end -= next;
        System.arraycopy(data, next, data, 0, end);
        next = 0;
        isLast = false;
        int most = data.length - UNIT;
        while (!isLast && end < most) {
            if (at + 8 <= file.length && end + 8 <= most && isWithoutOnes((long) LONG.get(file, at))) {
                LONG.set(data, end, (long) LONG.get(file, at));
                at += 8;
                end += 8;
            } else {
                isLast = !takeByte();
            }
        }
        isLast |= at == file.length;
        limit = isLast ? end : end - UNIT;
        if (isLast && end < written) {
            Arrays.fill(data, end, written, (byte) 0);
            written = end;
        }
        written = Math.max(written, end);
    }

    private static boolean isWithoutOnes(long eight) {
        long inverted = ~eight;
        return ((inverted - EACH_LOW) & ~inverted & EACH_HIGH) == 0;
    }

    /** Takes a byte into the window; gives whether there was one before a marker and the file's end. */
    private boolean takeByte() {
        if (at == file.length) {
            return false;
        }
        int after = at + 1;
        if (file[at] == (byte) 0xff) {
            while (after < file.length && file[after] == (byte) 0xff) {
                after++;
            }
            if (after == file.length || file[after] != 0) {
                return false;
            }
            after++;
        }
        data[end] = file[at];
        end++;
        at = after;
        return true;
    }
}
