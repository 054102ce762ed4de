package io.ugatit.input;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.fs.FSDataInputStream;

/** The bytes of a file whose length is known. Skipping seeks, and costs nothing until bytes are read. Not thread-safe. */
final class ArchiveInput extends InputStream {
    private final FSDataInputStream in;
    private final long length;
    private final byte[] buffer = new byte[1 << 16];
    private long position;
    /** The buffer holds the bytes from here... */
    private long first;
    /** ...to before here. */
    private long end;

    ArchiveInput(FSDataInputStream in, long length) {
        this.in = in;
        this.length = length;
    }

    long position() {
        return position;
    }

    long length() {
        return length;
    }

    /** Goes anywhere, the end and beyond included. */
    void seek(long to) {
        position = to;
    }

    @Override
    public int read() throws IOException {
        return fill() ? buffer[(int) (position++ - first)] & 0xff : -1;
    }

    @Override
    public int read(byte[] bytes, int from, int count) throws IOException {
        if (count == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int n = (int) Math.min(count, end - position);
        System.arraycopy(buffer, (int) (position - first), bytes, from, n);
        position += n;
        return n;
    }

    @Override
    public long skip(long count) {
        long n = Math.max(0, Math.min(count, length - position));
        position += n;
        return n;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    /** Whether a byte is there; has it in the buffer. */
    private boolean fill() throws IOException {
        if (position >= length) {
            return false;
        }
        if (position < first || position >= end) {
            if (in.getPos() != position) {
                in.seek(position);
            }
            int n = in.read(buffer, 0, (int) Math.min(buffer.length, length - position));
            if (n < 0) {
                throw new EOFException("it ends at byte " + position + " of " + length);
            }
            first = position;
            end = position + n;
        }
        return true;
    }
}
