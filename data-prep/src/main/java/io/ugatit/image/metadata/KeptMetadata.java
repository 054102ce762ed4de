package io.ugatit.image.metadata;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.zip.CRC32;

/**
 * What an image file says beside its pixels, for another picture that was made of them: EXIF ({@link UprightExif}), XMP
 * ({@link UprightXmp}), IPTC ({@link Iptc}) and texts. Colour profiles are not kept: the new picture's samples are not the file's. No block
 * is longer than {@link #MOST_BYTES}, which fits a segment of a JPEG; what is longer or damaged is left out. Immutable, some hundred
 * kilobytes at most.
 */
public final class KeptMetadata {
    /** Bytes of EXIF, of XMP, of IPTC, and of all texts together. */
    public static final int MOST_BYTES = 64_000;
    /** Nothing. */
    public static final KeptMetadata NONE = new KeptMetadata();

    private static final int MOST_TEXTS = 100;
    private static final int LONGEST_KEYWORD = 79;
    private static final String COMMENT = "Comment";
    private static final int TIFF_XMP = 700;
    private static final int TIFF_IPTC = 33723;
    /** Signature and first chunk of a PNG. */
    private static final int PNG_HEADER = 33;

    private Optional<UprightExif> exif = Optional.empty();
    private byte[] xmp = {};
    private byte[] iptc = {};
    private final List<Text> texts = new ArrayList<>();
    private int textBytes;
    private boolean cut;

    private record Text(String keyword, String text) { }

    private KeptMetadata() { }

    /** Of a JPEG, which is the whole file. */
    public static KeptMetadata ofJpeg(byte[] file) {
        MetadataBlocks blocks = MetadataBlocks.ofJpeg(file);
        KeptMetadata kept = of(blocks);
        kept.cut |= blocks.hasMoreXmp();
        blocks.comments().forEach(comment -> kept.text(COMMENT, words(comment)));
        return kept;
    }

    /** Of a PNG, which is the whole file. */
    public static KeptMetadata ofPng(byte[] file) {
        MetadataBlocks blocks = MetadataBlocks.ofPng(file);
        KeptMetadata kept = of(blocks);
        int looked = 0;
        for (PngText text : blocks.texts()) {
            if (looked++ == 2 * MOST_TEXTS) { // unpacking each takes time
                kept.cut = true;
                break;
            }
            if (!text.keyword().equals(MetadataBlocks.PNG_XMP) && !text.keyword().startsWith(MetadataBlocks.RAW_PROFILE)) {
                kept.text(text.keyword(), new String(text.bytes(file, MOST_BYTES + 1), text.charset()));
            }
        }
        return kept;
    }

    /** Of a WebP, which is the whole file. */
    public static KeptMetadata ofWebp(byte[] file) {
        return of(MetadataBlocks.ofWebp(file));
    }

    /** Of a TIFF's first page; the TIFF is the whole file. */
    public static KeptMetadata ofTiff(byte[] file) {
        KeptMetadata kept = new KeptMetadata();
        Optional<TiffDirectory> page = TiffDirectory.read(ByteBuffer.wrap(file));
        page.ifPresent(tags -> {
            kept.exif(tags);
            kept.xmp = kept.block(tags.bytes(TIFF_XMP), UprightXmp::of);
            kept.iptc = kept.block(tags.bytes(TIFF_IPTC), Iptc::withoutPreview);
        });
        return kept;
    }

    private static KeptMetadata of(MetadataBlocks blocks) {
        KeptMetadata kept = new KeptMetadata();
        blocks.exif().ifPresent(block -> TiffDirectory.read(block).ifPresentOrElse(kept::exif, () -> kept.cut = true));
        kept.xmp = kept.block(ByteBuffer.wrap(blocks.xmp()), UprightXmp::of);
        kept.iptc = kept.block(ByteBuffer.wrap(Iptc.in(blocks.photoshop())), Iptc::withoutPreview);
        return kept;
    }

    private void exif(TiffDirectory tags) {
        exif = UprightExif.of(tags, MOST_BYTES);
        cut |= exif.isEmpty();
        exif = exif.filter(kept -> !kept.isEmpty());
    }

    private byte[] block(ByteBuffer stored, Function<byte[], Optional<byte[]>> cleaned) {
        if (stored.remaining() > MOST_BYTES) {
            cut = true;
            return new byte[0];
        }
        byte[] bytes = new byte[stored.remaining()];
        stored.get(bytes);
        Optional<byte[]> kept = cleaned.apply(bytes);
        cut |= kept.isEmpty();
        return kept.orElse(new byte[0]);
    }

    private void text(String keyword, String text) {
        int bytes = keyword.length() + text.getBytes(StandardCharsets.UTF_8).length + 5; // a JPEG writes both in one segment
        boolean named = !keyword.isBlank() && keyword.length() <= LONGEST_KEYWORD && keyword.chars().noneMatch(Character::isISOControl);
        if (!named || text.indexOf('\0') >= 0 || texts.size() == MOST_TEXTS || textBytes + bytes > MOST_BYTES) {
            cut = true;
            return;
        }
        textBytes += bytes;
        texts.add(new Text(keyword, text));
    }

