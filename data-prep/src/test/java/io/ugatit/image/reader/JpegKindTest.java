package io.ugatit.image.reader;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.image.metadata.Blocks;
import io.ugatit.image.metadata.Blocks.Block;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** JPEGs whose codes are said to be arithmetic ones. Not every JDK reads those, and data sets are not to depend on it. */
class JpegKindTest {
    @ParameterizedTest
    @ValueSource(strings = {"rgb.jpg", "progressive.jpg", "gray.jpg", "ycck.jpg"})
    void arithmeticCodesAreRefusedByName(String name) throws IOException {
        byte[] file = resource(name);
        mark(file, 0);

        assertThatThrownBy(() -> EncodedImage.jpeg(file)).isInstanceOf(RefusedImageException.class)
                .hasMessage("JPEG images with arithmetic codes cannot be decoded: convert them to PNG");
    }

    @Test
    void arithmeticCodesInATiffAreRefusedByName() throws IOException {
        byte[] file = resource("rgb-jpeg.tif");
        for (int i = 0; i < file.length - 3; i++) {
            if (file[i] == (byte) 0xff && file[i + 1] == (byte) 0xd8 && file[i + 2] == (byte) 0xff) {
                mark(file, i);
            }
        }

        assertThatThrownBy(() -> new TiffImage(file)).isInstanceOf(RefusedImageException.class)
                .hasMessage("TIFF images with JPEG's arithmetic codes cannot be decoded: convert them to PNG");
    }

    private static void mark(byte[] file, int from) {
        for (Block block : Blocks.ofJpeg(file, from, file.length)) {
            if (block.name().matches("c[02]")) {
                file[block.at() - 3] = (byte) (block.name().equals("c0") ? 0xc9 : 0xca);
            }
        }
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = JpegKindTest.class.getResourceAsStream("/io/ugatit/image/formats/" + name)) {
            return in.readAllBytes();
        }
    }
}
