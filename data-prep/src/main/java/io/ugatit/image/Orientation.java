package io.ugatit.image;

import java.nio.BufferUnderflowException;
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

    /**
     * Reads the orientation of a file. A file without one, or with one that makes no sense, is upright, as every viewer has it.
     *
     * @param format the file's format
     * @param file the whole file
     */
    static Orientation of(ImageFormat format, byte[] file) {
        try {
            ByteBuffer exif = switch (format) {
                case JPEG -> inJpeg(ByteBuffer.wrap(file));
                case PNG -> inPng(ByteBuffer.wrap(file));
                case WEBP -> inWebp(ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN));
                case GIF, BMP -> null;
            };
            return exif == null ? UPRIGHT : inTiff(exif);
        } catch (BufferUnderflowException | IllegalArgumentException | IndexOutOfBoundsException e) {
            // the block is cut or its offsets point outside: the pixels may still be good, and the decoder decides that
            return UPRIGHT;
        }
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

    private static ByteBuffer inJpeg(ByteBuffer file) {
        file.position(2);
        while (file.remaining() >= 4) {
            if ((file.get() & 0xff) != 0xff) {
                return null;
            }
            int marker = file.get() & 0xff;
            if (marker == 0xff) { // a fill byte
                file.position(file.position() - 1);
                continue;
            }
            if (marker == 0xda || marker == 0xd9) { // the pixels begin, or the image ends
                return null;
            }
            int length = (file.getShort() & 0xffff) - 2;
            ByteBuffer segment = file.slice(file.position(), length);
            if (marker == 0xe1 && startsWith(segment, "Exif\0\0")) {
                return segment.position(6).slice();
            }
            file.position(file.position() + length);
        }
        return null;
    }

    private static ByteBuffer inPng(ByteBuffer file) {
        file.position(8);
        while (file.remaining() >= 12) {
            int length = file.getInt();
            ByteBuffer chunk = file.slice(file.position(), 4 + length);
            if (startsWith(chunk, "eXIf")) {
                return chunk.position(4).slice();
            }
            file.position(file.position() + 4 + length + 4);
        }
        return null;
    }

    private static ByteBuffer inWebp(ByteBuffer file) {
        file.position(12);
        while (file.remaining() >= 8) {
            boolean exif = startsWith(file.slice(), "EXIF");
            int length = file.position(file.position() + 4).getInt();
            ByteBuffer chunk = file.slice(file.position(), length);
            if (exif) {
                return startsWith(chunk, "Exif\0\0") ? chunk.position(6).slice() : chunk;
            }
            file.position(file.position() + length + (length & 1));
        }
        return null;
    }

    private static Orientation inTiff(ByteBuffer tiff) {
        tiff.order(tiff.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        tiff.position(tiff.getInt(4));
        int entries = tiff.getShort() & 0xffff;
        for (int i = 0; i < entries; i++) {
            int entry = tiff.position() + 12 * i;
            if ((tiff.getShort(entry) & 0xffff) == TAG && tiff.getShort(entry + 2) == TIFF_SHORT) {
                int value = tiff.getShort(entry + 8);
                return value >= 1 && value <= 8 ? values()[value - 1] : UPRIGHT;
            }
        }
        return UPRIGHT;
    }

    private static boolean startsWith(ByteBuffer bytes, String expected) {
        byte[] wanted = expected.getBytes(StandardCharsets.ISO_8859_1);
        return bytes.remaining() >= wanted.length && bytes.slice(bytes.position(), wanted.length).equals(ByteBuffer.wrap(wanted));
    }
}
