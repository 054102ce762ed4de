package io.ugatit.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResizeTest {
    private final ImageDecoder decoder = new ImageDecoder();

    @ParameterizedTest
    @CsvSource({"16,16", "5,23", "37,7", "64,50", "36,24", "37,23", "1,1", "100,3", "11,90"})
    void everyByteIsThatOfPillow(int width, int height) throws IOException {
        RgbImage original = decoder.decode(ImageDecoderTest.resource("resized/original.png"));
        RgbImage expected = decoder.decode(ImageDecoderTest.resource("resized/" + width + "x" + height + ".png"));

        RgbImage resized = Resize.bilinear(original, width, height);

        assertThat(resized.width()).isEqualTo(width);
        assertThat(resized.height()).isEqualTo(height);
        assertThat(resized.pixels()).isEqualTo(expected.pixels());
    }

    /** Of which Pillow resizes the rows first, or, in the last two, not quite. */
    @ParameterizedTest
    @CsvSource({"3,301,8,8,370cd024a12adccf,6987f91cb09215c4", "2,500,64,32,f090d672610dd2b6,5bf18df4c131961e",
        "3,300,8,8,be6844d987da5c4c,b0cad6233eebf49e", "1,150,4,200,0d7eedf92bdc3181,3397d97719ae5685"})
    void everyByteOfAVeryHighImageIsThatOfPillow(int width, int height, int outWidth, int outHeight, String bilinear, String bicubic)
            throws Exception {
        byte[] pixels = new byte[3 * width * height];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (i * 37 + i * i % 251);
        }
        RgbImage image = new RgbImage(width, height, pixels);

        assertThat(hash(Resize.bilinear(image, outWidth, outHeight))).isEqualTo(bilinear);
        assertThat(hash(Resize.bicubic(image, outWidth, outHeight))).isEqualTo(bicubic);
        assertThat(hash(decoder.decode(new ImageFile("x.png", 0, () -> ImageEncoder.PNG.encode(image)), Fit.STRETCH, outHeight,
                (square, file) -> square)))
                .as("from a file, square").isEqualTo(hash(Resize.bilinear(image, outHeight, outHeight)));
    }

    private static String hash(RgbImage image) throws NoSuchAlgorithmException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(image.pixels())).substring(0, 16);
    }

    @ParameterizedTest
    @CsvSource({"16,16", "5,23", "37,7", "64,50", "11,90"})
    void everyByteIsThatOfPillowsBicubicFilter(int width, int height) throws IOException {
        RgbImage original = decoder.decode(ImageDecoderTest.resource("resized/original.png"));
        RgbImage expected = decoder.decode(ImageDecoderTest.resource("resized/bicubic-" + width + "x" + height + ".png"));

        RgbImage resized = Resize.bicubic(original, width, height);

        assertThat(resized.width()).isEqualTo(width);
        assertThat(resized.height()).isEqualTo(height);
        assertThat(resized.pixels()).isEqualTo(expected.pixels());
    }

    @Test
    void everyByteIsThatOfPillowsBicubicFilterAtTheSizeOfInception() throws IOException, NoSuchAlgorithmException {
        RgbImage original = decoder.decode(ImageDecoderTest.resource("resized/original.png"));

        byte[] hash = MessageDigest.getInstance("SHA-256").digest(Resize.bicubic(original, 299, 299).pixels());

        assertThat(HexFormat.of().formatHex(hash)).isEqualTo("7fe16a28b1fff306ad63bc28b1468b3aee4a2da9f4bf7566ebd6a9d66e344a43");
    }

    @Test
    void anImpossibleSizeIsRefused() {
        RgbImage dot = new RgbImage(1, 1, new byte[3]);

        assertThatThrownBy(() -> Resize.bilinear(dot, 0, 5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("cannot resize to 0 x 5");
        assertThatThrownBy(() -> Resize.bicubic(dot, 5, 0)).hasMessage("cannot resize to 5 x 0");
        assertThatThrownBy(() -> Resize.bilinear(dot, 50_000, 50_000)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void stretchScalesEachSideOnItsOwn() throws IOException {
        RgbImage original = decoder.decode(ImageDecoderTest.resource("resized/original.png"));

        assertThat(Fit.STRETCH.apply(original, 16).pixels()).isEqualTo(Resize.bilinear(original, 16, 16).pixels());
    }

    @Test
    void cropTakesTheCentredSquare() {
        RgbImage threeColumns = columns(10, 20, 30, 40, 50);

        assertThat(Fit.CROP.apply(threeColumns, 1).pixels()).containsOnly(30);
    }

    @Test
    void padCentresOnWhite() {
        RgbImage fourByOne = columns(10, 10, 10, 10);

        byte[] square = Fit.PAD.apply(fourByOne, 4).pixels();

        for (int y = 0; y < 4; y++) {
            for (int x = 0; x < 12; x++) {
                assertThat(square[12 * y + x]).as("row %d", y).isEqualTo(y == 1 ? (byte) 10 : (byte) 255);
            }
        }
    }

    @Test
    void aSliverIsPaddedToOneColumnAtLeast() {
        RgbImage sliver = new RgbImage(1, 1000, new byte[3000]);

        byte[] square = Fit.PAD.apply(sliver, 8).pixels();

        for (int y = 0; y < 8; y++) {
            assertThat(square[3 * (8 * y + 3)]).isZero();
            assertThat(square[3 * (8 * y + 4)]).isEqualTo((byte) 255);
        }
    }

    private static RgbImage columns(int... values) {
        byte[] pixels = new byte[3 * values.length];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) values[i / 3];
        }
        return new RgbImage(values.length, 1, pixels);
    }
}
