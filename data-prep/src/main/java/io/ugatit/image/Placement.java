package io.ugatit.image;

import io.ugatit.image.metadata.Orientation;
import io.ugatit.image.strip.ResizedStrips;
import io.ugatit.image.strip.RgbStrips;
import io.ugatit.image.strip.SidewaysResize;
import io.ugatit.image.strip.StripResize;
import io.ugatit.image.strip.Weights;

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

    /**
     * The same for the image as it is stored.
     *
     * @param orientation how the stored image is turned upright
     * @param imageWidth columns of the stored image
     * @param imageHeight rows of the stored image
     */
    Placement stored(Orientation orientation, int imageWidth, int imageHeight) {
        Placement turned = orientation.isSideways() ? new Placement(top, left, height, width, outHeight, outWidth) : this;
        int across = orientation.isReversedAcross() ? imageWidth - turned.left - turned.width : turned.left;
        int down = orientation.isReversedDown() ? imageHeight - turned.top - turned.height : turned.top;
        return new Placement(across, down, turned.width, turned.height, turned.outWidth, turned.outHeight);
    }

    /**
     * Scales the part while strips of the image come.
     *
     * @param orientation how the result is turned upright; {@link #stored} is for that
     */
    ResizedStrips resize(Orientation orientation) {
        Weights columns = Weights.triangle(width, outWidth);
        Weights rows = Weights.triangle(height, outHeight);
        columns = orientation.isReversedAcross() ? columns.reversed() : columns;
        rows = orientation.isReversedDown() ? rows.reversed() : rows;
        return orientation.isSideways() ? new SidewaysResize(left, top, columns, rows) : new StripResize(left, top, columns, rows);
    }

    /** The bytes that {@link #cut} and {@link Resize} take beside the image without vectors. */
    long bytes(int imageWidth, int imageHeight) {
        return (isWhole(imageWidth, imageHeight) ? 0 : 3L * width * height) + 3L * outWidth * (height + outHeight);
    }

    /** The bytes that {@link #resize} takes, and turning its result. */
    long resizeBytes(Orientation orientation) {
        long turned = orientation == Orientation.UPRIGHT ? 0 : 3L * outWidth * outHeight;
        return turned + (orientation.isSideways() ? SidewaysResize.bytes(width, height, outWidth, outHeight)
                : StripResize.bytes(width, height, outWidth, outHeight));
    }

    /** The bytes that {@link #cut} and {@link Resize} take beside the image with vectors. */
    long stripBytes(int imageWidth, int imageHeight) {
        return (isWhole(imageWidth, imageHeight) ? 0 : 3L * width * height) + RgbStrips.bytes(width) + resizeBytes(Orientation.UPRIGHT);
    }

    private boolean isWhole(int imageWidth, int imageHeight) {
        return width == imageWidth && height == imageHeight;
    }
}
