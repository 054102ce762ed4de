package io.ugatit.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** GIFs that are made up; those that Pillow has written are in {@link ImageDecoderTest}. */
class GifImageTest {
    private final Random random = new Random(5);
    private final ImageDecoder decoder = new ImageDecoder();

    @Test
    void everyPixelIsWhereItWasWritten() throws ImageFormatException {
        for (int i = 0; i < 400; i++) {
            int width = 1 + random.nextInt(70);
            int height = 1 + random.nextInt(i % 4 == 0 ? 9 : 70); // of few rows some passes are empty
            GifFile gif = new GifFile(width, height, 2 + i % 7, random.nextBoolean(), random, random.nextBoolean());
            assertSame(gif, numbers(gif));
        }
    }

    /** The table is full after some 4,000 codes, and is cleared or stays. */
    @Test
    void longDataIsReadWithAFullTableToo() throws ImageFormatException {
        for (boolean clears : new boolean[] {true, false}) {
            for (int bits : new int[] {2, 5, 8}) {
                GifFile gif = new GifFile(230, 190, bits, true, random, clears);
                assertSame(gif, numbers(gif));
            }
        }
    }

    @Test
    void whatEndsBeforeItsLastPixelIsRefused() throws ImageFormatException {
        GifFile whole = new GifFile(40, 30, 4, false, new Random(1), true);
        byte[] file = whole.of(numbers(whole));
        assertThat(decoder.decode(file).height()).isEqualTo(30);
        int palette = 13 + 3 * 16;
        file[palette + 7]++; // a row more, of screen and frame
        file[8]++;
        assertRefused(file, "damaged or cut-off GIF: the file ends before the image does");
        assertRefused(Arrays.copyOf(file, palette + 10), "damaged or cut-off GIF: the file ends before the image does");
        for (int length = 6; length < file.length - 2; length++) {
            byte[] cut = Arrays.copyOf(file, length);
            assertThatThrownBy(() -> decoder.decode(cut)).as("the first %d bytes", length).isInstanceOf(ImageFormatException.class);
        }
    }

    @Test
    void codesThatStandForNothingAreRefused() {
        GifFile gif = new GifFile(4, 1, 2, false, new Random(1), true);
        byte[] file = gif.of(new byte[4]);
        int data = 13 + 3 * 4 + 10;
        byte[] unknown = Arrays.copyOf(file, data + 5);
        System.arraycopy(new byte[] {2, 2, 0b111_100, 0, 0}, 0, unknown, data, 5); // clear, then a code of a table that is empty

        assertRefused(unknown, "damaged GIF: its data has a code that stands for nothing");
        file[data] = 9;
        assertRefused(file, "damaged GIF: its colours are of 9 bits");
        file[data] = 0;
        assertRefused(file, "damaged GIF: its colours are of 0 bits");
    }

    @Test
    void aFileWithoutAnImageIsRefused() {
        byte[] file = new GifFile(4, 2, 2, false, random, true).of(new byte[8]);
        int image = 13 + 3 * 4;
        byte[] empty = file.clone();
        empty[image + 5] = 0; // the frame's width
        file[image] = ';';

        assertRefused(empty, "damaged GIF: its first frame has no pixels");
        assertRefused(file, "there is no image in the GIF");
    }

    /** As in Pillow, where they are numbers of lightness. */
    @Test
    void colourNumbersBeyondAPaletteOfGraysAreGrays() throws ImageFormatException {
        byte[] file = new GifFile(4, 1, 2, false, random, true).of(new byte[] {0, 1, 2, 3});
        byte[] shorter = new byte[file.length - 6];
        System.arraycopy(file, 0, shorter, 0, 13);
        System.arraycopy(new byte[] {0, 0, 0, 1, 1, 1}, 0, shorter, 13, 6);
        System.arraycopy(file, 25, shorter, 19, file.length - 25);
        shorter[10] = (byte) 0x80;

        assertThat(decoder.decode(shorter).pixels()).containsExactly(0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3);
    }

    private void assertRefused(byte[] file, String reason) {
        assertThatThrownBy(() -> decoder.decode(file)).isInstanceOf(ImageFormatException.class).hasMessage(reason);
    }

    /** Noise, runs, or both. */
    private byte[] numbers(GifFile gif) {
        byte[] numbers = new byte[gif.width() * gif.height()];
        int run = 1 + random.nextInt(20);
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = i > 0 && random.nextInt(run) > 0 ? numbers[i - 1] : (byte) random.nextInt(1 << gif.bits());
        }
        return numbers;
    }

    private void assertSame(GifFile gif, byte[] numbers) throws ImageFormatException {
        byte[] expected = new byte[3 * numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            expected[3 * i] = numbers[i];
            expected[3 * i + 1] = (byte) (2 * numbers[i]);
            expected[3 * i + 2] = (byte) (255 - numbers[i]);
        }
        assertThat(decoder.decode(gif.of(numbers)).pixels()).as("%s", gif).isEqualTo(expected);
    }
}
