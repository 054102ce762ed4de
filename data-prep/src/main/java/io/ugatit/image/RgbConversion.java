package io.ugatit.image;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBufferByte;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;

/**
 * Turns what ImageIO decodes into RGB. Samples are taken as they are stored, because {@link BufferedImage#getRGB} would treat gray as
 * linear light and brighten it. Transparency is composed on white; 16-bit samples keep their high byte.
 */
final class RgbConversion {
    private RgbConversion() {}

    static RgbImage toRgb(BufferedImage image) {
        byte[] rgb = new byte[Math.multiplyExact(3, Math.multiplyExact(image.getWidth(), image.getHeight()))];
        ColorModel colors = image.getColorModel();
        int space = colors.getColorSpace().getType();
        if (!(colors instanceof ComponentColorModel) || (space != ColorSpace.TYPE_RGB && space != ColorSpace.TYPE_GRAY)) {
            fromColorModel(image, rgb);
        } else if (!colors.hasAlpha()
                && image.getRaster().getDataBuffer() instanceof DataBufferByte
                && image.getRaster().getSampleModel() instanceof PixelInterleavedSampleModel) {
            fromBytes(image.getRaster(), rgb);
        } else {
            fromSamples(image.getRaster(), colors, rgb);
        }
        return new RgbImage(image.getWidth(), image.getHeight(), rgb);
    }

    /** Palettes and packed pixels: their own model knows the color. */
    private static void fromColorModel(BufferedImage image, byte[] rgb) {
        int width = image.getWidth();
        int[] row = new int[width];
        int o = 0;
        for (int y = 0; y < image.getHeight(); y++) {
            image.getRGB(0, y, width, 1, row, 0, width);
            for (int argb : row) {
                int alpha = argb >>> 24;
                rgb[o++] = onWhite(argb >> 16 & 0xff, alpha);
                rgb[o++] = onWhite(argb >> 8 & 0xff, alpha);
                rgb[o++] = onWhite(argb & 0xff, alpha);
            }
        }
    }

    /** Gray or RGB in bytes of any order: the usual case, and the fast one. */
    private static void fromBytes(Raster raster, byte[] rgb) {
        PixelInterleavedSampleModel layout = (PixelInterleavedSampleModel) raster.getSampleModel();
        DataBufferByte buffer = (DataBufferByte) raster.getDataBuffer();
        byte[] data = buffer.getData();
        int[] bands = layout.getBandOffsets();
        int red = bands[0];
        int green = bands[bands.length == 1 ? 0 : 1];
        int blue = bands[bands.length == 1 ? 0 : 2];
        int o = 0;
        for (int y = 0; y < raster.getHeight(); y++) {
            int i = buffer.getOffset()
                    + (y - raster.getSampleModelTranslateY()) * layout.getScanlineStride()
                    - raster.getSampleModelTranslateX() * layout.getPixelStride();
            for (int x = 0; x < raster.getWidth(); x++) {
                rgb[o++] = data[i + red];
                rgb[o++] = data[i + green];
                rgb[o++] = data[i + blue];
                i += layout.getPixelStride();
            }
        }
    }

    /** Gray or RGB of any depth, with or without alpha. */
    private static void fromSamples(Raster raster, ColorModel colors, byte[] rgb) {
        int bands = raster.getNumBands();
        int width = raster.getWidth();
        int bits = colors.getComponentSize(0);
        int green = bands < 3 ? 0 : 1;
        int blue = bands < 3 ? 0 : 2;
        int[] row = new int[width * bands];
        int o = 0;
        for (int y = 0; y < raster.getHeight(); y++) {
            raster.getPixels(0, y, width, 1, row);
            for (int i = 0; i < row.length; i += bands) {
                int alpha = colors.hasAlpha() ? toByte(row[i + bands - 1], bits) : 255;
                rgb[o++] = onWhite(toByte(row[i], bits), alpha);
                rgb[o++] = onWhite(toByte(row[i + green], bits), alpha);
                rgb[o++] = onWhite(toByte(row[i + blue], bits), alpha);
            }
        }
    }

    private static int toByte(int sample, int bits) {
        return bits >= 8 ? sample >>> (bits - 8) : sample * 255 / ((1 << bits) - 1);
    }

    private static byte onWhite(int sample, int alpha) {
        return (byte) ((sample * alpha + 255 * (255 - alpha) + 127) / 255);
    }
}
