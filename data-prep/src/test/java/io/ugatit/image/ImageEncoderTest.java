package io.ugatit.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class ImageEncoderTest {
    private final ImageDecoder decoder = new ImageDecoder();

    @Test
    void aPngHoldsEveryPixel() throws IOException {
        RgbImage image = decoder.decode(ImageDecoderTest.resource("resized/original.png"));

        byte[] file = ImageEncoder.PNG.encode(image);

        assertThat(ImageFormat.of(file)).contains(ImageFormat.PNG);
        assertThat(decoder.decode(file).pixels()).isEqualTo(image.pixels());
    }

    @Test
    void aJpegIsCloseAndKeepsColourAtFullResolution() throws IOException {
        // red and blue columns side by side: chroma subsampling would mix them
        byte[] stripes = new byte[3 * 16 * 16];
        for (int i = 0; i < 256; i++) {
            stripes[3 * i + (i % 2 == 0 ? 0 : 2)] = (byte) 200;
        }

        byte[] file = ImageEncoder.JPEG.encode(new RgbImage(16, 16, stripes));

        assertThat(ImageFormat.of(file)).contains(ImageFormat.JPEG);
        byte[] decoded = decoder.decode(file).pixels();
        for (int i = 0; i < stripes.length; i++) {
            assertThat(Math.abs((decoded[i] & 0xff) - (stripes[i] & 0xff))).as("byte %d", i).isLessThan(25);
        }
    }

    @Test
    void anImageThatIsTooWideForAJpegIsRefusedBeforeItIsMade() throws IOException {
        assertThatThrownBy(() -> ImageEncoder.JPEG.bytes(65_501, 2)).isInstanceOf(ImageFormatException.class)
                .hasMessage("65501 x 2 pixels are more than a JPEG can have, 65500 a side: PNG can");
        assertThat(ImageEncoder.JPEG.bytes(65_500, 2)).isEqualTo(ImageEncoder.PNG.bytes(65_500, 2));
        assertThat(ImageEncoder.JPEG.encode(new RgbImage(65_500, 1, new byte[3 * 65_500]))).isNotEmpty();
        assertThat(ImageEncoder.PNG.bytes(70_000, 2)).isPositive();
    }

    @Test
    void endingsAreThoseOfTheFormats() {
        assertThat(ImageEncoder.PNG.extension()).isEqualTo("png");
        assertThat(ImageEncoder.JPEG.extension()).isEqualTo("jpg");
    }
}
