package io.ugatit.image;

import io.ugatit.image.Blocks.Block;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Embedded colour profiles are not applied, as in Pillow and so in every training script: samples are taken as they are stored. The JPEG
 * and WebP readers would apply them, so profiles are made unrecognisable first. (The PNG reader does not.)
 */
final class ColorProfile {
    private static final byte[] JPEG_NAME = "ICC_PROFILE\0".getBytes(StandardCharsets.ISO_8859_1);
    private static final int WEBP_HAS_PROFILE = 0x20;

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
            int end = block.at() + block.length();
            boolean profile = switch (format) {
                case JPEG -> block.name().equals("e2")
                        && block.length() >= JPEG_NAME.length
                        && Arrays.equals(file, block.at(), block.at() + JPEG_NAME.length, JPEG_NAME, 0, JPEG_NAME.length);
                case WEBP -> block.name().equals("ICCP") || (block.name().equals("VP8X") && block.at() < end);
                case PNG, GIF, BMP -> false;
            };
            if (profile) {
                result = result == file ? file.clone() : result;
                switch (block.name()) {
                    case "VP8X" -> result[block.at()] &= ~WEBP_HAS_PROFILE;
                    case "ICCP" -> result[block.at() - 8] = 'x'; // a chunk of no known name is skipped
                    default -> result[block.at()] = 'x'; // and so is a segment
                }
            }
        }
        return result;
    }
}
