package io.ugatit.dataset;

/**
 * One image of a dataset. The pixels are shared with the reader's cache: read them, do not change them.
 *
 * @param source path of the image file, relative to the folder of its domain and split, with {@code /} between names
 * @param height rows, at least 1
 * @param width columns, at least 1
 * @param pixels {@code height * width * 3} bytes from 0 to 255 (unsigned), row by row from the top, interleaved R G B
 */
public record DatasetImage(String source, int height, int width, byte[] pixels) {
    /** @throws IllegalArgumentException if the size is not positive or the array does not have {@code height * width * 3} bytes */
    public DatasetImage {
        if (height < 1 || width < 1 || pixels.length != 3L * height * width) {
            throw new IllegalArgumentException(
                    source + ": " + height + " x " + width + " pixels do not go with " + pixels.length + " bytes");
        }
    }
}
