package io.ugatit.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.ugatit.image.reader.EncodedImage;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of transparent pixels when an image is wanted in its own resolution. */
class TransparencyTest {
    private static final int SIDE = 16;

    private static FittedImage decode(byte[] file, Fit fit, Transparency transparency) throws IOException {
        return new ImageDecoder().decode(new ImageFile("x", file.length, () -> file), fit, SIDE, transparency, new FittedImage.Use<>() {
            @Override
            public long bytes(int width, int height) {
                return 0;
            }

            @Override
            public FittedImage of(FittedImage image, byte[] file) {
                return image;
            }
        });
    }

    private static FittedImage decode(String name, Transparency transparency) throws IOException {
        return decode(ImageDecoderTest.resource("formats/" + name), Fit.STRETCH, transparency);
    }

    /** The checksums are of Pillow's {@code convert("RGBA").getchannel("A")}. */
    @ParameterizedTest
    @CsvSource({"rgba.png, 761174378", "gray-alpha.png, 761174378", "palette-alpha.png, 3238939432",
            "transparent-colour.png, 2392586788", "alpha.webp, 761174378", "lossy-alpha.webp, 761174378",
            "animated-alpha.webp, 3561319547", "canvas-opaque-alpha.webp, 761174378", "screen-transparent.gif, 2993270573",
            "rgba.tif, 761174378", "gray-alpha.tif, 761174378", "rgba16.tif, 761174378", "premultiplied.tif, 761174378"})
    void whatIsKeptIsPillowsAlpha(String name, long checksum) throws IOException {
        RgbImage opacity = decode(name, Transparency.KEPT).opacity().orElseThrow();

        CRC32 crc = new CRC32();
        for (int i = 0; i < opacity.pixels().length; i += 3) {
            crc.update(opacity.pixels()[i]);
            assertThat(opacity.pixels()[i + 1]).isEqualTo(opacity.pixels()[i]);
            assertThat(opacity.pixels()[i + 2]).isEqualTo(opacity.pixels()[i]);
        }
        assertThat(crc.getValue()).isEqualTo(checksum);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rgb.png", "rgb.jpg", "progressive.jpg", "palette.gif", "lossless.webp", "rgb.bmp", "cmyk.tif", "palette.tif"})
    void anOpaqueFileHasNone(String name) throws IOException {
        FittedImage image = decode(name, Transparency.KEPT);
        assertThat(image.opacity()).isEmpty();
        assertThat(image.part().pixels()).isEqualTo(new ImageDecoder().decode(ImageDecoderTest.resource("formats/" + name)).pixels());
        assertThat(decode(name, new Transparency(0x102030, false)).part().pixels()).isEqualTo(image.part().pixels());
    }

    @Test
    void pixelsAreOnWhiteOrOnTheColourWithinALevel() throws IOException {
        BufferedImage drawn = new BufferedImage(16, 16, BufferedImage.TYPE_INT_ARGB);
        for (int i = 0; i < 256; i++) {
            drawn.setRGB(i % 16, i / 16, i << 24 | (255 - i) << 16 | (i * 7 & 0xff) << 8 | 99);
        }
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        ImageIO.write(drawn, "png", file);
        byte[] white = decode(file.toByteArray(), Fit.STRETCH, Transparency.DROPPED).part().pixels();
        FittedImage coloured = decode(file.toByteArray(), Fit.STRETCH, new Transparency(0x20c000, false));

        assertThat(coloured.opacity()).isEmpty();
        assertThat(coloured.square().pixels()).isEqualTo(coloured.part().pixels());
        for (int i = 0; i < 256; i++) {
            int[] samples = {255 - i, i * 7 & 0xff, 99};
            int[] backdrop = {0x20, 0xc0, 0};
            for (int c = 0; c < 3; c++) {
                assertThat((double) Byte.toUnsignedInt(white[3 * i + c]))
                        .isCloseTo((samples[c] * i + 255.0 * (255 - i)) / 255, within(0.51));
                assertThat((double) Byte.toUnsignedInt(coloured.part().pixels()[3 * i + c]))
                        .isCloseTo((samples[c] * i + (double) backdrop[c] * (255 - i)) / 255, within(1.01));
            }
        }
    }

    @Test
    void aCutAndTurnedImageKeepsTheOpacityOfItsPart() throws IOException {
        BufferedImage drawn = new BufferedImage(40, 20, BufferedImage.TYPE_INT_ARGB);
        for (int x = 0; x < 40; x++) {
            for (int y = 0; y < 20; y++) {
                drawn.setRGB(x, y, x << 24 | 0x010203);
            }
        }
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        ImageIO.write(drawn, "png", file);
        FittedImage image = decode(file.toByteArray(), Fit.CROP, Transparency.KEPT);
        assertThat(image.part().width()).isEqualTo(20);
        assertThat(image.opacity().orElseThrow().width()).isEqualTo(20);
        assertThat(image.opacity().orElseThrow().pixels()[0]).isEqualTo((byte) 10);
    }

    /** Light is stored as darkness then, opacity as it is; as pairs or in planes. */
    @ParameterizedTest
    @CsvSource({"1, 8", "2, 8", "1, 16", "2, 16"})
    void whereWhiteIsZeroOpacityIsNot(int planes, int bits) throws IOException {
        byte[] file = darkness(planes, bits);

        assertThat(new ImageDecoder().decode(file).pixels()).containsExactly(255, 255, 255, 0, 0, 0, 255, 255, 255, 255, 255, 255);
        assertThat(decode(file, Fit.CROP, Transparency.KEPT).part().width()).isEqualTo(1);
        byte[] opacity = opacityOf(file);
        assertThat(opacity).containsExactly(255, 255, 255, 255, 255, 255, 0, 0, 0, 0, 0, 0);
    }

    private static byte[] opacityOf(byte[] file) throws IOException {
        try (EncodedImage image = ImageFormat.TIFF.open(file)) {
            return image.opacity().orElseThrow();
        }
    }

    /** A TIFF of four pixels of darkness 0, 1, 0, 1, the last two transparent. */
    private static byte[] darkness(int planes, int bits) {
        int[] samples = planes == 1 ? new int[] {0, -1, -1, -1, 0, 0, -1, 0} : new int[] {0, -1, 0, -1, -1, -1, 0, 0};
        int length = bits / 8 * samples.length;
        int[][] tags = {{256, 4}, {257, 1}, {258, bits, bits}, {259, 1}, {262, 0}, {273, 8, 8 + length / 2}, {277, 2}, {278, 1},
            {279, length / planes, length / planes}, {284, planes}, {338, 2}};
        ByteBuffer file = ByteBuffer.allocate(8 + length + 2 + 12 * tags.length + 4).order(ByteOrder.LITTLE_ENDIAN);
        file.put((byte) 'I').put((byte) 'I').putShort((short) 42).putInt(8 + length);
        for (int sample : samples) {
            file.put((byte) sample).put(new byte[] {(byte) sample}, 0, bits / 8 - 1);
        }
        file.putShort((short) tags.length);
        for (int[] tag : tags) {
            int count = tag[0] == 273 || tag[0] == 279 ? planes : tag.length - 1;
            file.putShort((short) tag[0]).putShort((short) 3).putInt(count).putShort((short) tag[1]);
            file.putShort((short) (count == 2 ? tag[2] : 0));
        }
        return file.array();
    }

    @Test
    void aBackdropThatIsNoColourIsRefused() {
        assertThatThrownBy(() -> new Transparency(0x1000000, false)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the backdrop is 16777216: must be from 0 to 16777215");
    }
}
