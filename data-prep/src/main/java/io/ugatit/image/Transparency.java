package io.ugatit.image;

import java.util.Optional;

/**
 * What becomes of transparent pixels.
 *
 * @param backdrop the colour that they are put on, 0xRRGGBB
 * @param kept whether how opaque they were is wanted too
 */
public record Transparency(int backdrop, boolean kept) {
    private static final int WHITE = 0xffffff;

    /** As in data sets: on white, and forgotten. */
    public static final Transparency DROPPED = new Transparency(WHITE, false);

    /** As in data sets, and wanted too. */
    public static final Transparency KEPT = new Transparency(WHITE, true);

    /** @throws IllegalArgumentException if the backdrop is no colour */
    public Transparency {
        if (backdrop < 0 || backdrop > WHITE) {
            throw new IllegalArgumentException("the backdrop is " + backdrop + ": must be from 0 to " + WHITE);
        }
    }

    /** Whether the pixels on white are not enough. */
    boolean needsOpacity() {
        return kept || backdrop != WHITE;
    }

    /**
     * Puts on the backdrop what has been put on white, within a level of what would have come of it at once.
     *
     * @param onWhite interleaved R G B, changed
     * @param opacity as many bytes; none if all is opaque
     */
    void compose(byte[] onWhite, Optional<byte[]> opacity) {
        if (backdrop == WHITE || opacity.isEmpty()) {
            return;
        }
        byte[] alpha = opacity.get();
        for (int i = 0; i < onWhite.length; i++) {
            int darker = 255 - (backdrop >> 16 - 8 * (i % 3) & 0xff);
            int taken = (darker * (255 - (alpha[i] & 0xff)) + 127) / 255;
            onWhite[i] = (byte) Math.max(0, (onWhite[i] & 0xff) - taken);
        }
    }
}
