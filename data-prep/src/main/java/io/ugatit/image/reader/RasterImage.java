package io.ugatit.image.reader;

import com.twelvemonkeys.imageio.plugins.jpeg.JPEGImageReaderSpi;
import com.twelvemonkeys.imageio.stream.ByteArrayImageInputStream;
import io.ugatit.image.metadata.Blocks;
import io.ugatit.image.reader.RgbConversion.Alpha;
import java.awt.image.SampleModel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.spi.IIORegistry;
import javax.imageio.stream.ImageInputStream;

/** A JPEG, PNG or BMP, read by ImageIO and TwelveMonkeys' plug-in for it. */
public final class RasterImage extends EncodedImage {
    static {
        // ImageIO finds its plug-ins through the class loader of whichever thread comes first, and on a Spark executor that one does
        // not see the job's jar: register by hand
        IIORegistry.getDefaultInstance().registerServiceProvider(new JPEGImageReaderSpi());
    }

    private final String format;
    /** How many bytes a copy takes that is read instead of the file. */
    private final int copied;
    private final boolean severalScans;
    private final ImageReader reader;
    private final List<String> warnings = new ArrayList<>();

    private RasterImage(String format, ImageInputStream given, int copied, boolean severalScans) {
        this.format = format;
        this.copied = copied;
        this.severalScans = severalScans;
        reader = ImageIO.getImageReadersByFormatName(format.toLowerCase(Locale.ROOT)).next();
        reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
        reader.setInput(given, true, true);
    }

    /**
     * Begins to read a JPEG of any kind but that of {@link LibjpegImage}.
     *
     * @param file the whole file, left as it is
     * @throws IOException if it is of a kind that is not read
     */
    public static RasterImage jpeg(byte[] file) throws IOException {
        return jpeg(file, JpegKind.of(file));
    }

    static RasterImage jpeg(byte[] file, JpegKind kind) {
        byte[] given = ColorProfile.hide(file);
        return new RasterImage("JPEG", new ByteArrayImageInputStream(given), given == file ? 0 : given.length, kind.severalScans());
    }

    /**
     * Begins to read a PNG of any kind.
     *
     * @param file the whole file, left as it is
     * @throws IOException if it is cut off
     */
    public static RasterImage png(byte[] file) throws IOException {
        if (Blocks.ofPng(file).stream().noneMatch(block -> block.name().equals("IEND"))) {
            throw new RefusedImageException("cut-off PNG: the file ends before the image does"); // the reader lets it pass
        }
        return new RasterImage("PNG", new ByteArrayImageInputStream(file), 0, false);
    }

    /**
     * Begins to read a BMP.
     *
     * @param file the whole file, left as it is
     * @throws RefusedImageException if too much lies before its pixels
     */
    public static RasterImage bmp(byte[] file) throws RefusedImageException {
        return new RasterImage("BMP", BitmapInput.of(file), 0, false);
    }

    @Override
    public int width() throws IOException {
        return reader.getWidth(0);
    }

    @Override
    public int height() throws IOException {
        return reader.getHeight(0);
    }

    @Override
    public long decodingBytes() throws IOException {
        double raster = bytesPerPixel(reader.getImageTypes(0).next());
        // a JPEG of several scans is held as coefficients of two bytes until the last
        double perPixel = raster + (severalScans ? 2 * Math.max(raster, 1) : 0) + 3;
        return (long) (perPixel * width() * height()) + copied;
    }

    @Override
    public byte[] decode() throws IOException {
        byte[] image = RgbConversion.toRgb(reader.read(0));
        requireUndamaged(warnings, format);
        return image;
    }

    @Override
    public Optional<byte[]> opacity() throws IOException {
        if (!reader.getImageTypes(0).next().getColorModel().hasAlpha()) {
            return Optional.empty();
        }
        byte[] opacity = RgbConversion.opacity(reader.read(0), Alpha.STRAIGHT);
        requireUndamaged(warnings, format);
        return Optional.of(opacity);
    }

    @Override
    public void close() {
        reader.dispose();
    }

    /** What a pixel of this type takes in memory. */
    static double bytesPerPixel(ImageTypeSpecifier type) {
        SampleModel model = type.getSampleModel(1, 1);
        int bits = 0;
        for (int size : model.getSampleSize()) {
            bits += size;
        }
        return bits < 8 ? bits / 8.0 : (bits + 7) / 8;
    }

    /**
     * libjpeg goes on after missing data with gray and after bad codes with noise, and only warns. A missing end marker, extra bytes and
     * odd metadata leave the pixels whole.
     */
    static void requireUndamaged(List<String> warnings, String format) throws RefusedImageException {
        for (String warning : warnings) {
            String text = warning.toLowerCase(Locale.ROOT);
            if (text.contains("premature end") || text.contains("bad huffman code") || text.contains("found marker")) {
                throw new RefusedImageException("damaged or cut-off " + format + ": " + warning);
            }
        }
    }
}
