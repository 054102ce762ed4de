package io.ugatit.image;

import com.twelvemonkeys.imageio.plugins.jpeg.JPEGImageReaderSpi;
import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.spi.IIORegistry;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Decodes image files into upright RGB: JPEG (CMYK too), PNG, GIF (first frame), BMP and WebP, whatever the file is called. Gray, palettes
 * and 16-bit samples become 8-bit RGB, transparency is composed on white, EXIF orientation is applied, colour profiles are not. Lossless
 * formats and JPEG give Pillow's pixels; in lossy WebP the chroma samples are repeated where libwebp interpolates them. A file that is
 * cut off or damaged is an error, never half an image.
 *
 * <p>The size in the header is checked before memory is taken, so a few bytes cannot ask for gigabytes. Nothing is written to disk.
 * Thread-safe; every call uses a reader of its own and takes about 6 bytes per pixel while it runs.
 */
public final class ImageDecoder {
    /** The most pixels an image may have unless told otherwise: 100 million, more than any camera takes. */
    public static final long DEFAULT_MAX_PIXELS = 100_000_000;

    /** More would not fit an array of RGB bytes. */
    private static final long LIMIT = Integer.MAX_VALUE / 3 - 8;

    static {
        // ImageIO finds its plug-ins through the class loader of whichever thread comes first, and on a Spark executor that one does
        // not see the job's jar: register by hand
        IIORegistry registry = IIORegistry.getDefaultInstance();
        registry.registerServiceProvider(new JPEGImageReaderSpi());
        registry.registerServiceProvider(new WebPImageReaderSpi());
    }

    private final long maxPixels;

    /** A decoder that takes images of up to {@link #DEFAULT_MAX_PIXELS}. */
    public ImageDecoder() {
        this(DEFAULT_MAX_PIXELS);
    }

    /**
     * A decoder with a limit of its own.
     *
     * @param maxPixels the most pixels an image may have, from 1 to 715,827,874
     * @throws IllegalArgumentException if the limit is out of range
     */
    public ImageDecoder(long maxPixels) {
        if (maxPixels < 1 || maxPixels > LIMIT) {
            throw new IllegalArgumentException("maxPixels is " + maxPixels + ": must be from 1 to " + LIMIT);
        }
        this.maxPixels = maxPixels;
    }

    /**
     * Decodes an image.
     *
     * @param file the whole file
     * @return the upright image
     * @throws ImageFormatException if the bytes are no image of a known format, are cut off or damaged, or hold too many pixels
     */
    public RgbImage decode(byte[] file) throws ImageFormatException {
        if (file.length == 0) {
            throw new ImageFormatException("the file is empty");
        }
        ImageFormat format = ImageFormat.of(file).orElseThrow(() -> new ImageFormatException("not a JPEG, PNG, GIF, BMP or WebP image"));
        checkWhole(format, file);
        ImageReader reader = readerOf(format);
        try (MemoryCacheImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(ColorProfile.hide(format, file)))) {
            List<String> warnings = new ArrayList<>();
            reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
            reader.setInput(in, true, true);
            checkSize(reader.getWidth(0), reader.getHeight(0));
            RgbImage image = RgbConversion.toRgb(reader.read(0));
            for (String warning : warnings) {
                if (isDamage(warning)) {
                    throw new ImageFormatException("damaged or cut-off " + format + ": " + warning);
                }
            }
            return Orientation.of(format, file).apply(image);
        } catch (ImageFormatException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // the readers meet damage with exceptions of every kind, unchecked ones included
            throw new ImageFormatException("damaged or cut-off " + format + ": " + reasonOf(e), e);
        } finally {
            reader.dispose();
        }
    }

    private static ImageReader readerOf(ImageFormat format) {
        return ImageIO.getImageReadersByFormatName(format.name().toLowerCase(Locale.ROOT)).next();
    }

    private void checkSize(int width, int height) throws ImageFormatException {
        if (width < 1 || height < 1 || (long) width * height > maxPixels) {
            throw new ImageFormatException(width + " x " + height + " pixels are not from 1 to the " + maxPixels + " allowed");
        }
    }

    /** Finds what the readers let pass: a PNG without its end, a WebP shorter than it says. */
    private static void checkWhole(ImageFormat format, byte[] file) throws ImageFormatException {
        boolean whole = switch (format) {
            case PNG -> Blocks.of(format, file).stream().anyMatch(block -> block.name().equals("IEND"));
            case WEBP -> Integer.toUnsignedLong(ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getInt(4)) + 8 <= file.length;
            case JPEG, GIF, BMP -> true;
        };
        if (!whole) {
            throw new ImageFormatException("cut-off " + format + ": the file ends before the image does");
        }
    }

    /**
     * libjpeg goes on after missing data with gray and after bad codes with noise, and only warns. A missing end marker, extra bytes and
     * odd metadata leave the pixels whole.
     */
    private static boolean isDamage(String warning) {
        String text = warning.toLowerCase(Locale.ROOT);
        return text.contains("premature end") || text.contains("bad huffman code") || text.contains("found marker");
    }

    private static String reasonOf(Exception e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        if (root instanceof EOFException) {
            return "the file ends before the image does";
        }
        String message = root.getMessage();
        return message == null ? root.getClass().getSimpleName() : message.lines().findFirst().orElse("");
    }
}
