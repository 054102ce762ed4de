package io.ugatit.image;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Arrays;

/** How an image of any shape becomes a square. A model must see images fitted as those it was trained on. */
public enum Fit {
    /** Width and height are scaled on their own, so shapes are distorted: what the authors do. */
    @JsonProperty("stretch")
    STRETCH {
        @Override
        Placement placement(int width, int height, int side) {
            return new Placement(0, 0, width, height, side, side);
        }
    },
    /** The largest centred square is cut out, then scaled. */
    @JsonProperty("crop")
    CROP {
        @Override
        Placement placement(int width, int height, int side) {
            int square = Math.min(width, height);
            return new Placement((width - square) / 2, (height - square) / 2, square, square, side, side);
        }
    },
    /** The image is scaled until its longer side fits, then centred on white, the colour that stands for transparency too. */
    @JsonProperty("pad")
    PAD {
        @Override
        Placement placement(int width, int height, int side) {
            int longer = Math.max(width, height);
            return new Placement(0, 0, width, height, scaled(width, longer, side), scaled(height, longer, side));
        }
    };

    /** For every column and row: four weights, their array and where they are, a column's sums. */
    private static final long RESTORING_BYTES = 64;

    /**
     * Fits an image into a square.
     *
     * @param image any image
     * @param side the square's side in pixels, at least 1
     * @return an image of {@code side} x {@code side}
     */
    public RgbImage apply(RgbImage image, int side) {
        Placement placement = placement(image.width(), image.height(), side);
        return square(Resize.bilinear(placement.cut(image), placement.outWidth(), placement.outHeight()), side);
    }

    /**
     * Gives a square the shape of what it was made of, after a network has changed its pixels: padding is cut off, and the rest is scaled
     * to as many pixels as there were, enlarged in either direction by Pillow's bicubic filter, and by the bilinear one otherwise. Enlarged
     * photographs come out 0.7 to 1.2 dB closer by the bicubic filter; reduced they are as the networks' own images are.
     *
     * @param square what {@link #apply} made of an image, or an image of its size
     * @param width columns of what the square shows: of the image, or of {@link #CROP}'s part of it
     * @param height rows of the same
     * @return an image of {@code width} x {@code height}
     * @throws IllegalArgumentException if that is more than an array can hold
     */
    public RgbImage restore(RgbImage square, int width, int height) {
        int side = square.width();
        Placement placement = placement(width, height, side);
        int left = (side - placement.outWidth()) / 2;
        int top = (side - placement.outHeight()) / 2;
        RgbImage shown = left == 0 && top == 0 && placement.outWidth() == side && placement.outHeight() == side
                ? square : square.crop(left, top, placement.outWidth(), placement.outHeight());
        boolean enlarged = width > shown.width() || height > shown.height();
        return enlarged ? Resize.bicubic(shown, width, height) : Resize.bilinear(shown, width, height);
    }

    /**
     * The bytes that {@link #restore} takes beside the square, at most, its result among them.
     *
     * @throws ImageFormatException if it is too long and narrow for that
     */
    public static long restoringBytes(int width, int height, int side) throws ImageFormatException {
        long between = 3L * width * side;
        if (between > Integer.MAX_VALUE - 8) {
            throw new ImageFormatException(width + " x " + height + " pixels are too long and narrow");
        }
        return squareBytes(side) + between + 3L * width * height + RESTORING_BYTES * ((long) width + height);
    }

    abstract Placement placement(int width, int height, int side);

    /** The bytes that {@link #apply} takes beside the image, at most; more than an array can hold is too many for it. */
    long bytes(int width, int height, int side) {
        return placement(width, height, side).bytes(width, height) + squareBytes(side);
    }

    /** The bytes that {@link #square} takes, at most. */
    static long squareBytes(int side) {
        return 3L * side * side;
    }

    /** Centres an image of at most the square's size on white; the same image if it is the square. */
    static RgbImage square(RgbImage image, int side) {
        int width = image.width();
        if (width == side && image.height() == side) {
            return image;
        }
        byte[] square = new byte[3 * side * side];
        Arrays.fill(square, (byte) 0xff);
        int left = (side - width) / 2;
        int top = (side - image.height()) / 2;
        for (int y = 0; y < image.height(); y++) {
            System.arraycopy(image.pixels(), 3 * y * width, square, 3 * ((top + y) * side + left), 3 * width);
        }
        return new RgbImage(side, side, square);
    }

    private static int scaled(int length, int longer, int side) {
        return (int) Math.max(1, Math.round((double) length * side / longer));
    }
}
