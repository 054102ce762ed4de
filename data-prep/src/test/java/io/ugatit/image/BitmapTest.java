package io.ugatit.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.image.reader.RasterImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** BMPs that are made up, for what Pillow does not write. */
class BitmapTest {
    private final ImageDecoder decoder = new ImageDecoder();

    @ParameterizedTest
    @CsvSource({"12, 1, 4", "40, 1, 4", "124, 1, 1", "12, 4, 6", "40, 4, 4", "52, 4, 5", "56, 4, 1000", "108, 4, 17", "124, 4, 2",
            "40, 8, 9", "12, 8, 3"})
    void bytesBetweenPaletteAndPixelsChangeNothing(int header, int bits, int gap) throws IOException {
        byte[] expected = decoder.decode(bitmap(header, bits, 0)).pixels();
        byte[] file = bitmap(header, bits, gap);
        byte[] before = file.clone();

        assertThat(decoder.decode(file).pixels()).isEqualTo(expected);
        assertThat(Arrays.copyOf(expected, 6)).as("the colours of the first two pixels").containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(file).isEqualTo(before);
    }

    @Test
    void theCopyWithoutAGapIsReckonedWith() throws IOException {
        byte[] file = bitmap(40, 4, 5000);
        try (RasterImage image = RasterImage.bmp(file); RasterImage other = RasterImage.bmp(bitmap(40, 4, 0))) {
            assertThat(image.decodingBytes()).isEqualTo(other.decodingBytes() + file.length);
        }
    }

    @Test
    void aBitmapOfTrueColourWhosePixelsAreFarBehindItsHeaderIsRefusedBeforeItIsRead() {
        byte[] file = Arrays.copyOf(sixteenBits(0), 3 << 20);
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(10, 2 << 20);

        assertThatThrownBy(() -> decoder.decode(file)).isInstanceOf(ImageFormatException.class)
                .hasMessage("damaged BMP: its pixels begin at byte 2097152");
    }

    @Test
    void aBitmapThatIsCutOffInItsGapIsRefused() {
        byte[] file = Arrays.copyOf(bitmap(40, 4, 100), 150);

        assertThatThrownBy(() -> decoder.decode(file)).isInstanceOf(ImageFormatException.class)
                .hasMessageStartingWith("damaged or cut-off BMP: ");
    }

    /** Pillow does not round: 255 / 31 and 255 / 63 times the number, without what is behind the point. */
    @Test
    void fiveAndSixBitsBecomeEightAsInPillow() throws ImageFormatException {
        byte[] fives = decoder.decode(sixteenBits(0)).pixels();
        byte[] sixes = decoder.decode(sixteenBits(3)).pixels();

        for (int i = 0; i < 64; i++) {
            int five = i % 32 * 255 / 31;
            assertThat(Arrays.copyOfRange(fives, 3 * i, 3 * i + 3)).containsExactly(five, five, i < 32 ? 0 : 8); // i is blue's lowest bit
            assertThat(Arrays.copyOfRange(sixes, 3 * i, 3 * i + 3)).containsExactly(five, i * 255 / 63, 0);
        }
    }

    /** Two pixels of numbers 0 and 1, and colours of rising numbers. */
    private static byte[] bitmap(int header, int bits, int gap) {
        boolean old = header == 12;
        int colours = 1 << bits;
        int pixels = 14 + header + colours * (old ? 3 : 4) + gap;
        ByteBuffer file = header(header, bits, pixels, pixels + 4, 2);
        for (int i = 0; i < colours; i++) {
            file.put(new byte[] {(byte) (3 * i + 3), (byte) (3 * i + 2), (byte) (3 * i + 1)}); // blue comes first
            file.put(new byte[old ? 0 : 1]);
        }
        Arrays.fill(file.array(), file.position(), pixels, (byte) 77);
        file.put(pixels, (byte) (bits == 1 ? 0x40 : bits == 4 ? 0x01 : 0)).put(pixels + 1, (byte) (bits == 8 ? 1 : 0));
        return file.array();
    }

    /** A row of 64 pixels: their numbers in red and green, of five bits each, or in red and green of six bits. */
    private static byte[] sixteenBits(int compression) {
        int masks = compression == 3 ? 12 : 0;
        ByteBuffer file = header(40, 16, 54 + masks, 54 + masks + 128, 64).putInt(30, compression);
        if (compression == 3) {
            file.putInt(0xf800).putInt(0x7e0).putInt(0x1f);
        }
        for (int i = 0; i < 64; i++) {
            file.putShort((short) (compression == 3 ? i % 32 << 11 | i << 5 : i % 32 << 10 | i % 32 << 5 | i / 32));
        }
        return file.array();
    }

    private static ByteBuffer header(int header, int bits, int pixels, int length, int width) {
        ByteBuffer file = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        file.put((byte) 'B').put((byte) 'M').putInt(length).putInt(0).putInt(pixels).putInt(header);
        if (header == 12) {
            file.putShort((short) width).putShort((short) 1);
        } else {
            file.putInt(width).putInt(1);
        }
        return file.putShort((short) 1).putShort((short) bits).position(14 + header);
    }
}
