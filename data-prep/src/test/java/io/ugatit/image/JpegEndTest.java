package io.ugatit.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.image.strip.WideVectors;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What may stand between the last block of a JPEG and its end. Pillow reads all of it. */
class JpegEndTest {
    private static final byte[] LINES = {(byte) 0xff, (byte) 0xdc, 0, 4, 0, 48};

    private final ImageDecoder decoder = new ImageDecoder();

    @ParameterizedTest
    @ValueSource(strings = {"64x48-restart.jpg", "33x17-restart.jpg", "17x33-restart.jpg", "8x8-restart.jpg"})
    void aRestartMarkerBehindTheLastBlockChangesNothing(String name) throws IOException {
        byte[] file = ImageDecoderTest.resource("vectors/" + name);
        byte[] expected = decoder.decode(file).pixels();
        byte[] restart = restart(file, 0);

        assertThat(decoder.decode(with(file, restart)).pixels()).isEqualTo(expected);
        assertThat(decoder.decode(with(with(file, restart), LINES)).pixels()).isEqualTo(expected);
        assertThat(decoder.decode(Arrays.copyOf(with(file, restart), file.length)).pixels()).as("and no end").isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"64x48-restart.jpg", "64x48-444.jpg", "64x48-gray.jpg", "64x48-progressive.jpg"})
    void theNumberOfLinesBehindTheLastBlockChangesNothing(String name) throws IOException {
        byte[] file = ImageDecoderTest.resource("vectors/" + name);

        assertThat(decoder.decode(with(file, LINES)).pixels()).isEqualTo(decoder.decode(file).pixels());
    }

    @Test
    void blocksOrSeveralRestartMarkersBehindTheLastBlockAreDamage() throws IOException {
        Assumptions.assumeTrue(WideVectors.AVAILABLE);
        byte[] file = ImageDecoderTest.resource("vectors/64x48-restart.jpg");
        byte[] next = restart(file, 0);
        byte[] blocks = {1, 2, 3};

        for (byte[] damaged : List.of(with(file, restart(file, 3)), with(file, next, restart(file, 1)), with(file, next, blocks))) {
            assertThatThrownBy(() -> decoder.decode(damaged)).isInstanceOf(ImageFormatException.class)
                    .hasMessageMatching("damaged or cut-off JPEG: found marker 0xd\\d behind the last block");
        }
    }

    /** The restart marker that would follow next, or later. */
    private static byte[] restart(byte[] file, int later) {
        int number = later;
        for (int i = 0; i < file.length - 1; i++) {
            number += file[i] == (byte) 0xff && (file[i + 1] & 0xf8) == 0xd0 ? 1 : 0;
        }
        return new byte[] {(byte) 0xff, (byte) (0xd0 + number % 8)};
    }

    private static byte[] with(byte[] file, byte[]... beforeEnd) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(file, 0, file.length - 2);
        for (byte[] bytes : beforeEnd) {
            out.writeBytes(bytes);
        }
        out.write(file, file.length - 2, 2);
        return out.toByteArray();
    }
}
