package io.ugatit.input;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * What a gzip file holds, of one member or, as bgzip and pigz write them, of many, with the position in it. See RFC 1952. What follows the
 * last member and is none is passed over, as gzip does. Not thread-safe.
 *
 * <p>Java's own keeps names of any length and goes one call deeper for each empty member.
 */
final class GunzipInput extends InputStream {
    private static final int BUFFER = 1 << 16;
    private static final int DEFLATE = 8;
    private static final int HEADER_CRC = 1 << 1;
    private static final int EXTRA = 1 << 2;
    private static final int NAME = 1 << 3;
    private static final int COMMENT = 1 << 4;
    private static final int RESERVED = 0xe0;

    private final InputStream in;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 crc = new CRC32();
    private final byte[] buffer = new byte[BUFFER];
    private final byte[] skipped = new byte[BUFFER];
    /** The buffer's bytes that are not used yet. */
    private int next;
    private int end;
    private long position;
    private boolean ended;

    /**
     * @param in gzip from its start; closed with this
     * @throws ZipException if it does not begin as gzip does
     * @throws EOFException if it is cut off there
     */
    GunzipInput(InputStream in) throws IOException {
        this.in = in;
        if (!begins()) {
            throw new ZipException("it does not begin as gzip does");
        }
    }

    /** How many bytes were read. */
    long position() {
        return position;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int from, int count) throws IOException {
        if (count == 0) {
            return 0;
        }
        while (!ended) {
            int n = inflate(bytes, from, count);
            if (n > 0) {
                crc.update(bytes, from, n);
                position += n;
                return n;
            }
            if (inflater.finished()) {
                finish();
                ended = !begins();
            } else {
                require();
                inflater.setInput(buffer, next, end - next);
                next = end;
            }
        }
        return -1;
    }

    private int inflate(byte[] bytes, int from, int count) throws ZipException {
        try {
            int n = inflater.inflate(bytes, from, count);
            if (inflater.needsDictionary()) {
                throw new ZipException("it needs a dictionary");
            }
            return n;
        } catch (DataFormatException e) {
            throw new ZipException(e.getMessage() == null ? "compressed data that is damaged" : e.getMessage());
        }
    }

    /** Whether a member begins here; takes its header. */
    private boolean begins() throws IOException {
        if (!has() || (buffer[next] & 0xff) != 0x1f) {
            return false;
        }
        next++;
        if (!has() || (buffer[next] & 0xff) != 0x8b) {
            return false;
        }
        next++;
        int method = take();
        int flags = take();
        if (method != DEFLATE || (flags & RESERVED) != 0) {
            throw new ZipException("gzip of a kind that is not known");
        }
        take(6); // time and system
        if ((flags & EXTRA) != 0) {
            take((int) number(2));
        }
        for (int text : new int[] {NAME, COMMENT}) {
            int last = (flags & text) != 0 ? take() : 0;
            while (last != 0) {
                last = take();
            }
        }
        take((flags & HEADER_CRC) != 0 ? 2 : 0);
        inflater.reset();
        crc.reset();
        return true;
    }

    /** Compares what a member's end says. */
    private void finish() throws IOException {
        next = end - inflater.getRemaining();
        if (number(4) != crc.getValue() || number(4) != (inflater.getBytesWritten() & 0xffffffffL)) {
            throw new ZipException("its checksum is wrong");
        }
    }

    private long number(int bytes) throws IOException {
        long number = 0;
        for (int i = 0; i < bytes; i++) {
            number |= (long) take() << 8 * i;
        }
        return number;
    }

    private void take(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            take();
        }
    }

    private int take() throws IOException {
        require();
        return buffer[next++] & 0xff;
    }

    private void require() throws IOException {
        if (!has()) {
            throw new EOFException("it ends within compressed data");
        }
    }

    /** Whether there is another byte; has it in the buffer. */
    private boolean has() throws IOException {
        if (next == end) {
            next = 0;
            end = Math.max(0, in.read(buffer, 0, buffer.length));
        }
        return next < end;
    }

    /** Skips as many as asked for, unless there are fewer. */
    @Override
    public long skip(long count) throws IOException {
        long left = count;
        while (left > 0) {
            int n = read(skipped, 0, (int) Math.min(left, skipped.length));
            if (n < 0) {
                break;
            }
            left -= n;
        }
        return count - left;
    }

    @Override
    public void close() throws IOException {
        inflater.end();
        in.close();
    }
}
