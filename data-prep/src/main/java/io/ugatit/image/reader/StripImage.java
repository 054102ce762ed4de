package io.ugatit.image.reader;

import io.ugatit.image.strip.StripSource;
import io.ugatit.image.strip.Strips;
import java.io.IOException;
import java.util.Optional;

/** A JPEG or PNG that this program decodes itself. */
public final class StripImage extends EncodedImage {
    private final StripSource source;
    private final Whole whole;

    /** Another reader of the same file. */
    @FunctionalInterface
    interface Whole {
        EncodedImage open() throws IOException;
    }

    /** @param whole reads the opacity, which few want; null if there never is any */
    StripImage(StripSource source, Whole whole) {
        this.source = source;
        this.whole = whole;
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

    @Override
    public Optional<byte[]> opacity() throws IOException {
        if (whole == null) {
            return Optional.empty();
        }
        try (EncodedImage opened = whole.open()) {
            return opened.opacity();
        }
    }

    @Override
    public long opacityBytes() throws IOException {
        if (whole == null) {
            return 0;
        }
        try (EncodedImage opened = whole.open()) {
            return opened.opacityBytes();
        }
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
