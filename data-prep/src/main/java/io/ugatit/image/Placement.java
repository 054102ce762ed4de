package io.ugatit.image;

import io.ugatit.image.strip.RgbStrips;
import io.ugatit.image.strip.StripResize;

/**
 * What becomes of an image of a known size in a square: a part of it, scaled.
 *
 * @param left the part's first column
 * @param top the part's first row
 * @param width the part's columns
 * @param height the part's rows
 * @param outWidth the columns it is scaled to, at most the square's
 * @param outHeight the rows it is scaled to, at most the square's
 */
record Placement(int left, int top, int width, int height, int outWidth, int outHeight) {
    RgbImage cut(RgbImage image) {
        return isWhole(image.width(), image.height()) ? image : image.crop(left, top, width, height);
    }

    /** Scales the part while strips of the image come. */
    StripResize resize() {
        return new StripResize(left, top, width, height, outWidth, outHeight);
    }

    /** The bytes that {@link #cut} and {@link Resize} take beside the image without vectors. */
    long bytes(int imageWidth, int imageHeight) {
        return (isWhole(imageWidth, imageHeight) ? 0 : 3L * width * height) + 3L * outWidth * (height + outHeight);
    }

    /** The bytes that {@link #resize} takes. */
    long resizeBytes() {
        return StripResize.bytes(width, height, outWidth, outHeight);
    }

    /** The bytes that {@link #cut} and {@link Resize} take beside the image with vectors. */
    long stripBytes(int imageWidth, int imageHeight) {
        return (isWhole(imageWidth, imageHeight) ? 0 : 3L * width * height) + RgbStrips.bytes(width) + resizeBytes();
    }

    private boolean isWhole(int imageWidth, int imageHeight) {
        return width == imageWidth && height == imageHeight;
    }
}