    /** A comment's bytes, of which nobody says what they are written in. */
    private static String words(byte[] comment) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(comment)).toString();
        } catch (CharacterCodingException e) {
            return new String(comment, StandardCharsets.ISO_8859_1);
        }
    }

    /** Whether something was too long or damaged, and is left out. */
    public boolean isCut() {
        return cut;
    }

    /**
     * Puts it into a PNG, behind the header.
     *
     * @param png the whole file, without any metadata
     * @param width columns of its picture
     * @param height rows of the same
     * @return a file with chunks eXIf and iTXt
     */
    public byte[] intoPng(byte[] png, int width, int height) {
        ByteArrayOutputStream chunks = new ByteArrayOutputStream();
        exif.ifPresent(kept -> chunk(chunks, "eXIf", kept.bytes(width, height)));
        if (xmp.length > 0) {
            text(chunks, MetadataBlocks.PNG_XMP, xmp);
        }
        if (iptc.length > 0) {
            text(chunks, MetadataBlocks.RAW_PROFILE + "iptc", profile("iptc", Iptc.resource(iptc)).getBytes(StandardCharsets.US_ASCII));
        }
        texts.forEach(text -> text(chunks, text.keyword(), text.text().getBytes(StandardCharsets.UTF_8)));
        return inserted(png, PNG_HEADER, chunks);
    }

    /** Three lines and hexadecimal numbers, 36 bytes a line, as ImageMagick writes them. */
    private static String profile(String name, byte[] bytes) {
        StringBuilder lines = new StringBuilder(String.format(Locale.ROOT, "\n%s\n%8d", name, bytes.length));
        for (int at = 0; at < bytes.length; at += 36) {
            lines.append('\n').append(HexFormat.of().formatHex(bytes, at, Math.min(bytes.length, at + 36)));
        }
        return lines.append('\n').toString();
    }

    private static void text(ByteArrayOutputStream chunks, String keyword, byte[] text) {
        byte[] word = keyword.getBytes(StandardCharsets.ISO_8859_1);
        // behind the keyword: its end, not packed, packed how, the ends of a language and of the keyword in it
        ByteBuffer content = ByteBuffer.allocate(word.length + 5 + text.length).put(word).put(new byte[5]).put(text);
        chunk(chunks, "iTXt", content.array());
    }

    private static void chunk(ByteArrayOutputStream chunks, String name, byte[] content) {
        ByteBuffer chunk = ByteBuffer.allocate(12 + content.length).putInt(content.length)
                .put(name.getBytes(StandardCharsets.US_ASCII)).put(content);
        CRC32 crc = new CRC32();
        crc.update(chunk.array(), 4, 4 + content.length);
        chunks.writeBytes(chunk.putInt((int) crc.getValue()).array());
    }

    /**
     * Puts it into a JPEG, behind JFIF's header.
     *
     * @param jpeg the whole file, without any metadata
     * @param width columns of its picture
     * @param height rows of the same
     * @return a file with segments APP1, APP13 and COM
     */
    public byte[] intoJpeg(byte[] jpeg, int width, int height) {
        ByteArrayOutputStream segments = new ByteArrayOutputStream();
        exif.ifPresent(kept -> segment(segments, 0xe1, MetadataBlocks.EXIF, kept.bytes(width, height)));
        if (xmp.length > 0) {
            segment(segments, 0xe1, MetadataBlocks.JPEG_XMP.getBytes(StandardCharsets.US_ASCII), xmp);
        }
        if (iptc.length > 0) {
            segment(segments, 0xed, MetadataBlocks.PHOTOSHOP.getBytes(StandardCharsets.US_ASCII), Iptc.resource(iptc));
        }
        for (Text text : texts) {
            String keyword = text.keyword().equals(COMMENT) ? "" : text.keyword() + ": ";
            segment(segments, 0xfe, new byte[0], (keyword + text.text()).getBytes(StandardCharsets.UTF_8));
        }
        boolean jfif = Blocks.isAt(jpeg, 2, "\u00ff\u00e0");
        return inserted(jpeg, jfif ? 4 + (ByteBuffer.wrap(jpeg).getShort(4) & 0xffff) : 2, segments);
    }

    private static void segment(ByteArrayOutputStream segments, int marker, byte[] name, byte[] content) {
        segments.writeBytes(ByteBuffer.allocate(4 + name.length + content.length).put((byte) 0xff).put((byte) marker)
                .putShort((short) (2 + name.length + content.length)).put(name).put(content).array());
    }

    private static byte[] inserted(byte[] file, int at, ByteArrayOutputStream more) {
        return more.size() == 0 ? file
                : ByteBuffer.allocate(file.length + more.size()).put(file, 0, at).put(more.toByteArray()).put(file, at, file.length - at).array();
    }
}
