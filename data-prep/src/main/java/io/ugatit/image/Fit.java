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
    },
    /** The image is scaled until its longer side fits, then centred on white, the colour that stands for transparency too. */
    @JsonProperty("pad")
    PAD {
        @Override
        public RgbImage apply(RgbImage image, int side) {
            int longer = Math.max(image.width(), image.height());
            int width = (int) Math.max(1, Math.round((double) image.width() * side / longer));
            int height = (int) Math.max(1, Math.round((double) image.height() * side / longer));
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
    };

    /**
     * Fits an image into a square.
     *
     * @param image any image
     * @param side the square's side in pixels, at least 1
     * @return an image of {@code side} x {@code side}
     */
    public abstract RgbImage apply(RgbImage image, int side);
}
