package io.ugatit.image.reader;

import com.twelvemonkeys.imageio.stream.ByteArrayImageInputStream;
import io.ugatit.image.metadata.Blocks;
import io.ugatit.image.metadata.Blocks.Block;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageReader;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;

/**
 * A JPEG of inks, or whose quantisation tables have 16 bits, read by the JDK's reader alone: TwelveMonkeys' rounds inks otherwise than Pillow,
 * and would take 8 of the bits. The JDK's has rules of its own for which colours a file has, so it is given a copy that says so and asked
 * for what is stored.
 */
final class LibjpegImage extends EncodedImage {
    private static final int HALF = 1 << 15;
    private static final String READER = "com.sun.imageio.plugins.jpeg.JPEGImageReaderSpi";
    /** Marker, length, name, version and flags; what has been done to the colours is the last byte. */
    private static final byte[] ADOBE = {(byte) 0xff, (byte) 0xee, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0};

    private final JpegKind kind;
    private final byte[] copy;
    private final ImageReader reader;
    private final List<String> warnings = new ArrayList<>();

    /**
     * Begins to read a file.
     *
     * @param file the whole file, left as it is
     * @param kind what its header says
     * @throws IOException if there are not as many components as colours can have
     */
    LibjpegImage(byte[] file, JpegKind kind) throws IOException {
        if (kind.components() != 1 && kind.components() != 3 && kind.components() != 4) {
            throw new RefusedImageException("JPEG images of " + kind.components() + " components cannot be decoded");
        }
        this.kind = kind;
        copy = marked(file, kind);
        reader = IIORegistry.getDefaultInstance()
                .getServiceProviders(ImageReaderSpi.class, provider -> provider.getClass().getName().equals(READER), false).next()
                .createReaderInstance();
        reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
        reader.setInput(new ByteArrayImageInputStream(copy), true, true);
    }

    /** A copy with one mark of which colours there are, and without a profile. */
    private static byte[] marked(byte[] file, JpegKind kind) {
        byte[] copy = new byte[file.length + ADOBE.length];
        System.arraycopy(file, 0, copy, 0, 2);
        System.arraycopy(ADOBE, 0, copy, 2, ADOBE.length);
        System.arraycopy(file, 2, copy, 2 + ADOBE.length, file.length - 2);
        copy[1 + ADOBE.length] = (byte) (!kind.differences() ? 0 : kind.components() == 3 ? 1 : 2);
        for (Block block : Blocks.ofJpeg(file)) {
            if (JpegKind.isAdobe(file, block) || ColorProfile.isIn(file, block)) {
                copy[ADOBE.length + block.at()] = 'x'; // a segment of no known name is skipped
            }
        }
        return copy;
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
        long perPixel = kind.components() * (kind.severalScans() ? 3L : 1) + 3; // a coefficient has two bytes
        return perPixel * width() * height() + copy.length;
    }

    @Override
    public byte[] decode() throws IOException {
        Raster raster = reader.readRaster(0, null);
        RasterImage.requireUndamaged(warnings, "JPEG");
        byte[] samples = ((DataBufferByte) raster.getDataBuffer()).getData();
        int bands = raster.getNumBands();
        if (kind.differences()) {
            withoutDifferences(samples, bands);
        }
        if (bands < 4) {
            return RgbConversion.fromBytes(raster);
        }
        for (int i = 0; i < samples.length; i++) {
            if (i % 4 == 3 || !kind.differences()) {
                samples[i] = (byte) ~samples[i]; // stored is what the inks let through
            }
        }
        return RgbConversion.fromCmyk(raster);
    }

    /** Makes light and differences of colour what libjpeg does, with 16 fractional bits (jdcolor.c). A raster has them as stored. */
    private static void withoutDifferences(byte[] samples, int bands) {
        for (int i = 0; i < samples.length; i += bands) {
            int light = samples[i] & 0xff;
            int cb = (samples[i + 1] & 0xff) - 128;
            int cr = (samples[i + 2] & 0xff) - 128;
            samples[i] = level(light + (91881 * cr + HALF >> 16));
            samples[i + 1] = level(light + (HALF - 22554 * cb - 46802 * cr >> 16));
            samples[i + 2] = level(light + (116130 * cb + HALF >> 16));
        }
    }

    private static byte level(int value) {
        return (byte) Math.max(0, Math.min(255, value));
    }

    @Override
    public void close() {
        reader.dispose();
    }
}
