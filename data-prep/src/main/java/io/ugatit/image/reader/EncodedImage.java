package io.ugatit.image.reader;

import io.ugatit.image.jpeg.JpegDecoder;
import io.ugatit.image.png.PngDecoder;
import java.io.IOException;
import java.util.Optional;

/**
 * An image file whose header has been read: how large it is, and what decoding it takes. Readers meet damage with exceptions of every
 * kind, unchecked ones included.
 */
public abstract class EncodedImage implements AutoCloseable {
    /**
     * Reads the header of a JPEG.
     *
     * @param file the whole file, left as it is
     * @throws IOException if it is damaged or cut off
     */
    public static EncodedImage jpeg(byte[] file) throws IOException {
        Optional<JpegDecoder> decoder = JpegDecoder.open(file);
        if (decoder.isPresent()) {
            return new StripImage(decoder.get(), null);
        }
        JpegKind kind = JpegKind.of(file);
        return kind.wideTables() || kind.components() == 4 ? new LibjpegImage(file, kind) : RasterImage.jpeg(file, kind);
    }

    /**
     * Reads the header of a PNG.
     *
     * @param file the whole file, left as it is
     * @throws IOException if it is damaged or cut off
     */
    public static EncodedImage png(byte[] file) throws IOException {
        Optional<PngDecoder> decoder = PngDecoder.open(file);
        return decoder.isPresent() ? new StripImage(decoder.get(), () -> RasterImage.png(file)) : RasterImage.png(file);
    }

    EncodedImage() {}

    /** Columns, as stored. */
    public abstract int width() throws IOException;

    /** Rows, as stored. */
    public abstract int height() throws IOException;

    /** The most bytes that {@link #decode} holds at once, its result and copies of the file included and the file itself not. */
    public abstract long decodingBytes() throws IOException;

    /**
     * Decodes the pixels as stored, transparency composed on white.
     *
     * @return row by row from the top, interleaved R G B
     * @throws IOException if the file is damaged or cut off
     */
    public abstract byte[] decode() throws IOException;

    /** The most bytes that {@link #opacity} holds at once, without the file. */
    public long opacityBytes() throws IOException {
        return decodingBytes();
    }

    /**
     * How opaque the pixels are, as stored.
     *
     * @return a byte for each channel of {@link #decode}, equal for the three of a pixel, 255 for opaque; nothing if all are opaque because
     *     the file has no transparency
     * @throws IOException if the file is damaged or cut off
     */
    public Optional<byte[]> opacity() throws IOException {
        return Optional.empty();
    }

    @Override
    public void close() {}
}
