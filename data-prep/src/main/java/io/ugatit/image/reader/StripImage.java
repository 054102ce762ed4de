package io.ugatit.image.reader;

import io.ugatit.image.strip.StripSource;
import io.ugatit.image.strip.Strips;
import java.io.IOException;

/** A JPEG or PNG that this program decodes itself. */
public final class StripImage extends EncodedImage {
    private final StripSource source;

    StripImage(StripSource source) {
        this.source = source;
    }

    @Override
    public int width() {
        return source.width();
    }

    @Override
    public int height() {
        return source.height();
    }

    @Override
    public long decodingBytes() {
        return source.bytes() + 3L * width() * height();
    }

    @Override
    public byte[] decode() throws IOException {
        return source.decode();
    }

    /** The most bytes that {@link #decode(Strips)} holds at once, without the file and what becomes of the strips. */
    public long strippingBytes() {
        return source.bytes();
    }

    /**
     * Decodes the pixels as {@link #decode()} does without holding them all.
     *
     * @param strips takes them
     * @throws IOException if the file is damaged or cut off; strips may have been given by then
     */
    public void decode(Strips strips) throws IOException {
        source.decode(strips);
    }
}
