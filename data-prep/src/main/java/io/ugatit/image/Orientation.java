package io.ugatit.image;

/** How the stored pixels of an image file must be turned or mirrored to be upright; in the order of EXIF's numbers from 1. */
enum Orientation {
    UPRIGHT,
    MIRRORED,
    TURNED_180,
    FLIPPED,
    TRANSPOSED,
    TURNED_90,
    TRANSVERSED,
    TURNED_270;

    /**
     * What a number in a file stands for.
     *
     * @param number 1 to 8; any other makes no sense and is upright, as every viewer has it
     */
    static Orientation of(double number) {
        int value = (int) number;
        return value == number && value >= 1 && value <= 8 ? values()[value - 1] : UPRIGHT;
    }

    /** Whether rows become columns. */
    boolean isSideways() {
        return ordinal() >= TRANSPOSED.ordinal();
    }

    /**
     * Turns an image upright.
     *
     * @param image the pixels as stored
     * @return the upright image; the same one if it is upright already
     */
    RgbImage apply(RgbImage image) {
        if (this == UPRIGHT) {
            return image;
        }
        int inWidth = image.width();
        int inHeight = image.height();
        boolean swapped = isSideways();
        int width = swapped ? inHeight : inWidth;
        int height = swapped ? inWidth : inHeight;
        byte[] in = image.pixels();
        byte[] out = new byte[in.length];
        int o = 0;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int fromX = switch (this) {
                    case UPRIGHT, FLIPPED -> x;
                    case MIRRORED, TURNED_180 -> inWidth - 1 - x;
                    case TRANSPOSED, TURNED_90 -> y;
                    case TRANSVERSED, TURNED_270 -> inWidth - 1 - y;
                };
                int fromY = switch (this) {
                    case UPRIGHT, MIRRORED -> y;
                    case TURNED_180, FLIPPED -> inHeight - 1 - y;
                    case TRANSPOSED, TURNED_270 -> x;
                    case TURNED_90, TRANSVERSED -> inHeight - 1 - x;
                };
                int i = 3 * (fromY * inWidth + fromX);
                out[o++] = in[i];
                out[o++] = in[i + 1];
                out[o++] = in[i + 2];
            }
        }
        return new RgbImage(width, height, out);
    }
}
