package io.ugatit.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How squares get back the shape of what they were made of. */
class RestoredSizeTest {
    private static final int SIDE = 16;

    /** Smooth in both directions, so that scaling there and back changes little inside. */
    private static RgbImage slope(int width, int height) {
        byte[] pixels = new byte[3 * width * height];
        for (int i = 0; i < width * height; i++) {
            pixels[3 * i] = (byte) (255 * (i % width) / width);
            pixels[3 * i + 1] = (byte) (255 * (i / width) / height);
            pixels[3 * i + 2] = 77;
        }
        return new RgbImage(width, height, pixels);
    }

    @ParameterizedTest
    @CsvSource({"STRETCH, 50, 30", "STRETCH, 30, 50", "PAD, 50, 30", "PAD, 30, 51", "PAD, 10, 7", "STRETCH, 7, 100", "STRETCH, 9, 5"})
    void theWholeImageComesBackInItsOwnSizeWithoutPadding(Fit fit, int width, int height) {
        RgbImage image = slope(width, height);
        RgbImage restored = fit.restore(fit.apply(image, SIDE), width, height);
        assertThat(restored.width()).isEqualTo(width);
        assertThat(restored.height()).isEqualTo(height);
        for (int y = height / 4; y < height - height / 4; y++) {
            for (int i = 3 * (y * width + width / 4); i < 3 * (y * width + width - width / 4); i++) {
                assertThat(Math.abs((restored.pixels()[i] & 0xff) - (image.pixels()[i] & 0xff))).isLessThanOrEqualTo(14);
            }
        }
    }

    @Test
    void ofACropThePartThatWasCutOutComesBack() {
        RgbImage image = slope(50, 30);
        RgbImage restored = Fit.CROP.restore(Fit.CROP.apply(image, SIDE), 30, 30);
        assertThat(restored.width()).isEqualTo(30);
        int middle = 3 * (15 * 30 + 15);
        assertThat(Math.abs((restored.pixels()[middle] & 0xff) - 127)).isLessThanOrEqualTo(4);
    }

    @Test
    void whatGrowsInEitherDirectionIsBicubicAndTheRestBilinear() throws IOException {
        RgbImage square = new ImageDecoder().decode(ImageDecoderTest.resource("resized/original.png"));
        RgbImage cut = Fit.CROP.apply(square, SIDE);
        assertThat(Fit.STRETCH.restore(cut, 40, 9).pixels()).isEqualTo(Resize.bicubic(cut, 40, 9).pixels());
        assertThat(Fit.STRETCH.restore(cut, 12, 9).pixels()).isEqualTo(Resize.bilinear(cut, 12, 9).pixels());
        assertThat(Fit.STRETCH.restore(cut, SIDE, SIDE)).isSameAs(cut);
    }

    @Test
    void whatNoArrayHoldsIsRefusedBeforeMemoryIsTaken() throws IOException {
        assertThatThrownBy(() -> Fit.restoringBytes(10_000_000, 2, 256)).isInstanceOf(ImageFormatException.class)
                .hasMessage("10000000 x 2 pixels are too long and narrow");
        assertThat(Fit.restoringBytes(4000, 3000, 256)).isGreaterThan(36_000_000).isLessThan(41_000_000);
    }
}
