package io.ugatit.image.reader;

import io.ugatit.image.metadata.Blocks;
import io.ugatit.image.metadata.Blocks.Block;

/**
 * Embedded colour profiles are not applied, as in Pillow and so in every training script: samples are taken as they are stored. The JPEG
 * reader would apply them, so profiles are made unrecognisable first. (The other readers do not, or do not see them.)
 */
final class ColorProfile {
    private ColorProfile() {}

    /**
     * Hides the profile of a JPEG.
     *
     * @param file the whole file, left as it is
     * @return a copy without a recognisable profile; the same array if there is none
     */
    static byte[] hide(byte[] file) {
        byte[] result = file;
        for (Block block : Blocks.ofJpeg(file)) {
            if (isIn(file, block)) {
                result = result == file ? file.clone() : result;
                result[block.at()] = 'x'; // a segment of no known name is skipped
            }
        }
        return result;
    }

    /** Whether a segment of a JPEG has a profile or a part of it. */
    static boolean isIn(byte[] file, Block segment) {
        return segment.name().equals("e2") && Blocks.isAt(file, segment.at(), "ICC_PROFILE\0");
    }
}
