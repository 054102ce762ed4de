package io.ugatit.input;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.ZipException;

/** One file's bytes: exactly as many as were promised, or a failure. Takes no more from the stream below, but one to see that it ends. */
final class ExactInput extends LimitedInput {
    /** What closing does. */
    @FunctionalInterface
    interface Closing {
        void close() throws IOException;
    }

    private final InputStream in;
    private final long length;
    private final String otherwise;
    private final boolean toTheEnd;
    private final CRC32 crc;
    private final long expectedCrc;
    private final Closing closing;
    private boolean finished;

    /**
     * @param in begins with the file's bytes
     * @param length how many there must be
     * @param toTheEnd whether the stream must end after them
     * @param crc32 what they must have; negative if that is not known
     * @param otherwise what the reason begins with if there are more or fewer
     * @param closing what to close
     */
    ExactInput(InputStream in, long length, boolean toTheEnd, long crc32, String otherwise, Closing closing) {
        super(in, length);
        this.in = in;
        this.length = length;
        this.toTheEnd = toTheEnd;
        this.crc = crc32 < 0 ? null : new CRC32();
        this.expectedCrc = crc32;
        this.otherwise = otherwise;
        this.closing = closing;
    }

    @Override
    public int read(byte[] bytes, int from, int count) throws IOException {
        if (count == 0) {
            return 0;
        }
        try {
            int n = super.read(bytes, from, count);
            if (n < 0 && left() > 0) {
                throw new UnusableFileException(otherwise + ": it ends after " + (length - left()) + " of " + length + " bytes");
            }
            if (n < 0) {
                finish();
            } else if (crc != null) {
                crc.update(bytes, from, n);
            }
            return n;
        } catch (EOFException | ZipException e) {
            throw new UnusableFileException(otherwise + ": " + e.getMessage(), e);
        }
    }

    private void finish() throws IOException {
        if (finished) {
            return;
        }
        if (toTheEnd && in.read() >= 0) {
            throw new UnusableFileException(otherwise + ": it is longer than " + length + " bytes");
        }
        if (crc != null && crc.getValue() != expectedCrc) {
            throw new UnusableFileException("its bytes are not those that the archive's checksum is of: damaged");
        }
        finished = true;
    }

    @Override
    public void close() throws IOException {
        closing.close();
    }
}
