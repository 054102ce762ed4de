package io.ugatit.image;

/**
 * An image of 8-bit RGB pixels. The array is not copied: whoever makes an image gives the array away, and whoever reads it leaves it as
 * it is.
 *
 * @param width columns, at least 1
 * @param height rows, at least 1
 * @param pixels {@code height * width * 3} bytes, row by row from the top, interleaved R G B
 */
public record RgbImage(int width, int height, byte[] pixels) {
    /** @throws IllegalArgumentException if the size is not positive or the array does not have {@code height * width * 3} bytes */
    public RgbImage {
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException("an image of " + width + " x " + height + " pixels is not possible");
        }
        if (pixels.length != 3L * width * height) {
            throw new IllegalArgumentException(
                    "an image of " + width + " x " + height + " pixels has " + 3L * width * height + " bytes, not " + pixels.length);
        }
    }

    /**
     * Cuts a rectangle out.
     *
     * @param left first column, 0 or more
     * @param top first row, 0 or more
     * @param cropWidth columns, {@code left + cropWidth} at most the width
     * @param cropHeight rows, {@code top + cropHeight} at most the height
     * @return a copy of the rectangle
     * @throws IllegalArgumentException if the rectangle is not inside the image
     */
    public RgbImage crop(int left, int top, int cropWidth, int cropHeight) {
        if (left < 0 || top < 0 || cropWidth > width - left || cropHeight > height - top) {
            throw new IllegalArgumentException("the rectangle " + cropWidth + " x " + cropHeight + " at (" + left + ", " + top
                    + ") is not inside an image of " + width + " x " + height);
        }
        byte[] cut = new byte[3 * cropWidth * cropHeight];
        for (int y = 0; y < cropHeight; y++) {
            System.arraycopy(pixels, 3 * ((top + y) * width + left), cut, 3 * y * cropWidth, 3 * cropWidth);
        }
        return new RgbImage(cropWidth, cropHeight, cut);
    }
}
