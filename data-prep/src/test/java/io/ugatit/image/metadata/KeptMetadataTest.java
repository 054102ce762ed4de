package io.ugatit.image.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.ugatit.image.ImageDecoder;
import io.ugatit.image.ImageEncoder;
import io.ugatit.image.RgbImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.NodeList;

class KeptMetadataTest {
    private static final RgbImage SOURCE = new RgbImage(8, 4, new byte[96]);
    private static final RgbImage PICTURE = new RgbImage(30, 20, new byte[1800]);

    private static String latin(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static byte[] png(KeptMetadata metadata) {
        return ImageEncoder.PNG.with(metadata, ImageEncoder.PNG.encode(PICTURE), 30, 20);
    }

    private static byte[] jpeg(KeptMetadata metadata) {
        return ImageEncoder.JPEG.with(metadata, ImageEncoder.JPEG.encode(PICTURE), 30, 20);
    }

    private static IIOMetadataNode tree(byte[] file, String format) throws IOException {
        ImageReader reader = ImageIO.getImageReadersByFormatName(format).next();
        try (MemoryCacheImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
            reader.setInput(in);
            assertThat(reader.read(0).getWidth()).isEqualTo(30);
            return (IIOMetadataNode) reader.getImageMetadata(0).getAsTree(reader.getImageMetadata(0).getNativeMetadataFormatName());
        } finally {
            reader.dispose();
        }
    }

    private static List<String> attributes(IIOMetadataNode tree, String element, String... names) {
        NodeList nodes = tree.getElementsByTagName(element);
        List<String> found = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            for (String name : names) {
                found.add(((IIOMetadataNode) nodes.item(i)).getAttribute(name));
            }
        }
        return found;
    }

    private static TiffDirectory exif(MetadataBlocks blocks) {
        return TiffDirectory.read(blocks.exif().orElseThrow()).orElseThrow();
    }

