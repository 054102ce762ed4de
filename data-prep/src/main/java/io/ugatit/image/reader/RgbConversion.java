package io.ugatit.image.reader;

import io.ugatit.image.strip.White;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBufferByte;
import java.awt.image.DirectColorModel;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;

/**
 * Turns what ImageIO decodes into RGB. Samples are taken as they are stored, because {@link BufferedImage#getRGB} would treat gray as
 * linear light and brighten it. Transparency is composed on white; 16-bit samples keep their high byte.
 */
public final class RgbConversion {
    private RgbConversion() {}

    /** What the last of the samples of a pixel says of its transparency. */
    enum Alpha {
        /** Nothing. */
        NONE,
        /** How opaque it is; the colours are as they are. */
        STRAIGHT,
        /** How opaque it is; the colours are multiplied by that already. */
        PREMULTIPLIED
    }

    /** Converts an image whose colour model knows what it needs to. */
    public static byte[] toRgb(BufferedImage image) {
        return toRgb(image, image.getColorModel().hasAlpha() ? Alpha.STRAIGHT : Alpha.NONE);
    }

    /**
     * Converts an image.
     *
     * @param image the image
     * @param alpha what its samples say of transparency; of a palette or packed pixels its colour model knows that
     */
    static byte[] toRgb(BufferedImage image, Alpha alpha) {
        byte[] rgb = new byte[Math.multiplyExact(3, Math.multiplyExact(image.getWidth(), image.getHeight()))];
        ColorModel colors = image.getColorModel();
        int space = colors.getColorSpace().getType();
        if (colors instanceof DirectColorModel && !colors.hasAlpha() && colors.getComponentSize(0) < 8) {
            fromPacked(image.getRaster(), rgb);
        } else if (!(colors instanceof ComponentColorModel) || (space != ColorSpace.TYPE_RGB && space != ColorSpace.TYPE_GRAY)) {
            fromColorModel(image, rgb);
        } else if (alpha == Alpha.NONE
                && image.getRaster().getDataBuffer() instanceof DataBufferByte
                && image.getRaster().getSampleModel() instanceof PixelInterleavedSampleModel) {
            fromBytes(image.getRaster(), rgb);
        } else {
            fromSamples(image.getRaster(), colors.getComponentSize(0), alpha, rgb);
        }
        return rgb;
    }

    /**
     * How opaque an image's pixels are.
     *
     * @param image the image
     * @param alpha what its samples say of transparency, which is something; of a palette or packed pixels its colour model knows that
     * @return three equal bytes a pixel
     */
    static byte[] opacity(BufferedImage image, Alpha alpha) {
        int width = image.getWidth();
        byte[] opacity = new byte[Math.multiplyExact(3, Math.multiplyExact(width, image.getHeight()))];
        boolean samples = image.getColorModel() instanceof ComponentColorModel && alpha != Alpha.NONE;
        int band = image.getRaster().getNumBands() < 3 ? 1 : 3;
        int bits = image.getColorModel().getComponentSize(0);
        int[] row = new int[width];
        int o = 0;
        for (int y = 0; y < image.getHeight(); y++) {
            if (samples) {
                image.getRaster().getSamples(0, y, width, 1, band, row);
            } else {
                image.getRGB(0, y, width, 1, row, 0, width);
            }
            for (int value : row) {
                byte level = (byte) (samples ? toByte(value, bits) : value >>> 24);
                opacity[o++] = level;
                opacity[o++] = level;
                opacity[o++] = level;
            }
        }
        return opacity;
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
                rgb[o++] = White.under(argb >> 16 & 0xff, alpha);
                rgb[o++] = White.under(argb >> 8 & 0xff, alpha);
                rgb[o++] = White.under(argb & 0xff, alpha);
            }
        }
    }

    /** Red, green and blue of five or six bits. Their own model would round, and Pillow does not. */
    private static void fromPacked(Raster raster, byte[] rgb) {
        int[] bits = raster.getSampleModel().getSampleSize();
        int[] row = new int[3 * raster.getWidth()];
        int o = 0;
        for (int y = 0; y < raster.getHeight(); y++) {
            raster.getPixels(0, y, raster.getWidth(), 1, row);
            for (int i = 0; i < row.length; i++) {
                rgb[o++] = (byte) toByte(row[i], bits[i % 3]);
            }
        }
    }

    /** Gray or RGB in bytes that are interleaved in any order. */
    static byte[] fromBytes(Raster raster) {
        byte[] rgb = new byte[Math.multiplyExact(3, Math.multiplyExact(raster.getWidth(), raster.getHeight()))];
        fromBytes(raster, rgb);
        return rgb;
    }

    /** Gray or RGB in bytes of any order: the usual case, and the fast one. */
    private static void fromBytes(Raster raster, byte[] rgb) {
        PixelInterleavedSampleModel layout = (PixelInterleavedSampleModel) raster.getSampleModel();
        DataBufferByte buffer = (DataBufferByte) raster.getDataBuffer();
        byte[] data = buffer.getData();
        int[] bands = layout.getBandOffsets();
        int red = bands[0];
        int green = bands[bands.length < 3 ? 0 : 1];
        int blue = bands[bands.length < 3 ? 0 : 2];
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
    private static void fromSamples(Raster raster, int bits, Alpha alpha, byte[] rgb) {
        int bands = raster.getNumBands();
        int width = raster.getWidth();
        int green = bands < 3 ? 0 : 1;
        int blue = bands < 3 ? 0 : 2;
        int opaque = bands < 3 ? 1 : 3;
        int[] row = new int[width * bands];
        int o = 0;
        for (int y = 0; y < raster.getHeight(); y++) {
            raster.getPixels(0, y, width, 1, row);
            for (int i = 0; i < row.length; i += bands) {
                int opacity = alpha == Alpha.NONE ? 255 : toByte(row[i + opaque], bits);
                int light = alpha == Alpha.PREMULTIPLIED ? opacity : 255;
                rgb[o++] = White.under(plain(toByte(row[i], bits), light), opacity);
                rgb[o++] = White.under(plain(toByte(row[i + green], bits), light), opacity);
                rgb[o++] = White.under(plain(toByte(row[i + blue], bits), light), opacity);
            }
        }
    }

    /** Inks of 8 bits or more: what each takes from the light, and what black leaves of it. */
    static byte[] fromCmyk(Raster raster) {
        int bands = raster.getNumBands();
        int width = raster.getWidth();
        int bits = raster.getSampleModel().getSampleSize(0);
        byte[] rgb = new byte[Math.multiplyExact(3, Math.multiplyExact(width, raster.getHeight()))];
        int[] row = new int[width * bands];
        int o = 0;
        for (int y = 0; y < raster.getHeight(); y++) {
            raster.getPixels(0, y, width, 1, row);
            for (int i = 0; i < row.length; i += bands) {
                int light = 255 - toByte(row[i + 3], bits);
                for (int ink = 0; ink < 3; ink++) {
                    rgb[o++] = (byte) (light - (toByte(row[i + ink], bits) * light + 127) / 255);
                }
            }
        }
        return rgb;
    }

    /** A colour before it was multiplied by the light. */
    private static int plain(int sample, int light) {
        return light == 0 || light == 255 ? sample : Math.min(255, 255 * sample / light);
    }

    private static int toByte(int sample, int bits) {
        return bits >= 8 ? sample >>> (bits - 8) : sample * 255 / ((1 << bits) - 1);
    }
}
