package io.ugatit.input;

import java.io.IOException;
import java.io.InputStream;

/** The next bytes of a stream, so many at most. Takes no more from it, and leaves it open. Not thread-safe. */
class LimitedInput extends InputStream {
    private final InputStream in;
    private long left;

    /**
     * @param in the stream
     * @param count how many bytes, at least 0
     */
    LimitedInput(InputStream in, long count) {
        this.in = in;
        this.left = count;
    }

    /** How many more bytes may come. */
    final long left() {
        return left;
    }

    @Override
    public final int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int from, int count) throws IOException {
        int n = left <= 0 ? -1 : in.read(bytes, from, (int) Math.min(count, left));
        left -= Math.max(0, n);
        return n;
    }
}
