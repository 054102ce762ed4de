package io.ugatit.input;

import java.io.IOException;
import java.util.zip.GZIPInputStream;

/** What a gzip file holds, of several parts one after the other, with the position in it. Not thread-safe. */
final class GunzipInput extends GZIPInputStream {
    private static final int BUFFER = 1 << 16;

    private final byte[] skipped = new byte[BUFFER];
    private long position;

    /**
     * @param in whose {@code available} is 0 at its end only
     * @throws java.util.zip.ZipException if it does not begin as gzip does
     */
    GunzipInput(ArchiveInput in) throws IOException {
        super(in, BUFFER);
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
        int n = super.read(bytes, from, count);
        position += Math.max(0, n);
        return n;
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
}
