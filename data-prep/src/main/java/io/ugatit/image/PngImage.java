package io.ugatit.image;

import io.ugatit.image.png.PngDecoder;
import java.io.IOException;

/** A PNG of the usual kind. */
final class PngImage extends EncodedImage {
    private final PngDecoder decoder;

    PngImage(PngDecoder decoder) {
        this.decoder = decoder;
    }

    @Override
    int width() {
        return decoder.width();
    }

    @Override
    int height() {
        return decoder.height();
    }

    @Override
    long decodingBytes() {
        return decoder.bytes() + 3L * width() * height();
    }

    @Override
    RgbImage decode() throws IOException {
        Rgb rgb = new Rgb(width(), decoder.channels(), new byte[Math.multiplyExact(3, Math.multiplyExact(width(), height()))]);
        decoder.decode(rgb);
        return new RgbImage(width(), height(), rgb.pixels);
    }

    /** Collects rows. */
    private static final class Rgb implements PngDecoder.Rows {
        private final int width;
        private final int channels;
        private final byte[] pixels;
        private int o;

        Rgb(int width, int channels, byte[] pixels) {
            this.width = width;
            this.channels = channels;
            this.pixels = pixels;
        }

        @Override
        public void take(byte[] samples, int at) {
            switch (channels) {
                case 3 -> {
                    System.arraycopy(samples, at, pixels, o, 3 * width);
                    o += 3 * width;
                }
                case 1 -> {
                    for (int i = at; i < at + width; i++) {
                        pixel(samples[i], samples[i], samples[i]);
                    }
                }
                default -> onWhite(samples, at);
            }
        }

        private void onWhite(byte[] samples, int at) {
            int green = channels == 2 ? 0 : 1;
            int blue = channels == 2 ? 0 : 2;
            for (int i = at; i < at + width * channels; i += channels) {
                int alpha = samples[i + channels - 1] & 0xff;
                pixel(RgbConversion.onWhite(samples[i] & 0xff, alpha), RgbConversion.onWhite(samples[i + green] & 0xff, alpha),
                        RgbConversion.onWhite(samples[i + blue] & 0xff, alpha));
            }
        }

        private void pixel(byte red, byte green, byte blue) {
            pixels[o] = red;
            pixels[o + 1] = green;
            pixels[o + 2] = blue;
            o += 3;
        }
    }
}
