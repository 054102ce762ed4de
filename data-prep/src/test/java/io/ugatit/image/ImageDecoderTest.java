package io.ugatit.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageDecoderTest {
    private final ImageDecoder decoder = new ImageDecoder();

    /** The files and what Pillow makes of them come from make_images.py beside them. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "rgb.png", "gray.png", "one-bit.png", "palette.png", "gray16.png", "rgb16.png", "rgb.bmp", "palette.bmp", "palette.gif",
                "animated.gif", "lossless.webp"
            })
    void losslessFormatsGiveThePixelsThatPillowReads(String name) throws IOException {
        assertThat(largestDifference(name)).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rgba.png", "gray-alpha.png", "palette-alpha.png", "alpha.webp"})
    void transparencyIsComposedOnWhite(String name) throws IOException {
        assertThat(largestDifference(name)).isLessThanOrEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"rgb.jpg, 0", "progressive.jpg, 0", "gray.jpg, 0", "cmyk.jpg, 1", "lossy.webp, 8"})
    void lossyFormatsGiveThePixelsThatPillowReads(String name, int tolerance) throws IOException {
        assertThat(largestDifference(name)).isLessThanOrEqualTo(tolerance);
    }

    @ParameterizedTest
    @ValueSource(strings = {"profile.jpg", "profile.png", "profile.webp"})
    void colourProfilesAreNotApplied(String name) throws IOException {
        assertThat(largestDifference(name)).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void anImageWithExifOrientationComesOutUpright(int orientation) throws IOException {
        for (String ending : List.of("jpg", "png", "webp")) {
            assertThat(largestDifference("orientation-" + orientation + "." + ending)).as(ending).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rgb.jpg", "progressive.jpg", "cmyk.jpg", "rgb.png", "palette.png", "palette.gif", "rgb.bmp", "lossy.webp", "lossless.webp"
            })
    void aCutOffFileIsAnErrorWhereverItIsCut(String name) throws IOException {
        byte[] file = resource("formats/" + name);
        for (double share : new double[] {0.05, 0.3, 0.5, 0.7, 0.9, 0.97}) {
            byte[] cut = Arrays.copyOf(file, (int) (file.length * share));
            assertThatThrownBy(() -> decoder.decode(cut))
                    .as("%s cut at %s", name, share)
                    .isInstanceOf(ImageFormatException.class)
                    .message()
                    .doesNotContain("\n")
                    .isNotBlank();
        }
    }

    @Test
    void anEmptyFileIsSaidToBeEmpty() {
        assertThatThrownBy(() -> decoder.decode(new byte[0])).isInstanceOf(ImageFormatException.class).hasMessage("the file is empty");
    }

    @Test
    void aTextIsNoImage() {
        assertThatThrownBy(() -> decoder.decode("BM is how a bitmap begins".getBytes()))
                .isInstanceOf(ImageFormatException.class)
                .hasMessage("not a JPEG, PNG, GIF, BMP or WebP image");
    }

    @Test
    void aHeaderThatPromisesTooManyPixelsIsRefusedBeforeMemoryIsTaken() throws IOException {
        byte[] bomb = resource("formats/rgb.png");
        ByteBuffer header = ByteBuffer.wrap(bomb).putInt(16, 60_000).putInt(20, 60_000);
        CRC32 crc = new CRC32();
        crc.update(bomb, 12, 17);
        header.putInt(29, (int) crc.getValue());

        assertThatThrownBy(() -> decoder.decode(bomb))
                .isInstanceOf(ImageFormatException.class)
                .hasMessage("60000 x 60000 pixels are not from 1 to the 100000000 allowed");
    }

    @Test
    void theLimitOfPixelsIsInclusive() throws IOException {
        byte[] file = resource("formats/rgb.jpg");

        assertThat(new ImageDecoder(48 * 32).decode(file).width()).isEqualTo(48);
        assertThatThrownBy(() -> new ImageDecoder(48 * 32 - 1).decode(file))
                .hasMessage("48 x 32 pixels are not from 1 to the 1535 allowed");
    }

    /** Whatever bytes are hit, the outcome is an image or an ImageFormatException, never another exception. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "cmyk.jpg", "orientation-6.jpg", "profile.jpg", "palette.png", "orientation-6.png", "palette.gif", "palette.bmp",
                "lossy.webp", "alpha.webp", "profile.webp"
            })
    void randomDamageNeverEscapesAsAnotherException(String name) throws IOException {
        byte[] file = resource("formats/" + name);
        Random random = new Random(7);
        for (int i = 0; i < 100; i++) {
            byte[] damaged = file.clone();
            for (int hits = 0; hits < 4; hits++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            try {
                assertThat(new ImageDecoder(1_000_000).decode(damaged).pixels()).isNotEmpty();
            } catch (ImageFormatException e) {
                assertThat(e.getMessage()).doesNotContain("\n");
            }
        }
    }

    @Test
    void threadsShareADecoder() throws Exception {
        byte[] file = resource("formats/rgb.jpg");
        byte[] expected = decoder.decode(file).pixels();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Callable<byte[]>> calls = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                calls.add(() -> decoder.decode(file).pixels());
            }
            for (Future<byte[]> pixels : threads.invokeAll(calls)) {
                assertThat(pixels.get()).isEqualTo(expected);
            }
        } finally {
            threads.shutdown();
        }
    }

    private int largestDifference(String name) throws IOException {
        RgbImage image = decoder.decode(resource("formats/" + name));
        RgbImage expected = decoder.decode(resource("expected/" + name + ".png"));
        assertThat(image.width()).isEqualTo(expected.width());
        assertThat(image.height()).isEqualTo(expected.height());
        int largest = 0;
        for (int i = 0; i < image.pixels().length; i++) {
            largest = Math.max(largest, Math.abs((image.pixels()[i] & 0xff) - (expected.pixels()[i] & 0xff)));
        }
        return largest;
    }

    static byte[] resource(String name) throws IOException {
        try (InputStream in = ImageDecoderTest.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        }
    }
}
