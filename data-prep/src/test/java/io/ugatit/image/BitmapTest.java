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
    void aGapTakesNoMemory() throws IOException {
        try (RasterImage image = RasterImage.bmp(bitmap(40, 4, 5000)); RasterImage other = RasterImage.bmp(bitmap(40, 4, 0))) {
            assertThat(image.decodingBytes()).isEqualTo(other.decodingBytes());
        }
    }

    @ParameterizedTest
    @CsvSource({"40, 1, 0", "12, 4, 0", "12, 8, 50", "40, 8, 0", "108, 24, 1", "40, 24, 0", "40, 32, 60", "40, 16, 54"})
    void theLengthThatAFileSaysItHasDoesNotCount(int header, int bits, int length) throws IOException {
        byte[] file = bitmap(header, bits, 0);
        byte[] expected = decoder.decode(file).pixels();

        assertThat(decoder.decode(with(file, 2, length)).pixels()).isEqualTo(expected);
        assertThatThrownBy(() -> decoder.decode(Arrays.copyOf(with(file, 2, length), file.length - 4))).as("cut off")
                .isInstanceOf(ImageFormatException.class).hasMessageStartingWith("damaged or cut-off BMP: ");
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "4, 0", "4, 13", "8, 0", "8, 24", "16, 0", "24, 0", "24, 16", "32, 0"})
    void theHeaderOfOs2IsReadAsTheUsualOne(int bits, int gap) throws IOException {
        byte[] expected = decoder.decode(bitmap(40, bits, 0)).pixels();

        assertThat(decoder.decode(bitmap(64, bits, gap)).pixels()).isEqualTo(expected);
        assertThat(decoder.decode(with(bitmap(64, bits, gap), 2, 0)).pixels()).isEqualTo(expected);
    }

    /** Its number 3 are codes of facsimiles or masks, its number 4 are runs of three bytes. */
    @Test
    void pixelsThatOnlyOs2HasAreRefused() {
        for (int compression = 3; compression < 6; compression++) {
            byte[] file = with(bitmap(64, 24, 0), 30, compression);
            assertThatThrownBy(() -> decoder.decode(file)).isInstanceOf(ImageFormatException.class)
                    .hasMessageStartingWith("damaged or cut-off BMP: ");
        }
    }

    @ParameterizedTest
    @CsvSource({"56", "108", "124"})
    void theFourthByteOfAPixelIsNoOpacityUnlessMasksAreAskedFor(int header) throws IOException {
        byte[] plain = bitmap(header, 32, 0);
        byte[] masked = with(plain, 66, 0xff000000);

        assertThat(decoder.decode(masked).pixels()).isEqualTo(decoder.decode(plain).pixels()).startsWith(1, 2, 3, 4, 5, 6);
        try (RasterImage image = RasterImage.bmp(masked)) {
            assertThat(image.opacity()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"40, 8", "64, 8", "40, 4", "64, 4"})
    void runsEndAtTheirMarkWhateverLengthsTheFileSaysTheyHave(int header, int bits) throws IOException {
        byte[] file = runs(header, bits);
        byte[] longer = Arrays.copyOf(file, file.length + 3);

        for (int length : new int[] {0, file.length - 4, file.length, 1 << 20}) {
            for (int runs : new int[] {0, 2, 6}) {
                assertThat(decoder.decode(with(with(file, 2, length), 34, runs)).pixels()).containsExactly(1, 2, 3, 4, 5, 6);
                assertThat(decoder.decode(with(with(longer, 2, length), 34, runs)).pixels()).containsExactly(1, 2, 3, 4, 5, 6);
            }
            for (int missing = 1; missing < (length == file.length - 4 ? 4 : 6); missing++) {
                byte[] cut = Arrays.copyOf(with(file, 2, length), file.length - missing);
                assertThatThrownBy(() -> decoder.decode(cut)).as("%d of %d", cut.length, length).isInstanceOf(ImageFormatException.class);
            }
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

    /** The same, of a run of one pixel, a run of one pixel, and the end. */
    private static byte[] runs(int header, int bits) {
        byte[] file = Arrays.copyOf(bitmap(header, bits, 0), 14 + header + (4 << bits) + 6);
        byte second = (byte) (bits == 8 ? 1 : 0x10);
        System.arraycopy(new byte[] {1, 0, 1, second, 0, 1}, 0, file, file.length - 6, 6);
        return with(file, 30, bits == 8 ? 1 : 2);
    }

    private static byte[] with(byte[] file, int at, int value) {
        byte[] changed = file.clone();
        ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN).putInt(at, value);
        return changed;
    }

    /** Two pixels: of numbers 0 and 1, and colours of rising numbers, or with colours of their own. */
    private static byte[] bitmap(int header, int bits, int gap) {
        boolean old = header == 12;
        int colours = bits > 8 ? 0 : 1 << bits;
        int pixels = 14 + header + colours * (old ? 3 : 4) + gap;
        ByteBuffer file = header(header, bits, pixels, pixels + (bits > 16 ? 8 : 4), 2);
        for (int i = 0; i < colours; i++) {
            file.put(new byte[] {(byte) (3 * i + 3), (byte) (3 * i + 2), (byte) (3 * i + 1)}); // blue comes first
            file.put(new byte[old ? 0 : 1]);
        }
        Arrays.fill(file.array(), file.position(), pixels, (byte) 77);
        file.position(pixels).put(switch (bits) {
            case 1 -> new byte[] {0x40};
            case 4 -> new byte[] {0x01};
            case 8 -> new byte[] {0, 1};
            case 24 -> new byte[] {3, 2, 1, 6, 5, 4};
            default -> new byte[] {3, 2, 1, 0};
        });
        file.put(bits == 32 ? new byte[] {6, 5, 4, 0} : new byte[0]);
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
