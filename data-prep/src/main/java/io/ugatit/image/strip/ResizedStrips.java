package io.ugatit.image.strip;

/** Pillow's antialiased bilinear resize of a part of an image, byte for byte, while its strips come. */
public interface ResizedStrips extends Strips {
    /**
     * The result, interleaved R G B. Not copied.
     *
     * @throws IllegalStateException if not all strips have come
     */
    byte[] rgb();
}
