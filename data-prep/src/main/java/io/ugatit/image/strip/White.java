package io.ugatit.image.strip;

/** White, which is what transparent pixels show. */
public final class White {
    private White() {}

    /**
     * What a sample looks like on white.
     *
     * @param sample from 0 to 255, not multiplied by its opacity
     * @param alpha how opaque it is, from 0 to 255
     * @return rounded; a byte without a sign
     */
    public static byte under(int sample, int alpha) {
        return (byte) ((sample * alpha + 255 * (255 - alpha) + 127) / 255);
    }
}
