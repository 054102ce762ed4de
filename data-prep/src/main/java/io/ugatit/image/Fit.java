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
