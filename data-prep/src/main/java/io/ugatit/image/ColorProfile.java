package io.ugatit.image;

import io.ugatit.image.Blocks.Block;

/**
 * Embedded colour profiles are not applied, as in Pillow and so in every training script: samples are taken as they are stored. The JPEG
 * reader would apply them, so profiles are made unrecognisable first. (The other readers do not, or do not see them.)
 */
final class ColorProfile {
    private ColorProfile() {}

    /**
     * Hides the profile of a file.
     *
     * @param format the file's format
     * @param file the whole file, left as it is
     * @return a copy without a recognisable profile; the same array if there is none
     */
    static byte[] hide(ImageFormat format, byte[] file) {
        byte[] result = file;
        for (Block block : Blocks.of(format, file)) {
            if (format == ImageFormat.JPEG && block.name().equals("e2") && ImageFormat.startsWith(file, block.at(), "ICC_PROFILE\0")) {
                result = result == file ? file.clone() : result;
                result[block.at()] = 'x'; // a segment of no known name is skipped
            }
        }
        return result;
    }
}