    private static String text(TiffDirectory tags, int tag) {
        return StandardCharsets.ISO_8859_1.decode(tags.bytes(tag)).toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"LITTLE_ENDIAN", "BIG_ENDIAN"})
    void exifOfATurnedPhotographIsThatOfAnUprightPictureInItsOwnSize(String name) throws Exception {
        ByteOrder order = name.equals("BIG_ENDIAN") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        byte[] source = PhotographFile.jpeg(SOURCE, order);
        assertThat(latin(source)).contains(PhotographFile.THUMBNAIL, PhotographFile.MAKER_NOTE, "ICC_PROFILE");
        KeptMetadata kept = KeptMetadata.ofJpeg(source);
        assertThat(kept.isCut()).isFalse();
        for (MetadataBlocks blocks : List.of(MetadataBlocks.ofPng(png(kept)), MetadataBlocks.ofJpeg(jpeg(kept)))) {
            TiffDirectory tags = exif(blocks);
            assertThat(tags.order()).isEqualTo(order);
            assertThat(tags.tags()).containsExactly(270, 271, 274, 33432, 34665, 34853);
            assertThat(text(tags, 270)).isEqualTo("a cat on a wall\0");
            assertThat(tags.value(274, 0, 0)).isEqualTo(1);
            TiffDirectory photo = tags.directory(34665).orElseThrow();
            assertThat(photo.tags()).containsExactly(36867, 40961, 40962, 40963, 42036);
            assertThat(text(photo, 36867)).isEqualTo("2024:05:06 07:08:09\0");
            assertThat(List.of(photo.value(40961, 0, 0), photo.value(40962, 0, 0), photo.value(40963, 0, 0))).containsExactly(1L, 30L, 20L);
            TiffDirectory gps = tags.directory(34853).orElseThrow();
            assertThat(text(gps, 1)).isEqualTo("N\0");
            assertThat(List.of(gps.value(2, 0, 0), gps.value(2, 1, 0), gps.value(2, 2, -1))).containsExactly(48L, 8L, 0L);
        }
        for (byte[] made : List.of(png(kept), jpeg(kept))) {
            assertThat(latin(made)).doesNotContain(PhotographFile.THUMBNAIL).doesNotContain(PhotographFile.MAKER_NOTE)
                    .doesNotContain("ICC_PROFILE").doesNotContain("iCCP");
            assertThat(new ImageDecoder().decode(made).width()).as("upright").isEqualTo(30);
        }
    }

    @Test
    void aPngHasWhatWasInAJpegInChunksThatOtherReadersKnow() throws Exception {
        byte[] made = png(KeptMetadata.ofJpeg(PhotographFile.jpeg(SOURCE, ByteOrder.BIG_ENDIAN)));
        IIOMetadataNode tree = tree(made, "png");
        assertThat(attributes(tree, "iTXtEntry", "keyword")).containsExactly("XML:com.adobe.xmp", "Raw profile type iptc", "Comment", "Comment");
        List<String> texts = attributes(tree, "iTXtEntry", "text");
        assertThat(texts.get(0)).contains("tiff:Orientation=\"1\"", "dc:creator=\"Zoë\"").doesNotContain("Thumbnails")
                .doesNotContain("HasExtendedXMP");
        assertThat(texts.subList(2, 4)).containsExactly("größer", "größer");
        byte[] iptc = Iptc.in(MetadataBlocks.ofPng(made).photoshop());
        assertThat(new String(iptc, StandardCharsets.UTF_8)).isEqualTo("\u001c\u0001Z\0\u0003\u001b%G\u001c\u0002i\0\nCat läuft");
        assertThat(texts.get(1)).startsWith("\niptc\n      " + (12 + iptc.length + (iptc.length & 1)) + "\n3842494d04040000");
    }

    @Test
    void aJpegHasWhatWasInAPngInSegmentsThatOtherReadersKnow() throws Exception {
        KeptMetadata kept = KeptMetadata.ofPng(png(KeptMetadata.ofJpeg(PhotographFile.jpeg(SOURCE, ByteOrder.BIG_ENDIAN))));
        assertThat(kept.isCut()).isFalse();
        byte[] made = jpeg(kept);
        IIOMetadataNode tree = tree(made, "jpeg");
        assertThat(attributes(tree, "unknown", "MarkerTag")).containsExactly("225", "225", "237");
        assertThat(tree.getElementsByTagName("com").getLength()).isEqualTo(1); // of one keyword the last
        MetadataBlocks blocks = MetadataBlocks.ofJpeg(made);
        assertThat(exif(blocks).value(274, 0, 0)).isEqualTo(1);
        assertThat(new String(blocks.xmp(), StandardCharsets.UTF_8)).contains("Zoë");
        assertThat(new String(Iptc.in(blocks.photoshop()), StandardCharsets.UTF_8)).contains("Cat läuft");
        assertThat(new String(blocks.comments().get(0), StandardCharsets.UTF_8)).isEqualTo("größer");
    }

    @Test
    void textsOfAPngKeepTheirKeywordsInAPngAndAJpegSaysThem() throws Exception {
        byte[] parameters = "parameters\0a photo of a cat, steps: 20".getBytes(StandardCharsets.ISO_8859_1);
        byte[] international = "Title\0\0\0de\0Titel\0猫".getBytes(StandardCharsets.UTF_8);
        KeptMetadata kept = KeptMetadata.ofPng(PhotographFile.png(SOURCE, PhotographFile.chunk("tEXt", parameters),
                PhotographFile.chunk("iTXt", international), PhotographFile.chunk("iCCP", new byte[9])));
        assertThat(kept.isCut()).isFalse();
        assertThat(attributes(tree(png(kept), "png"), "iTXtEntry", "keyword", "text"))
                .containsExactly("parameters", "a photo of a cat, steps: 20", "Title", "猫");
        assertThat(MetadataBlocks.ofJpeg(jpeg(kept)).comments()).extracting(comment -> new String(comment, StandardCharsets.UTF_8))
                .containsExactly("parameters: a photo of a cat, steps: 20", "Title: 猫");
    }

    @Test
    void aPictureOfAFileThatSaysNothingIsTheSameFile() {
        byte[] plain = ImageEncoder.PNG.encode(PICTURE);
        KeptMetadata kept = KeptMetadata.ofPng(ImageEncoder.PNG.encode(SOURCE));
        assertThat(kept.isCut()).isFalse();
        assertThat(ImageEncoder.PNG.with(kept, plain, 30, 20)).isSameAs(plain);
        assertThat(ImageEncoder.PNG.with(KeptMetadata.NONE, plain, 30, 20)).isSameAs(plain);
    }

    @Test
    void whatIsTooLongOrDamagedIsLeftOutAndSaidAndTheRestStays() {
        byte[] exif = PhotographFile.exif(ByteOrder.BIG_ENDIAN);
        String xmp = "XML:com.adobe.xmp\0\0\0\0\0" + "x".repeat(KeptMetadata.MOST_BYTES + 1);
        KeptMetadata longXmp = KeptMetadata.ofPng(PhotographFile.png(SOURCE, PhotographFile.chunk("eXIf", exif),
                PhotographFile.chunk("iTXt", xmp.getBytes(StandardCharsets.US_ASCII))));
        assertThat(longXmp.isCut()).isTrue();
        assertThat(MetadataBlocks.ofPng(png(longXmp)).xmp()).isEmpty();
        assertThat(exif(MetadataBlocks.ofPng(png(longXmp))).has(270)).isTrue();

        byte[] text = ("k\0" + "x".repeat(40_000)).getBytes(StandardCharsets.US_ASCII);
        byte[] more = ("l\0" + "x".repeat(40_000)).getBytes(StandardCharsets.US_ASCII);
        KeptMetadata texts = KeptMetadata.ofPng(PhotographFile.png(SOURCE, PhotographFile.chunk("tEXt", text), PhotographFile.chunk("tEXt", more)));
        assertThat(texts.isCut()).isTrue();
        assertThat(MetadataBlocks.ofPng(png(texts)).texts()).extracting(PngText::keyword).containsExactly("k");

        assertThat(KeptMetadata.ofJpeg(PhotographFile.jpeg(SOURCE, PhotographFile.exifSegment("no TIFF at all".getBytes(StandardCharsets.US_ASCII))))
                .isCut()).isTrue();
        String open = "XML:com.adobe.xmp\0\0\0\0\0<xmp:Thumbnails>";
        assertThat(KeptMetadata.ofPng(PhotographFile.png(SOURCE, PhotographFile.chunk("iTXt", open.getBytes(StandardCharsets.US_ASCII))))
                .isCut()).isTrue();
    }

    @Test
    void tagsThatAllClaimTheSameBytesDoNotMultiplyThem() {
        ByteBuffer exif = ByteBuffer.allocate(60_000);
        exif.put(new byte[] {'M', 'M'}).putShort((short) 42).putInt(8).putShort((short) 1).putShort((short) 34665).putShort((short) 4).putInt(1)
                .putInt(26).putInt(0);
        exif.putShort((short) 2000);
        for (int tag = 0; tag < 2000; tag++) {
            exif.putShort((short) (50_000 + tag)).putShort((short) 7).putInt(59_000).putInt(8);
        }
        KeptMetadata kept = KeptMetadata.ofJpeg(PhotographFile.jpeg(SOURCE, PhotographFile.exifSegment(exif.array())));
        assertThat(kept.isCut()).isTrue();
        assertThat(MetadataBlocks.ofPng(png(kept)).exif()).isEmpty();
    }

    @Test
    void whateverIsSpoiledTheResultIsAPicture() throws Exception {
        byte[] whole = PhotographFile.jpeg(SOURCE, ByteOrder.LITTLE_ENDIAN);
        Random random = new Random(1);
        for (int i = 0; i < 3000; i++) {
            byte[] spoiled = Arrays.copyOf(whole, i % 7 == 0 ? random.nextInt(whole.length) : whole.length);
            for (int j = 0; j < 1 + i % 20 && spoiled.length > 0; j++) {
                spoiled[random.nextInt(Math.min(spoiled.length, 6000))] = (byte) random.nextInt();
            }
            KeptMetadata kept = KeptMetadata.ofJpeg(spoiled);
            byte[] made = i % 2 == 0 ? png(kept) : jpeg(kept);
            if (i % 50 < 2) {
                assertThat(new ImageDecoder().decode(made).width()).isEqualTo(30);
            }
        }
    }

    @Test
    void ofATiffWhatDescribesThePictureIsKeptAndNotHowItIsStored() {
        byte[] tiff = PhotographFile.exif(ByteOrder.BIG_ENDIAN); // its first directory is a page's too
        KeptMetadata kept = KeptMetadata.ofTiff(tiff);
        assertThat(exif(MetadataBlocks.ofPng(png(kept))).tags()).containsExactly(270, 271, 274, 33432, 34665, 34853);
    }
}
