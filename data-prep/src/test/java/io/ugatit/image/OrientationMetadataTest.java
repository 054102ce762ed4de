package io.ugatit.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.ugatit.image.metadata.Orientation;
import io.ugatit.image.metadata.OrientationMetadata;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each of these files gives in Pillow 12's ImageOps.exif_transpose was looked up there. */
class OrientationMetadataTest {
    private static final String XMP = "http://ns.adobe.com/xap/1.0/\0";

    @ParameterizedTest
    @CsvSource({"3, TURNED_90", "4, TURNED_90", "6, TURNED_90", "8, TURNED_90", "9, TURNED_90", "13, TURNED_90", "1, UPRIGHT", "2, UPRIGHT",
            "7, UPRIGHT"})
    void exifCountsWhateverKindOfNumberItIs(int type, Orientation expected) throws IOException {
        for (ByteOrder order : new ByteOrder[] {ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN}) {
            ByteBuffer value = ByteBuffer.allocate(4).order(order);
            switch (type) {
                case 3, 8 -> value.putShort((short) 6);
                case 4, 9, 13 -> value.putInt(6);
                default -> value.put((byte) 6);
            }
            // XMP that says otherwise does not count beside EXIF that speaks of it, however
            byte[] file = jpeg(exif(order, type, 1, value.array()), app1(XMP + "tiff:Orientation=\"8\""));

            assertThat(OrientationMetadata.ofJpeg(file)).as(order.toString()).isEqualTo(expected);
        }
    }

