package io.ugatit.image;

import io.ugatit.image.jpeg.JpegDecoder;
import io.ugatit.image.strip.StripPixels;
import io.ugatit.image.strip.Strips;
import java.io.IOException;

/** A JPEG of the usual kind. */
final class JpegImage extends EncodedImage {
    private final JpegDecoder decoder;

    JpegImage(JpegDecoder decoder) {
        this.decoder = decoder;
    }

    @Override
    int width() {
        return decoder.width();
    }

    @Override
    int height() {
        return decoder.height();
    }

    @Override
    long decodingBytes() {
        return decoder.bytes() + 3L * width() * height();
    }

    @Override
    RgbImage decode() throws IOException {
        StripPixels pixels = new StripPixels(width(), height());
        decoder.decode(pixels);
        return new RgbImage(width(), height(), pixels.rgb());
    }

    /** The most bytes that {@link #decode(Strips)} holds at once, without the file and what becomes of the strips. */
    long strippingBytes() {
        return decoder.bytes();
    }

    /**
     * Decodes the pixels as {@link #decode()} does without holding them all.
     *
     * @param strips takes them
     * @throws IOException if the file is damaged or cut off; strips may have been given by then
     */
    void decode(Strips strips) throws IOException {
        decoder.decode(strips);
    }
}
