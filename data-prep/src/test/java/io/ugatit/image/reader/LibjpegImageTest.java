package io.ugatit.image.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.image.metadata.Blocks;
import io.ugatit.image.metadata.Blocks.Block;
import io.ugatit.image.strip.WideVectors;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** JPEGs whose quantisation tables are made 16 bits wide. What Pillow makes of the files is beside them. */
class LibjpegImageTest {
    @ParameterizedTest
    @ValueSource(strings = {"rgb.jpg", "progressive.jpg", "gray.jpg", "profile.jpg", "cmyk.jpg", "inks.jpg", "inks-420.jpg",
            "inks-progressive.jpg", "ycck.jpg", "ycck-420.jpg", "ycck-progressive.jpg", "unmarked.jpg", "unmarked-420.jpg"})
    void sixteenBitsOfSmallNumbersChangeNothing(String name) throws IOException {
        byte[] expected;
        try (RasterImage png = RasterImage.png(resource("expected/" + name + ".png"))) {
            expected = png.decode();
        }

        assertThat(decode(withTables(resource("formats/" + name), 1, true))).isEqualTo(expected);
    }

    /** Our decoder knows large numbers, too. */
    @ParameterizedTest
    @ValueSource(strings = {"formats/rgb.jpg", "formats/progressive.jpg", "formats/inks-420.jpg", "formats/ycck.jpg",
            "vectors/64x48-444.jpg", "vectors/33x17-420.jpg", "vectors/64x48-rgb.jpg", "vectors/64x48-gray.jpg"})
    void largeNumbersCountWhole(String name) throws IOException {
        Assumptions.assumeTrue(WideVectors.AVAILABLE);
        for (boolean marked : new boolean[] {true, false}) {
            byte[] file = withTables(resource(name), 9, marked);
            try (EncodedImage own = EncodedImage.jpeg(file)) {
                assertThat(own).isInstanceOf(StripImage.class);
                assertThat(decode(file)).as(marked ? "marked" : "unmarked").isEqualTo(own.decode());
            }
        }
    }

    /** A progressive one without its last scan, which our decoder does not take. */
    @Test
    void whatIsLeftToLibjpegGoesToTheReaderThatKnowsWideTables() throws IOException {
        byte[] narrow = withoutLastScan(resource("formats/progressive.jpg"));
        byte[] wide = withTables(narrow, 1, true);

        try (EncodedImage image = EncodedImage.jpeg(wide); EncodedImage other = EncodedImage.jpeg(narrow)) {
            assertThat(image).isInstanceOf(LibjpegImage.class);
            assertThat(other).isInstanceOf(RasterImage.class);
            assertThat(image.width()).isEqualTo(48);
            assertThat(image.height()).isEqualTo(32);
            assertThat(image.decodingBytes()).as("pixels, samples and coefficients").isEqualTo(48 * 32 * (3 + 3 + 6) + wide.length + 16);
            assertThat(image.decode()).isEqualTo(other.decode());
        }
    }

    /** Each component in a scan of its own: all coefficients are held until the last. */
    @Test
    void theCoefficientsOfSeveralScansAreReckonedWith() throws IOException {
        byte[] gray = resource("formats/gray.jpg");
        byte[] file = inThreeScans(gray);
        try (RasterImage image = RasterImage.jpeg(file); RasterImage one = RasterImage.jpeg(gray)) {
            assertThat(one.decodingBytes()).as("samples and pixels").isEqualTo(48 * 32 * (1 + 3));
            assertThat(image.decodingBytes()).as("samples, pixels and coefficients").isEqualTo(48 * 32 * (3 + 3 + 6));
            assertThat(image.decode()).hasSize(3 * 48 * 32);
        }
    }

