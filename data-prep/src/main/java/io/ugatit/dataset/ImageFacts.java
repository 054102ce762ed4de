package io.ugatit.dataset;

import io.ugatit.image.ImageHeader;

/**
 * What a shard tells of an image beside its pixels: what its source was, and how bright and colourful it is as stored, before encoding.
 *
 * @param format of the source file, such as {@code JPEG}
 * @param mode kind of the source's pixels as Pillow calls it, such as {@code RGB} or {@code L}
 * @param sourceWidth columns of the upright source
 * @param sourceHeight rows of the upright source
 * @param red mean of the stored pixels' reds, 0 to 255
 * @param green mean of their greens, 0 to 255
 * @param blue mean of their blues, 0 to 255
 * @param contrast standard deviation of their luma, 0 to 127.5
 */
public record ImageFacts(
        String format, String mode, int sourceWidth, int sourceHeight, float red, float green, float blue, float contrast) {

    /** @throws IllegalArgumentException if a size is not positive or a figure not in its range */
    public ImageFacts {
        boolean possible = sourceWidth > 0 && sourceHeight > 0 && inRange(red) && inRange(green) && inRange(blue) && inRange(contrast);
        if (!possible) {
            throw new IllegalArgumentException("a size of " + sourceWidth + " x " + sourceHeight + " or means of " + red + ", " + green
                    + ", " + blue + " with contrast " + contrast + " are not possible");
        }
    }

    private static boolean inRange(float value) {
        return value >= 0 && value <= 255;
    }

    /**
     * Measures an image. Luma is rounded to whole numbers as Pillow's conversion to {@code L} does.
     *
     * @param header of the source file
     * @param pixels what is stored: interleaved R G B, at least one pixel
     */
    public static ImageFacts of(ImageHeader header, byte[] pixels) {
        long red = 0;
        long green = 0;
        long blue = 0;
        long lumas = 0;
        long squares = 0;
        for (int i = 0; i < pixels.length; i += 3) {
            int r = pixels[i] & 0xff;
            int g = pixels[i + 1] & 0xff;
            int b = pixels[i + 2] & 0xff;
            int luma = 19595 * r + 38470 * g + 7471 * b + 0x8000 >> 16;
            red += r;
            green += g;
            blue += b;
            lumas += luma;
            squares += luma * luma;
        }
        double count = pixels.length / 3;
        double mean = lumas / count;
        double variance = Math.max(0, squares / count - mean * mean);
        return new ImageFacts(header.format().toString(), header.mode(), header.width(), header.height(),
                (float) (red / count), (float) (green / count), (float) (blue / count), (float) Math.sqrt(variance));
    }

    /** Mean of the luma, 0 to 255: 0.299 R + 0.587 G + 0.114 B. */
    public double brightness() {
        return 0.299 * red + 0.587 * green + 0.114 * blue;
    }
}
