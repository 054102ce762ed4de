package io.ugatit.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageFormatTest {
    @Test
    void theFirstBytesTellTheFormat() throws IOException {
        assertThat(ImageFormat.of(ImageDecoderTest.resource("formats/rgb.jpg"))).contains(ImageFormat.JPEG);
        assertThat(ImageFormat.of(ImageDecoderTest.resource("formats/rgb.png"))).contains(ImageFormat.PNG);
        assertThat(ImageFormat.of(ImageDecoderTest.resource("formats/palette.gif"))).contains(ImageFormat.GIF);
        assertThat(ImageFormat.of(ImageDecoderTest.resource("formats/rgb.bmp"))).contains(ImageFormat.BMP);
        assertThat(ImageFormat.of(ImageDecoderTest.resource("formats/lossy.webp"))).contains(ImageFormat.WEBP);
        assertThat(ImageFormat.of(ImageDecoderTest.resource("formats/rgb-plain.tif"))).contains(ImageFormat.TIFF);
        assertThat(ImageFormat.of(ImageDecoderTest.resource("formats/rgb16-big-endian.tif"))).contains(ImageFormat.TIFF);
        assertThat(ImageFormat.of(ImageDecoderTest.resource("formats/big.tif"))).contains(ImageFormat.TIFF);
        assertThat(ImageFormat.of(new byte[] {(byte) 0xff, (byte) 0xd8})).isEmpty();
    }

    @Test
    void anEndingCountsInAnyCaseWhetherTheFormatCanBeDecodedOrNot() {
        assertThat(ImageFormat.hasImageExtension("a/b.c/photo.JPeG")).isTrue();
        assertThat(ImageFormat.hasImageExtension("IMG_0001.HEIC")).isTrue();
        assertThat(ImageFormat.hasImageExtension("scan.tiff")).isTrue();
        assertThat(ImageFormat.hasImageExtension("notes.txt")).isFalse();
        assertThat(ImageFormat.hasImageExtension("png")).isFalse();
    }

    @Test
    void theListOfFormatsNamesEachOnce() {
        assertThat(ImageFormat.names()).isEqualTo("JPEG, PNG, GIF, BMP, WebP, TIFF");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "photo, ....ftypheic....mif1heic, HEIC",
                "photo, ....ftypmif1....mif1heicmiaf, HEIC",
                "photo, ....ftypavif....avifmif1miaf, AVIF",
                "photo, ....ftypmif1....mif1avifmiaf, AVIF",
                "photo, ....ftypcrx ....crx isom, camera raw",
                "photo, ^0^0^0^12JXL ^13^10^135^10, JPEG XL",
                "photo.jxl, ^255^10^250^31, JPEG XL",
                "photo, ^0^0^0^12jP  ^13^10^135^10, JPEG 2000",
                "photo, ^255^79^255^81, JPEG 2000",
                "photo, P6^10# made by hand^10, \"PNM (PBM, PGM, PPM)\"",
                "photo, P5 640 480 255^10, \"PNM (PBM, PGM, PPM)\"",
                "photo, 8BPS^0^1, Photoshop",
                "photo, II*^0^16^0^0^0CR^2^0, camera raw",
                "photo.NEF, MM^0*^0^0^0^8, camera raw",
                "photo.dng, II*^0^8^0^0^0, camera raw",
                "photo, IIRO^8^0^0^0, camera raw",
                "photo, IIU^0^24^0^0^0, camera raw",
                "photo, FUJIFILMCCD-RAW 0201, camera raw",
                "drawing, \"<svg xmlns='http://www.w3.org/2000/svg'>\", SVG",
                "drawing.svg, <?xml version='1.0'?>, SVG",
                "icon, ^0^0^1^0^1^0^16^16^0^0^1^0^32^0^104^4^0^0^22^0^0^0, ICO",
                "photo.tga, ^0^0^2^0^0^0^0^0^0^0^0^0^64^0^64^0^24^0, TGA",
                "photo, v/1^1, OpenEXR",
                "photo, #?RADIANCE^10, Radiance HDR",
                "photo, II^188^1, JPEG XR",
                "photo, DDS |^0^0^0, DDS"
            })
    void aFormatThatCannotBeDecodedIsNamedWithWhatToDo(String name, String escaped, String format) {
        byte[] head = bytes(escaped);

        assertThat(ImageFormat.isImage(head, name)).isTrue();
        assertThat(ImageFormat.of(head).isPresent() && !name.contains(".")).isFalse();
        assertThatThrownBy(() -> ImageFormat.requireImage(head, name))
                .isExactlyInstanceOf(ImageFormatException.class)
                .message()
                .startsWith(format + " images cannot be decoded: convert them to JPEG, PNG or WebP, for example with ")
                .doesNotContain("\n");
    }

    @Test
    void theAdviceForHeicNamesItsConverter() {
        assertThatThrownBy(() -> ImageFormat.requireImage(bytes("....ftypheic"), "IMG_1.HEIC"))
                .hasMessage("HEIC images cannot be decoded: convert them to JPEG, PNG or WebP, for example with "
                        + "heif-convert or magick mogrify -format png *.heic");
    }

    @ParameterizedTest
    @ValueSource(strings = {"P1 is the first of our", "P6 \n is no picture", "....ftypmp42....isommp42", "BM is how a bitmap",
            "II* is a text", "^0^0^1^186^33^0^1^0^1^128^27^0^0^1^0^0^0^0^0^0^0^0", "%PDF-1.7", "PK^3^4"})
    void whatOnlyBeginsAlikeIsNoImage(String escaped) {
        byte[] head = bytes(escaped);

        assertThat(ImageFormat.isImage(head, "notes.txt")).isFalse();
        assertThatThrownBy(() -> ImageFormat.requireImage(head, "notes.txt"))
                .isInstanceOf(NotAnImageException.class)
                .hasMessage("neither its name nor its first bytes are those of an image");
    }

    /** By its bytes, whatever it is called. */
    @ParameterizedTest
    @ValueSource(strings = {"photo.heic", "photo.nef", "photo.svg", "photo.tga", "photo.ico", "photo.jxl", "photo"})
    void aJpegUnderAnotherFormatsNameIsAJpeg(String name) throws IOException {
        byte[] jpeg = ImageDecoderTest.resource("formats/rgb.jpg");

        assertThat(ImageFormat.requireImage(Arrays.copyOf(jpeg, ImageFormat.MAGIC_LENGTH), name)).isEqualTo(ImageFormat.JPEG);
        ImageFile named = new ImageFile(name, jpeg.length, () -> jpeg);
        assertThatCode(() -> new ImageDecoder().decode(named, Fit.STRETCH, 16, (image, file) -> image))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"photo.heic", "photo.nef", "photo.svg", "photo.tga", "photo.jxl"})
    void garbageUnderAFormatsNameIsAReject(String name) {
        assertThatThrownBy(() -> ImageFormat.requireImage(bytes("some words that were never a picture of anything"), name))
                .isExactlyInstanceOf(ImageFormatException.class)
                .hasMessage("not a JPEG, PNG, GIF, BMP, WebP or TIFF image");
    }

    /** A byte a character; ^N is the byte N. */
    private static byte[] bytes(String escaped) {
        StringBuilder text = new StringBuilder();
        String[] parts = escaped.split("\\^");
        text.append(parts[0]);
        for (int i = 1; i < parts.length; i++) {
            int digits = 0;
            while (digits < parts[i].length() && digits < 3 && Character.isDigit(parts[i].charAt(digits))) {
                digits++;
            }
            text.append((char) Integer.parseInt(parts[i].substring(0, digits))).append(parts[i].substring(digits));
        }
        return text.toString().replace("....", "\0\0\0\40").getBytes(StandardCharsets.ISO_8859_1);
    }
}
