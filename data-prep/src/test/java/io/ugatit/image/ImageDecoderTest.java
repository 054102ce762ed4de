package io.ugatit.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.image.reader.RasterImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
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
import org.junit.jupiter.params.provider.ValueSource;

class ImageDecoderTest {
    private final ImageDecoder decoder = new ImageDecoder();

    /** The files and what Pillow makes of them come from make_images.py beside them. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "rgb.png", "gray.png", "one-bit.png", "palette.png", "gray16.png", "rgb16.png", "rgb.bmp", "palette.bmp", "palette.gif",
                "animated.gif", "animated.png", "default.png", "lossless.webp", "rgb-plain.tif", "rgb-tiff_lzw.tif",
                "rgb-tiff_adobe_deflate.tif", "rgb-packbits.tif", "gray.tif", "white-is-zero.tif", "palette.tif", "one-bit.tif",
                "fax3.tif", "fax4.tif", "cmyk.tif", "pages.tif", "big.tif", "predictor.tif", "strips.tif", "tiles.tif",
                "rgb16.tif", "rgb16-big-endian.tif", "gray16.tif",
                "unspecified-extra.tif"
            })
    void losslessFormatsGiveThePixelsThatPillowReads(String name) throws IOException {
        assertThat(largestDifference(name)).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {
                "rgba.png", "gray-alpha.png", "palette-alpha.png", "transparent-colour.png", "alpha.webp", "rgba.tif", "gray-alpha.tif",
                "rgba16.tif", "premultiplied.tif"
            })
    void transparencyIsComposedOnWhite(String name) throws IOException {
        assertThat(largestDifference(name)).isLessThanOrEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rgb.jpg", "progressive.jpg", "gray.jpg", "cmyk.jpg", "inks.jpg", "inks-420.jpg", "inks-progressive.jpg",
            "ycck.jpg", "ycck-420.jpg", "ycck-progressive.jpg", "unmarked.jpg", "unmarked-420.jpg", "unmarked-progressive.jpg",
            "rgb-jpeg.tif"})
    void lossyFormatsGiveThePixelsThatPillowReads(String name) throws IOException {
        assertThat(largestDifference(name)).isZero();
    }

    /** libwebp's own pixels: its loop filter, its interpolated chroma, its transparency. */
    @ParameterizedTest
    @ValueSource(strings = {"lossy.webp", "lossy-50.webp", "lossy-alpha.webp", "filtered-alpha.webp", "canvas-opaque-lossy-alpha.webp",
            "canvas-opaque-alpha.webp"})
    void webpGivesThePixelsThatLibwebpGivesPillow(String name) throws IOException {
        assertThat(largestDifference(name)).isLessThanOrEqualTo(name.contains("alpha") ? 1 : 0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "animated-lossy.webp", "animated-lossy-alpha.webp", "animated-lossless.webp", "animated-alpha.webp",
                "animated-opaque-lossy.webp", "animated-opaque-lossy-alpha.webp", "animated-opaque-lossless.webp",
                "animated-opaque-alpha.webp", "screen.gif", "screen-transparent.gif", "screen-too-small.gif", "screen-of-nothing.gif",
                "own-palette.gif", "only-own-palette.gif", "no-palette.gif"
            })
    void aFirstFrameIsComposedOnItsCanvas(String name) throws IOException {
        assertThat(largestDifference(name)).isLessThanOrEqualTo(name.contains("alpha") ? 1 : 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"profile.jpg", "profile.png", "profile.webp"})
    void colourProfilesAreNotApplied(String name) throws IOException {
        assertThat(largestDifference(name)).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void anImageWithExifOrientationComesOutUpright(int orientation) throws IOException {
        for (String ending : List.of("jpg", "png", "webp", "tif")) {
            assertThat(largestDifference("orientation-" + orientation + "." + ending)).as(ending).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rgb.jpg", "progressive.jpg", "cmyk.jpg", "ycck-progressive.jpg", "rgb.png", "palette.png", "palette.gif", "rgb.bmp",
                "lossy.webp", "lossless.webp", "lossy-alpha.webp", "animated-lossy.webp", "rgb-plain.tif", "rgb-tiff_lzw.tif",
                "rgb-tiff_adobe_deflate.tif",
                "rgb-packbits.tif", "rgb-jpeg.tif", "tiles.tif", "big.tif", "fax4.tif"
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

    /** Between scans, too, where libjpeg makes up the end and shows what it has. */
    @ParameterizedTest
    @ValueSource(strings = {"progressive.jpg", "ycck-progressive.jpg"})
    void aProgressiveJpegIsAnErrorWhereverItIsCut(String name) throws IOException {
        byte[] file = resource("formats/" + name);
        for (int length = 1; length < file.length; length++) {
            byte[] cut = Arrays.copyOf(file, length);
            assertThatThrownBy(() -> decoder.decode(cut)).as("the first %d bytes", length).isInstanceOf(ImageFormatException.class);
        }
    }

    /** Readers name their objects. */
    @Test
    void aReasonIsTheSameInEveryRun() {
        Exception damage = new IOException(new IllegalArgumentException("color space = ICC_ColorSpace@548a9f61 alpha = false\nmore"));

        assertThat(ImageDecoder.reasonOf(damage)).isEqualTo("color space = ICC_ColorSpace alpha = false");
    }

    @Test
    void anEmptyFileIsSaidToBeEmpty() {
        assertThatThrownBy(() -> decoder.decode(new byte[0])).isInstanceOf(ImageFormatException.class).hasMessage("the file is empty");
    }

    @Test
    void aTextIsNoImage() {
        assertThatThrownBy(() -> decoder.decode("BM is how a bitmap begins".getBytes()))
                .isInstanceOf(ImageFormatException.class)
                .hasMessage("not a JPEG, PNG, GIF, BMP, WebP or TIFF image");
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
                .hasMessage("60000 x 60000 pixels are more than the 100000000 that --max-pixels allows");
    }

    @Test
    void theLimitOfPixelsIsInclusive() throws IOException {
        byte[] file = resource("formats/rgb.jpg");

        assertThat(new ImageDecoder(48 * 32).decode(file).width()).isEqualTo(48);
        assertThatThrownBy(() -> new ImageDecoder(48 * 32 - 1).decode(file))
                .hasMessage("48 x 32 pixels are more than the 1535 that --max-pixels allows");
    }

    /** Whatever bytes are hit, the outcome is an image or an ImageFormatException, never another exception. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "cmyk.jpg", "inks-progressive.jpg", "ycck-420.jpg", "orientation-6.jpg", "profile.jpg", "palette.png",
                "orientation-6.png", "palette.gif", "palette.bmp", "lossy.webp", "alpha.webp", "profile.webp",
                "lossy-alpha.webp", "filtered-alpha.webp", "animated-lossy-alpha.webp", "rgb-tiff_lzw.tif", "rgb-jpeg.tif", "tiles.tif",
                "big.tif", "fax4.tif", "palette.tif", "screen-transparent.gif"
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

    /** libwebp is native: what it cannot bear must not reach it. */
    @ParameterizedTest
    @ValueSource(strings = {"lossy.webp", "lossy-alpha.webp", "lossless.webp", "animated-lossy-alpha.webp"})
    void anyBitOfAWebpMayBeWrong(String name) throws IOException {
        byte[] file = resource("formats/" + name);
        Random random = new Random(11);
        int images = 0;
        for (int i = 0; i < file.length; i++) {
            byte[] damaged = file.clone();
            damaged[i] ^= (byte) (1 << random.nextInt(8));
            try {
                images += new ImageDecoder(1_000_000).decode(damaged).pixels().length > 0 ? 1 : 0;
            } catch (ImageFormatException e) {
                assertThat(e.getMessage()).doesNotContain("\n").isNotBlank();
            }
        }
        assertThat(images).as("wrong pixels are an image, a wrong structure is none").isBetween(1, file.length - 12);
    }

    /** The pixels of a PNG have a checksum of their own, within the compressed data. */
    @Test
    void aWrongChecksumBeforeThePixelsOfAPngIsAnErrorAsInPillow() throws IOException {
        byte[] file = resource("formats/palette.png");
        byte[] pixels = decoder.decode(file).pixels();
        ByteBuffer bytes = ByteBuffer.wrap(file);
        List<String> refused = new ArrayList<>();
        for (int at = 8; at < file.length; at += 12 + bytes.getInt(at)) {
            byte[] damaged = file.clone();
            damaged[at + 8 + bytes.getInt(at)] ^= 1;
            String name = new String(file, at + 4, 4, StandardCharsets.US_ASCII);
            try {
                assertThat(decoder.decode(damaged).pixels()).as(name).isEqualTo(pixels);
            } catch (ImageFormatException e) {
                assertThat(e).hasMessage("damaged or cut-off PNG: the checksum of its " + name + " is wrong");
                refused.add(name);
            }
        }
        assertThat(refused).containsExactly("IHDR", "PLTE");
    }

    @Test
    void aWebpWhoseSizesDifferIsRefusedBeforeLibwebpSeesIt() throws IOException {
        byte[] still = resource("formats/canvas-opaque-alpha.webp");
        still[24]++; // the canvas's width
        byte[] frame = resource("formats/animated-lossy.webp");
        frame[24] = 40; // the canvas's width, less than where the frame ends

        assertThatThrownBy(() -> decoder.decode(still)).hasMessage("damaged WebP: its picture and its canvas differ in size");
        assertThatThrownBy(() -> decoder.decode(frame)).hasMessage("damaged WebP: its picture reaches over its canvas");
    }

    @Test
    void aTiffThatIsACameraRawIsRefusedInsteadOfItsThumbnailTaken() throws IOException {
        byte[] file = resource("formats/rgb16.tif");
        ByteBuffer tags = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        int last = 10 + 12 * (tags.getShort(8) - 1);
        tags.putShort(last, (short) 50706); // DNGVersion

        assertThatThrownBy(() -> decoder.decode(file)).isInstanceOf(ImageFormatException.class)
                .hasMessageStartingWith("camera raw images cannot be decoded: convert them to JPEG, PNG or WebP");
    }

    @Test
    void aTiffOfAnotherKindOfSamplesIsRefusedByName() throws IOException {
        byte[] file = resource("formats/gray16.tif");
        ByteBuffer tags = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        tags.putInt(10 + 12 * 2 + 8, 32); // bits a sample

        assertThatThrownBy(() -> decoder.decode(file))
                .hasMessage("TIFF images with samples of 32 bits cannot be decoded: convert them to PNG");
    }

    @Test
    void aFileOfNothingButSegmentsOrChunksIsRefused() {
        byte[] jpeg = new byte[2 + 4 * 100_001];
        jpeg[0] = (byte) 0xff;
        jpeg[1] = (byte) 0xd8;
        byte[] webp = Arrays.copyOf("RIFF????WEBP".getBytes(StandardCharsets.ISO_8859_1), 12 + 8 * 100_001);
        for (int i = 0; i < 100_001; i++) {
            jpeg[2 + 4 * i] = (byte) 0xff;
            jpeg[3 + 4 * i] = (byte) 0xfe;
            jpeg[5 + 4 * i] = 2;
            Arrays.fill(webp, 12 + 8 * i, 16 + 8 * i, (byte) 'x');
        }

        assertThatThrownBy(() -> decoder.decode(jpeg)).isInstanceOf(ImageFormatException.class)
                .hasMessage("damaged or cut-off JPEG: it has more than 100000 segments or chunks");
        assertThatThrownBy(() -> decoder.decode(webp)).isInstanceOf(ImageFormatException.class)
                .hasMessage("damaged or cut-off WebP: it has more than 100000 segments or chunks");
    }

    @Test
    void aTiffWhosePartsLieInTheSameBytesIsRefused() throws IOException {
        byte[] strips = new byte[8 + 2 + 12 * 9 + 4 + 8 * 16];
        ByteBuffer tiff = ByteBuffer.wrap(strips).order(ByteOrder.LITTLE_ENDIAN);
        tiff.put(new byte[] {'I', 'I', 42, 0}).putInt(8).putShort((short) 9);
        int values = 8 + 2 + 12 * 9 + 4;
        int[][] tags = {{256, 4, 1, 8}, {257, 4, 1, 16}, {258, 3, 1, 8}, {259, 3, 1, 1}, {262, 3, 1, 1}, {273, 4, 16, values}, {277, 3, 1, 1},
            {278, 4, 1, 1}, {279, 4, 16, values + 64}};
        for (int[] tag : tags) {
            tiff.putShort((short) tag[0]).putShort((short) tag[1]).putInt(tag[2]).putInt(tag[3]);
        }
        tiff.putInt(0).position(values + 64);
        for (int i = 0; i < 16; i++) {
            tiff.putInt(strips.length); // from the first byte on
        }

        assertThatThrownBy(() -> decoder.decode(strips)).isInstanceOf(ImageFormatException.class)
                .hasMessage("damaged TIFF: its parts lie in the same bytes");
    }

    @Test
    void aJpegOfTwelveBitsIsRefusedByName() throws IOException {
        byte[] file = resource("formats/rgb.jpg");
        int at = 0;
        while (file[at] != (byte) 0xff || file[at + 1] != (byte) 0xc0) {
            at++;
        }
        file[at + 4] = 12;

        assertThatThrownBy(() -> decoder.decode(file)).hasMessage("JPEG images of 12 bits a sample cannot be decoded: convert them to PNG");
    }

    @Test
    void aSliverThatWouldGrowBeyondAnArrayIsARejectWhenItIsFitted() throws IOException {
        byte[] sliver = ImageEncoder.PNG.encode(new RgbImage(1, 180_000, new byte[540_000]));
        ImageFile file = new ImageFile("sliver.png", sliver.length, () -> sliver);

        assertThatThrownBy(() -> decoder.decode(file, Fit.STRETCH, 4096, (image, bytes) -> image))
                .isInstanceOf(ImageFormatException.class)
                .hasMessage("1 x 180000 pixels are too long and narrow");
        int width = decoder.decode(file, Fit.PAD, 16, (image, bytes) -> image.width());
        assertThat(width).isEqualTo(16);
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
        RgbImage expected;
        try (RasterImage png = RasterImage.png(resource("expected/" + name + ".png"))) {
            expected = new RgbImage(png.width(), png.height(), png.decode()); // ImageIO's reader, so that ours is not its own judge
        }
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
