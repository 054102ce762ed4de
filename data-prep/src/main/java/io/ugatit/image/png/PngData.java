package io.ugatit.image.png;

import java.io.EOFException;
import java.io.IOException;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** The compressed rows of a PNG, one piece after the other. */
final class PngData implements AutoCloseable {
    private final byte[] file;
    private final List<PngHeader.Data> pieces;
    private final Inflater inflater = new Inflater();
    /** The first piece that is not used yet. */
    private int next;

    PngData(byte[] file, List<PngHeader.Data> pieces) {
        this.file = file;
        this.pieces = pieces;
    }

    /**
     * Fills a part of an array.
     *
     * @throws IOException if the data is damaged or ends too early
     */
    void read(byte[] to, int at, int length) throws IOException {
        int done = 0;
        while (done < length) {
            if (inflater.needsInput()) {
                if (next == pieces.size()) {
                    throw new EOFException();
                }
                begin();
            }
            done += inflate(to, at + done, length - done);
            if (done < length && (inflater.finished() || inflater.needsDictionary())) {
                throw new EOFException();
            }
        }
    }

    /**
     * Looks at what is behind the rows, but not at endless data, so that the checksum is checked if it is there.
     *
     * @param scratch is overwritten
     * @throws IOException if the data is damaged
     */
    void finish(byte[] scratch) throws IOException {
        int extra = 0;
        while (!inflater.finished() && extra < scratch.length) {
            int length = inflate(scratch, 0, scratch.length);
            extra += length;
            if (length == 0 && next == pieces.size()) {
                return;
            }
            if (length == 0) {
                begin();
            }
        }
    }

    private void begin() {
        inflater.setInput(file, pieces.get(next).at(), pieces.get(next).length());
        next++;
    }

    private int inflate(byte[] to, int at, int length) throws IOException {
        try {
            return inflater.inflate(to, at, length);
        } catch (DataFormatException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        inflater.end();
    }
}
