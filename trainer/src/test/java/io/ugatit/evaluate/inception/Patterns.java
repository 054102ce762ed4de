package io.ugatit.evaluate.inception;

import io.ugatit.image.RgbImage;

/** Images by a formula that the goldens' reference has, too. */
final class Patterns {
    private Patterns() { }

    static RgbImage image(int width, int height) {
        byte[] pixels = new byte[3 * width * height];
        for (int i = 0; i < pixels.length; i++) {
            int channel = i % 3;
            int x = i / 3 % width;
            int y = i / 3 / width;
            pixels[i] = (byte) ((x * x * (channel + 1) + 3 * y * x + y * y * (channel + 2)) / 64);
        }
        return new RgbImage(width, height, pixels);
    }
}
