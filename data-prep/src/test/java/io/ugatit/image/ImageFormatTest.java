package io.ugatit.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class ImageFormatTest {
    @Test
    void theFirstBytesTellTheFormat() throws IOException {
        assertThat(ImageFormat.of(ImageDecoderTest.resource("formats/rgb.jpg"))).contains(ImageFormat.JPEG);
        assertThat(ImageFormat.of(ImageDecoderTest.resource("formats/rgb.png"))).contains(ImageFormat.PNG);
        assertThat(ImageFormat.of(ImageDecoderTest.resource("formats/palette.gif"))).contains(ImageFormat.GIF);
        assertThat(ImageFormat.of(ImageDecoderTest.resource("formats/rgb.bmp"))).contains(ImageFormat.BMP);
        assertThat(ImageFormat.of(ImageDecoderTest.resource("formats/lossy.webp"))).contains(ImageFormat.WEBP);
        assertThat(ImageFormat.of(new byte[] {(byte) 0xff, (byte) 0xd8})).isEmpty();
    }

    @Test
    void anEndingCountsInAnyCase() {
        assertThat(ImageFormat.hasImageExtension("a/b.c/photo.JPeG")).isTrue();
        assertThat(ImageFormat.hasImageExtension("notes.txt")).isFalse();
        assertThat(ImageFormat.hasImageExtension("png")).isFalse();
    }
}
