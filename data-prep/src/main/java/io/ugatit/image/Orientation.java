package io.ugatit.image;

import io.ugatit.image.Blocks.Block;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The EXIF orientation of an image file: how the stored pixels must be turned or mirrored to be upright. */
enum Orientation {
    UPRIGHT,
    MIRRORED,
    TURNED_180,
    FLIPPED,
    TRANSPOSED,
    TURNED_90,
    TRANSVERSED,
    TURNED_270;

    private static final int TAG = 0x0112;
    private static final int TIFF_SHORT = 3;
    private static final byte[] EXIF = "Exif\0\0".getBytes(StandardCharsets.ISO_8859_1);

    /**
     * Reads the orientation of a file. A file without one, or with one that makes no sense, is upright, as every viewer has it.
     *
     * @param format the file's format
     * @param file the whole file
     */
    static Orientation of(ImageFormat format, byte[] file) {
        for (Block block : Blocks.of(format, file)) {
            ByteBuffer content = ByteBuffer.wrap(file, block.at(), block.length()).slice();
            boolean named = startsWithExif(content);
            boolean exif = switch (format) {
                case JPEG -> block.name().equals("e1") && named;
                case PNG -> block.name().equals("eXIf");
                case WEBP -> block.name().equals("EXIF");
                case GIF, BMP -> false;
            };
            if (exif) {
                return inTiff(named ? content.position(EXIF.length).slice() : content);
            }
        }
        return UPRIGHT;
    }

    /**
     * Turns an image upright.
     *
     * @param image the pixels as stored
     * @return the upright image; the same one if it is upright already
     */
    RgbImage apply(RgbImage image) {
        if (this == UPRIGHT) {
            return image;
        }
        int inWidth = image.width();
        int inHeight = image.height();
        boolean swapped = ordinal() >= TRANSPOSED.ordinal();
        int width = swapped ? inHeight : inWidth;
        int height = swapped ? inWidth : inHeight;
        byte[] in = image.pixels();
        byte[] out = new byte[in.length];
        int o = 0;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int fromX = switch (this) {
                    case UPRIGHT, FLIPPED -> x;
                    case MIRRORED, TURNED_180 -> inWidth - 1 - x;
                    case TRANSPOSED, TURNED_90 -> y;
                    case TRANSVERSED, TURNED_270 -> inWidth - 1 - y;
                };
                int fromY = switch (this) {
                    case UPRIGHT, MIRRORED -> y;
                    case TURNED_180, FLIPPED -> inHeight - 1 - y;
                    case TRANSPOSED, TURNED_270 -> x;
                    case TURNED_90, TRANSVERSED -> inHeight - 1 - x;
                };
                int i = 3 * (fromY * inWidth + fromX);
                out[o++] = in[i];
                out[o++] = in[i + 1];
                out[o++] = in[i + 2];
            }
        }
        return new RgbImage(width, height, out);
    }

    private static Orientation inTiff(ByteBuffer tiff) {
        try {
            tiff.order(tiff.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
            int directory = tiff.getInt(4);
            int entries = tiff.getShort(directory) & 0xffff;
            for (int i = 0; i < entries; i++) {
                int entry = directory + 2 + 12 * i;
                if ((tiff.getShort(entry) & 0xffff) == TAG && tiff.getShort(entry + 2) == TIFF_SHORT) {
                    int value = tiff.getShort(entry + 8);
                    return value >= 1 && value <= 8 ? values()[value - 1] : UPRIGHT;
                }
            }
            return UPRIGHT;
        } catch (IndexOutOfBoundsException e) {
            return UPRIGHT; // an offset points outside: the pixels may still be good, and the decoder decides that
        }
    }

    private static boolean startsWithExif(ByteBuffer content) {
        return content.remaining() >= EXIF.length && content.slice(0, EXIF.length).equals(ByteBuffer.wrap(EXIF));
    }
}