    @Test
    void exifMayBeARatioOrAFloatingPointNumber() throws IOException {
        ByteBuffer ratio = ByteBuffer.allocate(8).putInt(12).putInt(2);
        ByteBuffer number = ByteBuffer.allocate(8).putDouble(6);

        assertThat(OrientationMetadata.ofJpeg(jpeg(exif(ByteOrder.BIG_ENDIAN, 5, 1, ratio.array()))))
                .isEqualTo(Orientation.TURNED_90);
        assertThat(OrientationMetadata.ofJpeg(jpeg(exif(ByteOrder.BIG_ENDIAN, 12, 1, number.array()))))
                .isEqualTo(Orientation.TURNED_90);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 9, 60_000})
    void aNumberThatMakesNoSenseIsUprightWhateverXmpSays(int number) throws IOException {
        byte[] value = ByteBuffer.allocate(4).putShort((short) number).array();

        byte[] file = jpeg(exif(ByteOrder.BIG_ENDIAN, 3, 1, value), app1(XMP + "tiff:Orientation=\"8\""));

        assertThat(OrientationMetadata.ofJpeg(file)).isEqualTo(Orientation.UPRIGHT);
    }

    @ParameterizedTest
    @CsvSource({"tiff:Orientation=\"6\", TURNED_90", "<tiff:Orientation>3</tiff:Orientation>, TURNED_180", "tiff:Orientation='6', UPRIGHT",
            "tiff:Orientation=\"0\", UPRIGHT"})
    void xmpCountsAsAttributeAndAsElementInEveryFormat(String xmp, Orientation expected) throws IOException {
        byte[] png = png(chunk("iTXt", "XML:com.adobe.xmp\0\0\0\0\0" + xmp));
        byte[] deflated = png(chunk("iTXt", latin1("XML:com.adobe.xmp\0\1\0en\0XMP\0"), deflate(latin1(xmp))));
        byte[] webp = webp(new byte[0], latin1(xmp));

        assertThat(OrientationMetadata.ofJpeg(jpeg(app1(XMP + xmp)))).isEqualTo(expected);
        assertThat(OrientationMetadata.ofPng(png)).isEqualTo(expected);
        assertThat(OrientationMetadata.ofPng(deflated)).isEqualTo(expected);
        assertThat(OrientationMetadata.ofWebp(webp)).isEqualTo(expected);
        assertThat(OrientationMetadata.ofTiff(tiff(ByteOrder.LITTLE_ENDIAN, 700, 1, xmp.length(), latin1(xmp))))
                .isEqualTo(expected);
    }

    @Test
    void exifOfAWebpIsBeforeItsXmp() throws IOException {
        byte[] exif = tiff(ByteOrder.LITTLE_ENDIAN, 274, 3, 1, new byte[] {6, 0, 0, 0});

        assertThat(OrientationMetadata.ofWebp(webp(exif, latin1("tiff:Orientation=\"3\"")))).isEqualTo(Orientation.TURNED_90);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tEXt", "zTXt", "iTXt"})
    void aPngsRawProfileCountsUnlessThereIsProperExif(String kind) throws IOException {
        byte[] exif = join(latin1("Exif\0\0"), tiff(ByteOrder.BIG_ENDIAN, 274, 3, 1, new byte[] {0, 6, 0, 0}));
        byte[] text = latin1("\nexif\n      " + exif.length + "\n" + HexFormat.of().formatHex(exif).replaceAll("(.{40})", "$1\n") + "\n");
        String keyword = "Raw profile type exif\0";
        byte[] profile = switch (kind) {
            case "tEXt" -> chunk(kind, latin1(keyword), text);
            case "zTXt" -> chunk(kind, latin1(keyword + "\0"), deflate(text));
            default -> chunk(kind, latin1(keyword + "\0\0\0\0"), text);
        };
        byte[] proper = chunk("eXIf", tiff(ByteOrder.LITTLE_ENDIAN, 274, 3, 1, new byte[] {3, 0, 0, 0}));

        assertThat(OrientationMetadata.ofPng(png(profile))).isEqualTo(Orientation.TURNED_90);
        assertThat(OrientationMetadata.ofPng(png(join(profile, proper)))).isEqualTo(Orientation.TURNED_180);
    }

    @Test
    void aTextThatInflatesWithoutEndIsReadOnlyInPart() throws IOException {
        byte[] bomb = new byte[20 << 20];
        byte[] profile = chunk("zTXt", latin1("Raw profile type exif\0\0"), deflate(bomb));

        assertThat(OrientationMetadata.ofPng(png(profile))).isEqualTo(Orientation.UPRIGHT);
    }

    @Test
    void ofALargeBlockTheBeginningIsReadOnly() throws IOException {
        String turned = "<x tiff:Orientation=\"6\"/>";
        byte[] late = latin1(" ".repeat(5 << 20) + turned);
        byte[] early = latin1(turned + " ".repeat(5 << 20));

        assertThat(OrientationMetadata.ofTiff(tiff(ByteOrder.LITTLE_ENDIAN, 700, 1, late.length, late))).isEqualTo(Orientation.UPRIGHT);
        assertThat(OrientationMetadata.ofTiff(tiff(ByteOrder.LITTLE_ENDIAN, 700, 1, early.length, early))).isEqualTo(Orientation.TURNED_90);
        assertThat(OrientationMetadata.ofWebp(webp(new byte[0], late))).isEqualTo(Orientation.UPRIGHT);
        assertThat(OrientationMetadata.ofWebp(webp(new byte[0], early))).isEqualTo(Orientation.TURNED_90);
    }

    @Test
    void offsetsAndCountsThatPointOutsideSayNothing() throws IOException {
        byte[] far = tiff(ByteOrder.LITTLE_ENDIAN, 274, 3, 1, new byte[] {6, 0, 0, 0});
        ByteBuffer.wrap(far).order(ByteOrder.LITTLE_ENDIAN).putInt(4, 0x7fffffff);
        byte[] many = tiff(ByteOrder.LITTLE_ENDIAN, 274, 3, 0x7fffffff, new byte[] {6, 0, 0, 0});
        byte[] entries = tiff(ByteOrder.LITTLE_ENDIAN, 274, 3, 1, new byte[] {6, 0, 0, 0});
        ByteBuffer.wrap(entries).order(ByteOrder.LITTLE_ENDIAN).putShort(8, (short) -1);

        for (byte[] tiff : new byte[][] {far, many, entries, new byte[0], {'I', 'I'}}) {
            assertThat(OrientationMetadata.ofPng(png(chunk("eXIf", tiff)))).isEqualTo(Orientation.UPRIGHT);
        }
    }

    private static byte[] exif(ByteOrder order, int type, int count, byte[] value) throws IOException {
        return app1(new String(join(latin1("Exif\0\0"), tiff(order, 274, type, count, value)), StandardCharsets.ISO_8859_1));
    }

    /** A TIFF of one tag and no pixels. */
    private static byte[] tiff(ByteOrder order, int tag, int type, int count, byte[] value) {
        boolean outside = value.length > 4;
        ByteBuffer tiff = ByteBuffer.allocate(26 + (outside ? value.length : 0)).order(order);
        tiff.put(latin1(order == ByteOrder.LITTLE_ENDIAN ? "II*\0" : "MM\0*")).putInt(8).putShort((short) 1);
        tiff.putShort((short) tag).putShort((short) type).putInt(count);
        if (outside) {
            tiff.putInt(26).putInt(0).put(value);
        } else {
            tiff.put(value);
        }
        return tiff.array();
    }

    private static byte[] app1(String content) {
        ByteBuffer segment = ByteBuffer.allocate(4 + content.length());
        return segment.putShort((short) 0xffe1).putShort((short) (2 + content.length())).put(latin1(content)).array();
    }

    private static byte[] jpeg(byte[]... segments) throws IOException {
        return between(ImageDecoderTest.resource("formats/rgb.jpg"), 2, join(segments));
    }

    private static byte[] png(byte[] chunks) throws IOException {
        return between(ImageDecoderTest.resource("formats/rgb.png"), 33, chunks);
    }

    private static byte[] webp(byte[] exif, byte[] xmp) {
        byte[] chunks = join(exif.length == 0 ? exif : riff("EXIF", exif), riff("XMP ", xmp));
        return riff("RIFF", join(latin1("WEBP"), chunks));
    }

    private static byte[] riff(String name, byte[] content) {
        ByteBuffer chunk = ByteBuffer.allocate(8 + content.length + (content.length & 1)).order(ByteOrder.LITTLE_ENDIAN);
        return chunk.put(latin1(name)).putInt(content.length).put(content).array();
    }

    private static byte[] chunk(String name, String content) {
        return chunk(name, latin1(content));
    }

    private static byte[] chunk(String name, byte[]... contents) {
        byte[] content = join(contents);
        byte[] named = join(latin1(name), content);
        CRC32 crc = new CRC32();
        crc.update(named);
        return ByteBuffer.allocate(12 + content.length).putInt(content.length).put(named).putInt((int) crc.getValue()).array();
    }

    private static byte[] deflate(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflater = new DeflaterOutputStream(out)) {
            deflater.write(bytes);
        }
        return out.toByteArray();
    }

    private static byte[] between(byte[] file, int at, byte[] inserted) {
        return join(Arrays.copyOf(file, at), inserted, Arrays.copyOfRange(file, at, file.length));
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
