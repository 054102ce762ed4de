package io.ugatit.image.png;

import io.ugatit.image.strip.RgbStrips;
import io.ugatit.image.strip.StripSource;
import io.ugatit.image.strip.Strips;
import java.io.IOException;
import java.util.Optional;

/** Decodes PNGs of the usual kind: of any colours and bits, but no colour of gray or RGB declared transparent. */
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
        long strip = 3L * Strips.ROWS * width() + RgbStrips.bytes(width());
        return (1L + rowsAtOnce(header)) * header.stride() + strip + (header.interlaced() ? 3L * width() * height() : 0);
    }

    @Override
    public byte[] decode() throws IOException {
        RgbRows rgb = new RgbRows(header, height());
        if (header.interlaced()) {
            decodeInterlaced(rgb.pixels());
        } else {
            decode(rgb::take);
        }
        return rgb.pixels();
    }

    @Override
    public void decode(Strips strips) throws IOException {
        if (header.interlaced()) {
            Strips.of(decode(), width(), height(), strips);
            return;
        }
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
        try (PngData data = new PngData(file, header.data())) {
            data.finish(read(data, header, rows));
        }
    }

    private void decodeInterlaced(byte[] pixels) throws IOException {
        try (PngData data = new PngData(file, header.data())) {
            byte[] scratch = {};
            for (Pass pass : Pass.INTERLACED) {
                int columns = pass.columns(width());
                int rows = pass.rows(height());
                if (columns > 0 && rows > 0) {
                    RgbRows row = new RgbRows(header.ofSize(columns, rows), 1);
                    int[] y = {pass.top()};
                    scratch = read(data, header.ofSize(columns, rows), (samples, at) -> {
                        row.begin();
                        row.take(samples, at);
                        int o = 3 * (y[0] * width() + pass.left());
                        for (int i = 0; i < 3 * columns; i += 3) {
                            System.arraycopy(row.pixels(), i, pixels, o, 3);
                            o += 3 * pass.across();
                        }
                        y[0] += pass.down();
                    });
                }
            }
            data.finish(scratch);
        }
    }

    /** Reads the rows of an image or a pass; gives an array that is not needed any more. */
    private static byte[] read(PngData data, PngHeader header, Rows rows) throws IOException {
        int stride = header.stride();
        byte[] batch = new byte[(1 + rowsAtOnce(header)) * stride]; // the first row is the one before
        for (int y = 0; y < header.height(); y += rowsAtOnce(header)) {
            int count = Math.min(rowsAtOnce(header), header.height() - y);
            data.read(batch, stride, count * stride);
            for (int row = stride; row <= count * stride; row += stride) {
                Filter.undo(batch, row, stride, header.distance());
                rows.take(batch, row + 1);
            }
            System.arraycopy(batch, count * stride, batch, 0, stride);
        }
        return batch;
    }

    private static int rowsAtOnce(PngHeader header) {
        return Math.min(header.height(), Math.max(1, BATCH / header.stride()));
    }
}
