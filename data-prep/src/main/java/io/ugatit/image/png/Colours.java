package io.ugatit.image.png;

import io.ugatit.image.strip.White;
import java.nio.ByteBuffer;

/** The colours that numbers stand for: 256 times R G B, black where the file has none, as in Pillow. */
final class Colours {
    private Colours() {}

    /** Those of a palette, and how opaque each is; those without an opacity, or all if it is null, are opaque. */
    static byte[] of(ByteBuffer file, PngHeader.Data palette, PngHeader.Data opacities) {
        byte[] colours = new byte[3 * 256];
        for (int i = 0; i < palette.length(); i++) {
            boolean opaque = opacities == null || i / 3 >= opacities.length();
            int opacity = opaque ? 255 : file.get(opacities.at() + i / 3) & 0xff;
            colours[i] = White.under(file.get(palette.at() + i) & 0xff, opacity);
        }
        return colours;
    }

    /** From black to white, as many as so many bits can tell. */
    static byte[] grays(int bits) {
        byte[] colours = new byte[3 * 256];
        int last = (1 << bits) - 1;
        for (int i = 0; i < 3 << bits; i++) {
            colours[i] = (byte) (i / 3 * 255 / last);
        }
        return colours;
    }
}
