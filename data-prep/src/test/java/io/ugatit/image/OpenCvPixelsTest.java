package io.ugatit.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class OpenCvPixelsTest {
    private final ImageDecoder decoder = new ImageDecoder(1000);

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    private byte[] fitted(int channels, int... values) throws ImageFormatException {
        return decoder.fit(new OpenCvPixels(2, 2, channels, bytes(values)), Fit.STRETCH, 2).pixels();
    }

    @Test
    void grayBecomesThreeEqualChannels() throws Exception {
        assertThat(fitted(1, 0, 100, 200, 255)).isEqualTo(bytes(0, 0, 0, 100, 100, 100, 200, 200, 200, 255, 255, 255));
    }

    @Test
    void blueComesFirst() throws Exception {
        assertThat(fitted(3, 1, 2, 3, 4, 5, 6, 7, 8, 9, 253, 254, 255)).isEqualTo(bytes(3, 2, 1, 6, 5, 4, 9, 8, 7, 255, 254, 253));
    }

    @Test
    void opacityIsComposedOnWhite() throws Exception {
        assertThat(fitted(4, 1, 2, 3, 255, 1, 2, 3, 0, 0, 0, 0, 51, 10, 20, 30, 128))
                .isEqualTo(bytes(3, 2, 1, 255, 255, 255, 204, 204, 204, 142, 137, 132));
    }

    private void assertRefused(OpenCvPixels pixels, String message) {
        assertThatThrownBy(() -> decoder.fit(pixels, Fit.STRETCH, 256)).isInstanceOf(ImageFormatException.class).hasMessage(message);
    }

    @Test
    void whatTheBytesDoNotHoldIsRefusedBeforeMemoryIsTaken() {
        assertRefused(new OpenCvPixels(-1, -1, -1, new byte[0]), "-1 x -1 pixels are no image");
        assertRefused(new OpenCvPixels(2, 2, 2, new byte[8]), "2 channels: must be 1 (gray), 3 (BGR) or 4 (BGRA)");
        assertRefused(new OpenCvPixels(2, 2, 3, new byte[11]), "2 x 2 pixels of 3 bytes are 12 bytes, not 11");
        assertRefused(new OpenCvPixels(1 << 16, 1 << 16, 1, new byte[0]), "65536 x 65536 pixels are more than the 1000 that --max-pixels allows");
        ImageDecoder large = new ImageDecoder(ImageDecoder.LIMIT);
        assertThatThrownBy(() -> large.fit(new OpenCvPixels(1, 1 << 22, 1, new byte[1 << 22]), Fit.STRETCH, 256))
                .hasMessage("1 x 4194304 pixels are too long and narrow");
    }
}
