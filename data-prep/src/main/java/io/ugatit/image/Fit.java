package io.ugatit.image;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Arrays;

/** How an image of any shape becomes a square. A model must see images fitted as those it was trained on. */
public enum Fit {
    /** Width and height are scaled on their own, so shapes are distorted: what the authors do. */
    @JsonProperty("stretch")
    STRETCH {
        @Override
        public RgbImage apply(RgbImage image, int side) {
            return Resize.bilinear(image, side, side);
        }

        @Override
        long bytes(int width, int height, int side) {
            return 3L * side * (height + side);
        }
    },
    /** The largest centred square is cut out, then scaled. */
    @JsonProperty("crop")
    CROP {
        @Override
        public RgbImage apply(RgbImage image, int side) {
            int square = Math.min(image.width(), image.height());
            RgbImage cut = image.crop((image.width() - square) / 2, (image.height() - square) / 2, square, square);
            return Resize.bilinear(cut, side, side);
        }

        @Override
        long bytes(int width, int height, int side) {
            long square = Math.min(width, height);
            return 3L * square * square + 3L * side * (square + side);
        }
    },
    /** The image is scaled until its longer side fits, then centred on white, the colour that stands for transparency too. */
    @JsonProperty("pad")
    PAD {
        @Override
        public RgbImage apply(RgbImage image, int side) {
            int longer = Math.max(image.width(), image.height());
            int width = scaled(image.width(), longer, side);
            int height = scaled(image.height(), longer, side);
            RgbImage scaled = Resize.bilinear(image, width, height);
            byte[] square = new byte[3 * side * side];
            Arrays.fill(square, (byte) 0xff);
            int left = (side - width) / 2;
            int top = (side - height) / 2;
            for (int y = 0; y < height; y++) {
                System.arraycopy(scaled.pixels(), 3 * y * width, square, 3 * ((top + y) * side + left), 3 * width);
            }
            return new RgbImage(side, side, square);
        }

        @Override
        long bytes(int width, int height, int side) {
            return 3L * scaled(width, Math.max(width, height), side) * (height + side) + 3L * side * side;
        }
    };

    /**
     * Fits an image into a square.
     *
     * @param image any image
     * @param side the square's side in pixels, at least 1
     * @return an image of {@code side} x {@code side}
     */
    public abstract RgbImage apply(RgbImage image, int side);

    /** The bytes that {@link #apply} takes beside the image, at most; more than an array can hold is too many for it. */
    abstract long bytes(int width, int height, int side);

    private static int scaled(int length, int longer, int side) {
        return (int) Math.max(1, Math.round((double) length * side / longer));
    }
}
