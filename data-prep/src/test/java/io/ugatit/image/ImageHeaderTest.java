package io.ugatit.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

class ImageHeaderTest {
    /** The files and what Pillow finds in them come from make_images.py beside them. */
    @ParameterizedTest
    @CsvFileSource(resources = "headers.csv")
    void formatModeAndUprightSizeArePillows(String name, String format, String mode, int width, int height) throws IOException {
        ImageHeader header = ImageHeader.of(ImageDecoderTest.resource(name), name);

        assertThat(header).hasToString("ImageHeader[format=" + format + ", mode=" + mode + ", width=" + width + ", height=" + height + "]");
    }

    @Test
    void whatIsBetweenTheSegmentsOfAJpegIsSkippedAsInLibjpeg() throws IOException {
        byte[] file = ImageDecoderTest.resource("formats/rgb.jpg");
        int second = 4 + (file[4] << 8 | file[5]);
        byte[] padded = new byte[file.length + 3];
        System.arraycopy(file, 0, padded, 0, second);
        padded[second + 1] = (byte) 0xff;
        System.arraycopy(file, second, padded, second + 3, file.length - second);

        assertThat(ImageHeader.of(padded, "")).isEqualTo(ImageHeader.of(file, ""));
        assertThat(new ImageDecoder().decode(padded).pixels()).isEqualTo(new ImageDecoder().decode(file).pixels());
    }

    @Test
    void aHeaderThatIsCutOffIsNamedByItsFormat() throws IOException {
        for (String name : new String[] {"rgb.jpg", "rgb.png", "palette.gif", "rgb.bmp", "lossy.webp", "rgb-plain.tif"}) {
            byte[] file = Arrays.copyOf(ImageDecoderTest.resource("formats/" + name), 14);
            assertThatThrownBy(() -> ImageHeader.of(file, name)).as(name).isInstanceOf(ImageFormatException.class);
        }
        byte[] jpeg = Arrays.copyOf(ImageDecoderTest.resource("formats/rgb.jpg"), 14);
        assertThatThrownBy(() -> ImageHeader.of(jpeg, "")).hasMessage("damaged or cut-off JPEG: its header makes no sense");
    }
}
