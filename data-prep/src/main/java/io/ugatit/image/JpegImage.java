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

    @Override
    long strippingBytes() {
        return decoder.bytes();
    }

    @Override
    void decode(Strips strips) throws IOException {
        decoder.decode(strips);
    }
}
