package io.ugatit.image.png;

import io.ugatit.image.strip.RgbStrips;
import io.ugatit.image.strip.StripSource;
import io.ugatit.image.strip.Strips;
import java.io.EOFException;
import java.io.IOException;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Decodes PNGs of the usual kind: of any colours and bits, but not interlaced, and no colour of gray or RGB declared transparent. */
public final class PngDecoder implements StripSource {
    /** Rows are inflated so many bytes at a time, or one by one if they are longer. */
    static final int BATCH = 1 << 15;

    private final byte[] file;
    private final PngHeader header;

    private PngDecoder(byte[] file, PngHeader header) {
        this.file = file;
        this.header = header;
    }

    /**
     * Reads a file's header.
     *
     * @param file the whole file, left as it is
     * @return a decoder; nothing if the file is of a kind that is not decoded here, cut off, or its header makes no sense
     * @throws IOException if a chunk before the pixels has another checksum than it says
     */
    public static Optional<PngDecoder> open(byte[] file) throws IOException {
        return PngHeader.read(file).map(header -> new PngDecoder(file, header));
    }

    @Override
    public int width() {
        return header.width();
    }

    @Override
    public int height() {
        return header.height();
    }

    @Override
    public long bytes() {
        return (1L + rowsAtOnce()) * header.stride() + 3L * Strips.ROWS * width() + RgbStrips.bytes(width());
    }

    @Override
    public byte[] decode() throws IOException {
        RgbRows rgb = new RgbRows(header, height());
        decode(rgb::take);
        return rgb.pixels();
    }

    @Override
    public void decode(Strips strips) throws IOException {
        RgbRows rgb = new RgbRows(header, Math.min(Strips.ROWS, height()));
        RgbStrips turned = new RgbStrips(width(), strips);
        int[] rows = {0, 0};
        decode((samples, at) -> {
            rgb.take(samples, at);
            rows[0]++;
            rows[1]++;
            if (rows[1] == Strips.ROWS || rows[0] == height()) {
                turned.give(rgb.pixels(), 0, rows[1]);
                rgb.begin();
                rows[1] = 0;
            }
        });
    }

    /** Takes rows from the top: what holds the row's samples, interleaved, and where they begin. */
    @FunctionalInterface
    private interface Rows {
        void take(byte[] samples, int at);
    }

    private void decode(Rows rows) throws IOException {
        int stride = header.stride();
        byte[] batch = new byte[(1 + rowsAtOnce()) * stride]; // the first row is the one before
        Inflater inflater = new Inflater();
        try {
            int piece = 0;
            for (int y = 0; y < height(); y += rowsAtOnce()) {
                int count = Math.min(rowsAtOnce(), height() - y);
                piece = inflate(inflater, piece, batch, stride, count * stride);
                for (int row = stride; row <= count * stride; row += stride) {
                    Filter.undo(batch, row, stride, header.distance());
                    rows.take(batch, row + 1);
                }
                System.arraycopy(batch, count * stride, batch, 0, stride);
            }
            finish(inflater, piece, batch);
        } catch (DataFormatException e) {
            throw new IOException(e.getMessage(), e);
        } finally {
            inflater.end();
        }
    }

    /** Fills a part of an array, and gives the first piece of the data that is not used yet. */
    private int inflate(Inflater inflater, int piece, byte[] to, int at, int length) throws IOException, DataFormatException {
        int next = piece;
        int done = 0;
        while (done < length) {
            if (inflater.needsInput()) {
                if (next == header.data().size()) {
                    throw new EOFException();
                }
                inflater.setInput(file, header.data().get(next).at(), header.data().get(next).length());
                next++;
            }
            done += inflater.inflate(to, at + done, length - done);
            if (done < length && (inflater.finished() || inflater.needsDictionary())) {
                throw new EOFException();
            }
        }
        return next;
    }

    /** Looks at what is behind the rows, but not at endless data, so that the checksum is checked if it is there. */
    private void finish(Inflater inflater, int piece, byte[] scratch) throws DataFormatException {
        int next = piece;
        int extra = 0;
        while (!inflater.finished() && extra < scratch.length) {
            int length = inflater.inflate(scratch);
            extra += length;
            if (length == 0 && next == header.data().size()) {
                return;
            }
            if (length == 0) {
                inflater.setInput(file, header.data().get(next).at(), header.data().get(next).length());
                next++;
            }
        }
    }

    private int rowsAtOnce() {
        return Math.min(height(), Math.max(1, BATCH / header.stride()));
    }
}
