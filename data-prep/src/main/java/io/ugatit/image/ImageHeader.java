package io.ugatit.image;

import io.ugatit.image.metadata.TiffDirectory;
import io.ugatit.image.reader.GifImage;
import io.ugatit.image.reader.RefusedImageException;
import io.ugatit.image.reader.TiffImage;
import io.ugatit.image.reader.WebpImage;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Set;

/**
 * What the header of an image file says, read without decoding a pixel.
 *
 * @param format the file's format
 * @param mode the kind of its pixels as Pillow calls it: {@code 1}, {@code L}, {@code LA}, {@code P}, {@code PA}, {@code RGB},
 *     {@code RGBA}, {@code CMYK}, {@code I;16}, {@code I;16B}
 * @param width columns of the upright image
 * @param height rows of the upright image
 */
public record ImageHeader(ImageFormat format, String mode, int width, int height) {
    /** Huffman tables, a reserved one, and arithmetic coding's tables: the markers among those of JPEG frames that begin none. */
    private static final Set<Integer> NO_FRAMES = Set.of(0xc4, 0xc8, 0xcc);
    private static final int BITMAP_HEADER = 14;
    private static final int OLD_BITMAP_HEADER = 12;
    private static final int BITMAP_WITH_ALPHA_MASK = 56;
    private static final int BIT_FIELDS = 3;

    /** The kind of pixels, and the size as they are stored. */
    private record Stored(String mode, int width, int height) {}

    /**
     * Reads a header.
     *
     * @param file the whole file
     * @param name its name or path, whose ending tells some formats that cannot be decoded
     * @throws ImageFormatException if the file is of no format that can be decoded, or its header is damaged or cut off
     */
    public static ImageHeader of(byte[] file, String name) throws ImageFormatException {
        ImageFormat format = ImageFormat.requireDecoded(file, name);
        try {
            Stored stored = switch (format) {
                case JPEG -> jpeg(ByteBuffer.wrap(file));
                case PNG -> png(ByteBuffer.wrap(file));
                case GIF -> gif(new GifImage(file));
                case BMP -> bitmap(ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN));
                case WEBP -> webp(WebpImage.parse(file));
                case TIFF -> tiff(file);
            };
            boolean sideways = format.orientation(file).isSideways();
            return new ImageHeader(format, stored.mode, sideways ? stored.height : stored.width, sideways ? stored.width : stored.height);
        } catch (ImageFormatException e) {
            throw e;
        } catch (RefusedImageException e) {
            throw new ImageFormatException(e.getMessage(), e);
        } catch (IOException | IndexOutOfBoundsException e) {
            throw new ImageFormatException("damaged or cut-off " + format + ": its header makes no sense", e);
        }
    }

    /** Finds the frame's segment; what is between segments is skipped, as in libjpeg. */
    private static Stored jpeg(ByteBuffer file) {
        int at = 2;
        while (true) { // to the frame, or over the end, which is found
            int marker = (file.get(at) & 0xff) == 0xff ? file.get(at + 1) & 0xff : 0;
            if (marker >= 0xc0 && marker <= 0xcf && !NO_FRAMES.contains(marker)) {
                return new Stored(switch (file.get(at + 9)) {
                    case 1 -> "L";
                    case 3 -> "RGB";
                    default -> "CMYK";
                }, file.getShort(at + 7) & 0xffff, file.getShort(at + 5) & 0xffff);
            }
            boolean segment = marker > 1 && marker < 0xff && (marker < 0xd0 || marker > 0xd8); // those in between stand alone
            at += segment ? 2 + Math.max(2, file.getShort(at + 2) & 0xffff) : 1;
        }
    }

    private static Stored png(ByteBuffer file) {
        int bits = file.get(24);
        String mode = switch (file.get(25)) {
            case 0 -> bits == 1 ? "1" : bits == 16 ? "I;16" : "L";
            case 2 -> "RGB";
            case 3 -> "P";
            case 4 -> bits == 16 ? "RGBA" : "LA"; // Pillow has no 16-bit gray with transparency
            default -> "RGBA";
        };
        return new Stored(mode, file.getInt(16), file.getInt(20));
    }

    private static Stored gif(GifImage image) {
        return new Stored(image.isGray() ? "L" : "P", image.width(), image.height());
    }

    private static Stored webp(WebpImage image) {
        return new Stored(image.hasAlpha() ? "RGBA" : "RGB", image.width(), image.height());
    }

    private static Stored bitmap(ByteBuffer file) {
        int header = file.getInt(BITMAP_HEADER);
        boolean old = header == OLD_BITMAP_HEADER;
        int width = old ? file.getShort(18) & 0xffff : file.getInt(18);
        int height = old ? file.getShort(20) & 0xffff : Math.abs(file.getInt(22)); // negative if the top row comes first
        int bits = file.getShort(old ? 24 : 28);
        String mode = "RGB";
        if (bits <= 8) {
            int colours = old || file.getInt(46) == 0 ? 1 << bits : file.getInt(46);
            mode = bitmapPalette(file, BITMAP_HEADER + header, colours, old ? 3 : 4);
        } else if (bits == 32 && file.getInt(30) == BIT_FIELDS && header >= BITMAP_WITH_ALPHA_MASK
                && (file.getInt(66) != 0 || noMasks(file))) {
            mode = "RGBA";
        }
        return new Stored(mode, width, height);
    }

    private static boolean noMasks(ByteBuffer file) {
        return file.getInt(54) == 0 && file.getInt(58) == 0 && file.getInt(62) == 0;
    }

    /** Of grays from black to white in order, numbers are lightness. */
    private static String bitmapPalette(ByteBuffer file, int at, int colours, int stride) {
        for (int i = 0; i < colours; i++) {
            byte gray = (byte) (colours == 2 ? 255 * i : i);
            for (int channel = 0; channel < 3; channel++) {
                if (file.get(at + stride * i + channel) != gray) {
                    return "P";
                }
            }
        }
        return colours == 2 ? "1" : "L";
    }

    private static Stored tiff(byte[] file) throws IOException {
        TiffImage image = ImageFormat.tiff(file);
        TiffDirectory tags = TiffDirectory.read(ByteBuffer.wrap(file)).orElseThrow(EOFException::new);
        int bits = image.bits();
        int extra = (int) tags.value(338, 0, 2); // what samples beyond the colours are: 0 nothing, else transparency
        String mode = switch ((int) image.photometric()) {
            case 0, 1 -> gray(bits, image.samples() > 1 && extra != 0, file[0] == 'M' && image.photometric() == 1);
            case 3 -> image.samples() > 1 && extra != 0 ? "PA" : "P";
            case 5 -> "CMYK";
            case 6 -> image.samples() == 1 ? "L" : "RGB";
            default -> image.samples() > 3 && extra != 0 ? "RGBA" : "RGB";
        };
        return new Stored(mode, image.width(), image.height());
    }

    private static String gray(int bits, boolean alpha, boolean bigEndian) {
        if (alpha) {
            return "LA";
        }
        return switch (bits) {
            case 1 -> "1";
            case 16 -> bigEndian ? "I;16B" : "I;16";
            default -> "L";
        };
    }
}
