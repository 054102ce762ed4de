package io.ugatit.image;

import io.ugatit.image.jpeg.JpegDecoder;
import io.ugatit.image.png.PngDecoder;
import java.io.IOException;
import java.util.Optional;

/**
 * An image file whose header has been read: how large it is, and what decoding it takes. Readers meet damage with exceptions of every
 * kind, unchecked ones included.
 */
abstract class EncodedImage implements AutoCloseable {
    /**
     * Reads the header.
     *
     * @param format the file's format
     * @param file the whole file, left as it is
     * @throws IOException if it is damaged or cut off
     */
    static EncodedImage open(ImageFormat format, byte[] file) throws IOException {
        return switch (format) {
            case JPEG -> {
                Optional<JpegDecoder> decoder = JpegDecoder.open(file);
                yield decoder.isPresent() ? new JpegImage(decoder.get()) : new RasterImage(format, file);
            }
            case PNG -> {
                Optional<PngDecoder> decoder = PngDecoder.open(file);
                yield decoder.isPresent() ? new PngImage(decoder.get()) : new RasterImage(format, file);
            }
            case BMP -> new RasterImage(format, file);
            case GIF -> new GifImage(file);
            case WEBP -> WebpImage.parse(file);
            case TIFF -> new TiffImage(file);
        };
    }

    /** Columns, as stored. */
    abstract int width() throws IOException;

    /** Rows, as stored. */
    abstract int height() throws IOException;

    /** The most bytes that {@link #decode} holds at once, its result and copies of the file included and the file itself not. */
    abstract long decodingBytes() throws IOException;

    /**
     * Decodes the pixels as stored, transparency composed on white.
     *
     * @throws IOException if the file is damaged or cut off
     */
    abstract RgbImage decode() throws IOException;

    @Override
    public void close() {}
}
