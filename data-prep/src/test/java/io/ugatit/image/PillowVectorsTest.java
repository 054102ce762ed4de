package io.ugatit.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.ugatit.image.reader.EncodedImage;
import io.ugatit.image.reader.RasterImage;
import io.ugatit.image.reader.StripImage;
import io.ugatit.image.strip.WideVectors;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The files and the hashes of what Pillow makes of them come from make_vectors.py. */
class PillowVectorsTest {
    private final ImageDecoder decoder = new ImageDecoder();

    /** A line of the table. */
    record Vector(String name, int width, int height, String pixels, String resized) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Vector> vectors() throws IOException {
        String table = new String(ImageDecoderTest.resource("vectors/pillow.tsv"), StandardCharsets.US_ASCII);
        return table.lines().map(line -> line.split("\t"))
                .map(cells -> new Vector(cells[0], Integer.parseInt(cells[1]), Integer.parseInt(cells[2]), cells[3], cells[4])).toList();
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void everyPixelIsThatOfPillow(Vector vector) throws Exception {
        RgbImage image = decoder.decode(ImageDecoderTest.resource("vectors/" + vector.name()));

        assertThat(image.width()).isEqualTo(vector.width());
        assertThat(image.height()).isEqualTo(vector.height());
        assertThat(sha256(image.pixels())).isEqualTo(vector.pixels());
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void everyResizedPixelIsThatOfPillow(Vector vector) throws Exception {
        byte[] file = ImageDecoderTest.resource("vectors/" + vector.name());

        byte[] square = decoder.decode(new ImageFile("x", file.length, () -> file), Fit.STRETCH, 24, (image, bytes) -> image.pixels());

        assertThat(sha256(square)).isEqualTo(vector.resized());
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void anImageIsFittedStripByStripAsItIsWhole(Vector vector) throws Exception {
        byte[] file = ImageDecoderTest.resource("vectors/" + vector.name());
        RgbImage whole = decoder.decode(file);

        for (Fit fit : Fit.values()) {
            for (int side : new int[] {9, 40}) {
                byte[] square = decoder.decode(new ImageFile("x", file.length, () -> file), fit, side, (image, bytes) -> image.pixels());
                assertThat(square).as("%s %d", fit, side).isEqualTo(fit.apply(whole, side).pixels());
            }
        }
    }

    /** Else the tests above would show nothing of the fast readers. */
    @Test
    void allAreReadFastWhereThereAreVectors() throws IOException {
        for (Vector vector : vectors()) {
            byte[] file = ImageDecoderTest.resource("vectors/" + vector.name());
            boolean jpeg = vector.name().endsWith(".jpg");
            try (EncodedImage image = (jpeg ? ImageFormat.JPEG : ImageFormat.PNG).open(file)) {
                boolean slow = jpeg && !WideVectors.AVAILABLE;
                assertThat(image.getClass()).as(vector.name())
                        .isEqualTo(slow ? RasterImage.class : StripImage.class);
            }
        }
    }

    @Test
    void aVectorIsThereForEveryKind() throws IOException {
        List<String> kinds = vectors().stream().map(vector -> vector.name().replaceAll("^\\d+x\\d+-", "")).distinct().toList();

        assertThat(kinds).containsExactlyInAnyOrder("444.jpg", "422.jpg", "420.jpg", "440.jpg", "411.jpg", "gray.jpg", "rgb.jpg",
                "restart.jpg", "extreme.jpg", "progressive.jpg", "progressive-444.jpg",
                "progressive-gray.jpg", "turned.jpg", "sideways.png", "L.png", "LA.png", "RGB.png", "RGBA.png", "gray1.png",
                "gray2.png", "gray4.png", "palette1.png", "palette2.png", "palette4.png", "palette8.png", "palette1-alpha.png",
                "palette2-alpha.png", "palette4-alpha.png", "palette8-alpha.png", "interlaced1.png",
                "interlaced2.png", "interlaced4.png", "interlaced8.png", "interlaced-RGB.png", "kind2-16bits.png", "kind4-16bits.png",
                "kind6-16bits.png");
    }

    private static String sha256(byte[] bytes) throws NoSuchAlgorithmException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }
}
