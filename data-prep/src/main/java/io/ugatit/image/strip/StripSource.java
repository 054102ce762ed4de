package io.ugatit.image.strip;

import java.io.IOException;

/** An image file whose header has been read, and whose pixels are decoded from the top. */
public interface StripSource {
    /** Columns. */
    int width();

    /** Rows. */
    int height();

    /** The bytes that decoding takes at its most, without what the pixels become. */
    long bytes();

    /**
     * Decodes the pixels, once, and never holds them all.
     *
     * @param strips takes them
     * @throws IOException if the data is damaged or ends too early; strips may have been given by then
     */
    void decode(Strips strips) throws IOException;

    /**
     * Decodes the pixels, once.
     *
     * @return row by row from the top, interleaved R G B, transparency composed on white
     * @throws IOException if the data is damaged or ends too early
     */
    byte[] decode() throws IOException;
}
