package io.ugatit.image;

import io.ugatit.image.strip.White;

/**
 * An image as OpenCV and Spark's image schema hold it. The array is not copied.
 *
 * @param width columns
 * @param height rows
 * @param channels 1 for gray, 3 for B G R, 4 for B G R and opacity
 * @param bytes {@code height * width * channels} samples of 8 bits, row by row from the top, interleaved
 */
public record OpenCvPixels(int width, int height, int channels, byte[] bytes) {

    /** Refuses what {@link #toRgb} cannot take. */
    void require() throws ImageFormatException {
        if (channels != 1 && channels != 3 && channels != 4) {
            throw new ImageFormatException(channels + " channels: must be 1 (gray), 3 (BGR) or 4 (BGRA)");
        }
        long expected = (long) width * height * channels;
        if (bytes.length != expected) {
            throw new ImageFormatException(width + " x " + height + " pixels of " + channels + " bytes are " + expected + " bytes, not "
                    + bytes.length);
        }
    }

    /** The same in RGB, transparency composed on white as in decoded files. */
    RgbImage toRgb() {
        byte[] rgb = new byte[3 * width * height];
        int green = channels == 1 ? 0 : 1;
        int red = channels == 1 ? 0 : 2;
        int i = 0;
        for (int o = 0; o < rgb.length; o += 3) {
            int opacity = channels == 4 ? Byte.toUnsignedInt(bytes[i + 3]) : 255;
            rgb[o] = White.under(Byte.toUnsignedInt(bytes[i + red]), opacity);
            rgb[o + 1] = White.under(Byte.toUnsignedInt(bytes[i + green]), opacity);
            rgb[o + 2] = White.under(Byte.toUnsignedInt(bytes[i]), opacity);
            i += channels;
        }
        return new RgbImage(width, height, rgb);
    }
}