    /** The same gray three times. */
    private static byte[] inThreeScans(byte[] gray) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int at = 0;
        for (Block block : Blocks.ofJpeg(gray)) {
            out.write(gray, at, block.at() - 4 - at);
            at = block.at() + block.length();
            if (block.name().equals("c0")) {
                out.writeBytes(new byte[] {(byte) 0xff, (byte) 0xc0, 0, 17, 8});
                out.write(gray, block.at() + 1, 4);
                out.writeBytes(new byte[] {3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0});
            } else {
                out.write(gray, block.at() - 4, block.length() + 4);
            }
        }
        for (int component = 1; component <= 3; component++) {
            out.writeBytes(new byte[] {(byte) 0xff, (byte) 0xda, 0, 8, 1, (byte) component, 0, 0, 63, 0});
            out.write(gray, at + 10, gray.length - at - 12);
        }
        out.writeBytes(new byte[] {(byte) 0xff, (byte) 0xd9});
        return out.toByteArray();
    }

    @Test
    void aTiffWithWideTablesIsRefused() throws IOException {
        byte[] file = resource("formats/rgb-jpeg.tif");
        for (int i = 0; i < file.length - 4; i++) {
            if (file[i] == (byte) 0xff && file[i + 1] == (byte) 0xdb && file[i + 2] == 0) {
                file[i + 4] |= 0x10; // the first table of the segment
            }
        }

        assertThatThrownBy(() -> new TiffImage(file))
                .hasMessage("TIFF images with JPEG tables of 16 bits cannot be decoded: convert them to PNG");
    }

    @Test
    void damageIsRefused() throws IOException {
        byte[] file = withTables(resource("formats/rgb.jpg"), 2, true);
        byte[] two = file.clone();
        for (Block block : Blocks.ofJpeg(file)) {
            if (block.name().equals("c0")) {
                two[block.at() + 5] = 2;
            }
        }

        assertThatThrownBy(() -> decode(Arrays.copyOf(file, file.length - 100))).hasMessageStartingWith("damaged or cut-off JPEG: ");
        assertThatThrownBy(() -> decode(two)).hasMessage("JPEG images of 2 components cannot be decoded");
    }

    private static byte[] decode(byte[] file) throws IOException {
        JpegKind kind = JpegKind.of(file);
        assertThat(kind.wideTables()).isTrue();
        try (LibjpegImage image = new LibjpegImage(file, kind)) {
            return image.decode();
        }
    }

    /** The tables in 16 bits, their numbers multiplied; without the marks of what the colours are if that is wanted. */
    private static byte[] withTables(byte[] file, int factor, boolean marked) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int at = 0;
        for (Block block : Blocks.ofJpeg(file)) {
            out.write(file, at, block.at() - 4 - at);
            at = block.at() + block.length();
            if (block.name().equals("db")) {
                int tables = block.length() / 65;
                out.writeBytes(new byte[] {(byte) 0xff, (byte) 0xdb, (byte) (2 + 129 * tables >> 8), (byte) (2 + 129 * tables)});
                for (int i = block.at(); i < at; i++) {
                    boolean number = (i - block.at()) % 65 > 0;
                    int value = (file[i] & 0xff) * factor;
                    out.write(number ? value >> 8 : 0x10 | file[i]);
                    out.write(new byte[] {(byte) value}, 0, number ? 1 : 0);
                }
            } else if (marked || !block.name().matches("e0|ee")) {
                out.write(file, block.at() - 4, block.length() + 4);
            }
        }
        out.write(file, at, file.length - at);
        return out.toByteArray();
    }

    private static byte[] withoutLastScan(byte[] file) {
        int last = file.length - 2;
        while (file[last] != (byte) 0xff || file[last + 1] != (byte) 0xda) {
            last--;
        }
        byte[] shorter = Arrays.copyOf(file, last + 2);
        shorter[last + 1] = (byte) 0xd9;
        return shorter;
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = LibjpegImageTest.class.getResourceAsStream("/io/ugatit/image/" + name)) {
            return in.readAllBytes();
        }
    }
}
