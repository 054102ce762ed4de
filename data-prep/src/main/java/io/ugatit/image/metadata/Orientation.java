package io.ugatit.image.metadata;

/** How the stored pixels of an image file must be turned or mirrored to be upright; in the order of EXIF's numbers from 1. */
public enum Orientation {
    /** As they are. */
    UPRIGHT,
    /** Left is right. */
    MIRRORED,
    /** Both left is right and top is bottom. */
    TURNED_180,
    /** Top is bottom. */
    FLIPPED,
    /** Rows are columns. */
    TRANSPOSED,
    /** To be turned clockwise. */
    TURNED_90,
    /** Rows are columns, and both are in reverse. */
    TRANSVERSED,
    /** To be turned counter-clockwise. */
    TURNED_270;

    /**
     * What a number in a file stands for.
     *
     * @param number 1 to 8; any other makes no sense and is upright, as every viewer has it
     */
    public static Orientation of(double number) {
        int value = (int) number;
        return value == number && value >= 1 && value <= 8 ? values()[value - 1] : UPRIGHT;
    }

    /** Whether rows become columns. */
    public boolean isSideways() {
        return ordinal() >= TRANSPOSED.ordinal();
    }

    /** Whether the stored columns are used from the last to the first. */
    public boolean isReversedAcross() {
        return this == MIRRORED || this == TURNED_180 || this == TRANSVERSED || this == TURNED_270;
    }

    /** Whether the stored rows are used from the last to the first. */
    public boolean isReversedDown() {
        return this == TURNED_180 || this == FLIPPED || this == TURNED_90 || this == TRANSVERSED;
    }

    /**
     * Turns an image upright.
     *
     * @param in the pixels as stored, row by row from the top, interleaved R G B
     * @param inWidth columns as stored
     * @param inHeight rows as stored
     * @return the upright pixels; the same array if they are upright already
     */
    public byte[] apply(byte[] in, int inWidth, int inHeight) {
        if (this == UPRIGHT) {
            return in;
        }
        int width = isSideways() ? inHeight : inWidth;
        int height = isSideways() ? inWidth : inHeight;
        byte[] out = new byte[in.length];
        int o = 0;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int storedX = isSideways() ? y : x;
                int storedY = isSideways() ? x : y;
                int fromX = isReversedAcross() ? inWidth - 1 - storedX : storedX;
                int fromY = isReversedDown() ? inHeight - 1 - storedY : storedY;
                int i = 3 * (fromY * inWidth + fromX);
                out[o++] = in[i];
                out[o++] = in[i + 1];
                out[o++] = in[i + 2];
            }
        }
        return out;
    }
}
