package io.ugatit.image;

import com.twelvemonkeys.imageio.plugins.jpeg.JPEGImageReaderSpi;
import com.twelvemonkeys.imageio.stream.ByteArrayImageInputStream;
import io.ugatit.image.Blocks.Block;
import java.awt.image.SampleModel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.spi.IIORegistry;

/** A JPEG, PNG or BMP, read by ImageIO and TwelveMonkeys' plug-in for it. */
final class RasterImage extends EncodedImage {
    static {
        // ImageIO finds its plug-ins through the class loader of whichever thread comes first, and on a Spark executor that one does
        // not see the job's jar: register by hand
        IIORegistry.getDefaultInstance().registerServiceProvider(new JPEGImageReaderSpi());
    }

    private final ImageFormat format;
    private final byte[] file;
    private final List<Block> blocks;
    private final byte[] unprofiled;
    private final ImageReader reader;
    private final List<String> warnings = new ArrayList<>();

    RasterImage(ImageFormat format, byte[] file) throws ImageFormatException {
        this.format = format;
        this.file = file;
        blocks = Blocks.of(format, file);
        if (format == ImageFormat.PNG && blocks.stream().noneMatch(block -> block.name().equals("IEND"))) {
            throw new ImageFormatException("cut-off " + format + ": the file ends before the image does"); // the reader lets it pass
        }
        for (Block block : blocks) {
            if (format == ImageFormat.JPEG && block.name().matches("c[0-2]") && block.length() > 0 && file[block.at()] == 12) {
                throw new ImageFormatException("JPEG images of 12 bits a sample cannot be decoded: convert them to PNG"); // nor by Pillow
            }
        }
        unprofiled = ColorProfile.hide(format, file);
        reader = ImageIO.getImageReadersByFormatName(format.name().toLowerCase(Locale.ROOT)).next();
        reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
        reader.setInput(new ByteArrayImageInputStream(unprofiled), true, true);
    }

    @Override
    int width() throws IOException {
        return reader.getWidth(0);
    }

    @Override
    int height() throws IOException {
        return reader.getHeight(0);
    }

    @Override
    long decodingBytes() throws IOException {
        double raster = bytesPerPixel(reader.getImageTypes(0).next());
        // a progressive JPEG is held as coefficients of two bytes until its last scan
        double perPixel = raster + (isProgressive() ? 2 * Math.max(raster, 1) : 0) + 3;
        return (long) (perPixel * width() * height()) + (unprofiled == file ? 0 : file.length);
    }

    @Override
    RgbImage decode() throws IOException {
        RgbImage image = RgbConversion.toRgb(reader.read(0));
        requireUndamaged(warnings, format);
        return image;
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
    static void requireUndamaged(List<String> warnings, ImageFormat format) throws ImageFormatException {
        for (String warning : warnings) {
            String text = warning.toLowerCase(Locale.ROOT);
            if (text.contains("premature end") || text.contains("bad huffman code") || text.contains("found marker")) {
                throw new ImageFormatException("damaged or cut-off " + format + ": " + warning);
            }
        }
    }

    private boolean isProgressive() {
        return format == ImageFormat.JPEG && blocks.stream().map(Block::name).anyMatch(List.of("c2", "c6", "ca")::contains);
    }
}
