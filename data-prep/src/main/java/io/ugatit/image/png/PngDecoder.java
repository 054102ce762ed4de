package io.ugatit.image.png;

import io.ugatit.image.strip.RgbStrips;
import io.ugatit.image.strip.StripSource;
import io.ugatit.image.strip.Strips;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Decodes PNGs of the usual kind: gray or RGB, with or without alpha, of 8 bits, not interlaced, no colour declared transparent. */
public final class PngDecoder implements StripSource {
    /** Rows are inflated so many bytes at a time, or one by one if they are longer. */
    private static final int BATCH = 1 << 15;

    private static final int SIGNATURE = 8;
    /** A chunk's length and name before its content, and the checksum behind it. */
    private static final int AROUND = 12;
    private static final int HEADER_LENGTH = 13;

    private final byte[] file;
    private final int width;
    private final int height;
    private final int channels;
    private final List<Data> data;

    /** Where a piece of the compressed rows is. */
    private record Data(int at, int length) {}

    private PngDecoder(byte[] file, int width, int height, int channels, List<Data> data) {
        this.file = file;
        this.width = width;
        this.height = height;
        this.channels = channels;
        this.data = data;
    }

    /**
     * Reads a file's header.
     *
     * @param file the whole file, left as it is
     * @return a decoder; nothing if the file is of a kind that is not decoded here, cut off, or its header is damaged
     */
    public static Optional<PngDecoder> open(byte[] file) {
        ByteBuffer bytes = ByteBuffer.wrap(file);
        List<Data> data = new ArrayList<>();
        int before = 0;
        int at = SIGNATURE;
        while (at + AROUND <= file.length) {
            int length = bytes.getInt(at);
            int name = bytes.getInt(at + 4);
            if (length < 0 || length > file.length - at - AROUND) {
                return Optional.empty();
            }
            boolean first = at == SIGNATURE;
            if (first != (name == name("IHDR")) || first && length != HEADER_LENGTH || name == name("tRNS") && data.isEmpty()) {
                return Optional.empty();
            }
            if (name == name("IDAT") && (data.isEmpty() || before == name)) { // others would not belong to it
                data.add(new Data(at + 8, length));
            }
            if (name == name("IEND")) {
                return decoder(bytes, data);
            }
            before = name;
            at += AROUND + length;
        }
        return Optional.empty();
    }

    private static Optional<PngDecoder> decoder(ByteBuffer bytes, List<Data> data) {
        int at = SIGNATURE + 8;
        int width = bytes.getInt(at);
        int height = bytes.getInt(at + 4);
        int channels = switch (bytes.get(at + 9)) {
            case 0 -> 1;
            case 2 -> 3;
            case 4 -> 2;
            case 6 -> 4;
            default -> 0;
        };
        boolean usual = bytes.get(at + 8) == 8 && bytes.get(at + 10) == 0 && bytes.get(at + 11) == 0 && bytes.get(at + 12) == 0;
        boolean possible = width > 0 && height > 0 && width <= (Integer.MAX_VALUE - BATCH) / 8 && !data.isEmpty();
        return usual && possible && channels > 0
                ? Optional.of(new PngDecoder(bytes.array(), width, height, channels, data)) : Optional.empty();
    }

    private static int name(String letters) {
        return letters.charAt(0) << 24 | letters.charAt(1) << 16 | letters.charAt(2) << 8 | letters.charAt(3);
    }

    @Override
    public int width() {
        return width;
    }

    @Override
    public int height() {
        return height;
    }

    @Override
    public long bytes() {
        return (long) (1 + rowsAtOnce()) * (1 + width * channels) + 3L * Strips.ROWS * width + RgbStrips.bytes(width);
    }

    @Override
    public byte[] decode() throws IOException {
        RgbRows rgb = new RgbRows(width, channels, height);
        decode(rgb::take);
        return rgb.pixels();
    }

    @Override
    public void decode(Strips strips) throws IOException {
        RgbRows rgb = new RgbRows(width, channels, Math.min(Strips.ROWS, height));
        RgbStrips turned = new RgbStrips(width, strips);
        int[] rows = {0, 0};
        decode((samples, at) -> {
            rgb.take(samples, at);
            rows[0]++;
            rows[1]++;
            if (rows[1] == Strips.ROWS || rows[0] == height) {
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
        int stride = 1 + width * channels;
        byte[] batch = new byte[(1 + rowsAtOnce()) * stride]; // the first row is the one before
        Inflater inflater = new Inflater();
        try {
            int piece = 0;
            for (int y = 0; y < height; y += rowsAtOnce()) {
                int count = Math.min(rowsAtOnce(), height - y);
                piece = inflate(inflater, piece, batch, stride, count * stride);
                for (int row = stride; row <= count * stride; row += stride) {
                    Filter.undo(batch, row, stride, channels);
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
                if (next == data.size()) {
                    throw new EOFException();
                }
                inflater.setInput(file, data.get(next).at(), data.get(next).length());
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
            if (length == 0 && next == data.size()) {
                return;
            }
            if (length == 0) {
                inflater.setInput(file, data.get(next).at(), data.get(next).length());
                next++;
            }
        }
    }

    private int rowsAtOnce() {
        return Math.min(height, Math.max(1, BATCH / (1 + width * channels)));
    }
}
