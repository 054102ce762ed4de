package io.ugatit.image.metadata;

import io.ugatit.image.metadata.Blocks.Block;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The blocks of metadata of an image file, as they lie in it: not understood, and texts not unpacked before somebody asks for one. */
final class MetadataBlocks {
    static final byte[] EXIF = "Exif\0\0".getBytes(StandardCharsets.ISO_8859_1);
    static final String JPEG_XMP = "http://ns.adobe.com/xap/1.0/\0";
    private static final String JPEG_MORE_XMP = "http://ns.adobe.com/xmp/extension/\0";
    static final String PHOTOSHOP = "Photoshop 3.0\0";
    static final String PNG_XMP = "XML:com.adobe.xmp";
    /** What ImageMagick puts before a profile's name to keep it in a PNG's text, as hexadecimal numbers. */
    static final String RAW_PROFILE = "Raw profile type ";
    /** The orientation comes early, and nobody means more than this: a few bytes cannot become gigabytes, nor a large block be copied. */
    static final int MAX_TEXT = 4 << 20;

    private final byte[] file;
    private byte[] exif;
    private byte[] xmp = {};
    private boolean moreXmp;
    private byte[] photoshop = {};
    private final Map<String, PngText> texts = new LinkedHashMap<>();
    private final List<Block> comments = new ArrayList<>();

    private MetadataBlocks(byte[] file) {
        this.file = file;
    }

    /** Of a JPEG, which is the whole file. */
    static MetadataBlocks ofJpeg(byte[] file) {
        MetadataBlocks found = new MetadataBlocks(file);
        Blocks.ofJpeg(file).forEach(found::jpeg);
        return found;
    }

    /** Of a PNG, which is the whole file. */
    static MetadataBlocks ofPng(byte[] file) {
        MetadataBlocks found = new MetadataBlocks(file);
        Blocks.ofPng(file).forEach(found::png);
        return found;
    }

    /** Of a WebP, which is the whole file. */
    static MetadataBlocks ofWebp(byte[] file) {
        MetadataBlocks found = new MetadataBlocks(file);
        Blocks.ofWebp(file).forEach(found::webp);
        return found;
    }

    private void jpeg(Block block) {
        switch (block.name()) {
            case "e1" -> app1(block);
            case "ed" -> {
                byte[] content = content(block);
                if (Blocks.isAt(content, 0, PHOTOSHOP) && photoshop.length == 0) {
                    photoshop = Arrays.copyOfRange(content, PHOTOSHOP.length(), content.length);
                }
            }
            case "fe" -> comments.add(block);
            default -> { }
        }
    }

    private void app1(Block block) {
        byte[] content = content(block);
        if (startsWith(content, EXIF)) {
            boolean more = exif != null && exif.length < MAX_TEXT;
            exif = exif == null ? content : more ? join(exif, Arrays.copyOfRange(content, EXIF.length, content.length)) : exif;
        } else if (Blocks.isAt(content, 0, JPEG_XMP)) {
            xmp = Arrays.copyOfRange(content, JPEG_XMP.length(), content.length);
        } else {
            moreXmp |= Blocks.isAt(content, 0, JPEG_MORE_XMP);
        }
    }

    private void png(Block block) {
        switch (block.name()) {
            case "eXIf" -> exif = content(block);
            case "tEXt", "zTXt", "iTXt" -> {
                PngText text = PngText.of(file, block);
                texts.put(text.keyword(), text);
            }
            default -> { }
        }
    }

    private void webp(Block block) {
        if (block.name().equals("EXIF") && exif == null) {
            exif = content(block);
        } else if (block.name().equals("XMP ") && xmp.length == 0) {
            xmp = content(block);
        }
    }

    /** The block of EXIF from its byte order on; none if there is no such block. */
    Optional<ByteBuffer> exif() {
        byte[] block = exif == null ? profile("exif") : exif;
        int at = 0;
        while (block != null && startsWith(Arrays.copyOfRange(block, at, Math.min(block.length, at + EXIF.length)), EXIF)) {
            at += EXIF.length;
        }
        return block == null ? Optional.empty() : Optional.of(ByteBuffer.wrap(block, at, block.length - at).slice());
    }

    /** The packet of XMP; empty if there is none. */
    byte[] xmp() {
        return texts.containsKey(PNG_XMP) ? texts.get(PNG_XMP).bytes(file, MAX_TEXT) : xmp;
    }

    /** Whether a JPEG has XMP that was too long for one segment; the rest of it is not read. */
    boolean hasMoreXmp() {
        return moreXmp;
    }

    /** Photoshop's resources, IPTC among them; empty if there are none. */
    byte[] photoshop() {
        byte[] named = photoshop.length > 0 ? photoshop : profile("iptc");
        named = named == null ? profile("8bim") : named;
        return named == null ? photoshop : named;
    }

    /** A PNG's texts, in the file's order; of those of one keyword the last. */
    List<PngText> texts() {
        return List.copyOf(texts.values());
    }

    /** A JPEG's comments. */
    List<byte[]> comments() {
        return comments.stream().map(this::content).toList();
    }

    /** Reads the bytes behind three lines: an empty one, the profile's name, its length. Null if there is no such profile. */
    private byte[] profile(String name) {
        PngText text = texts.get(RAW_PROFILE + name);
        if (text == null) {
            return null;
        }
        String[] lines = new String(text.bytes(file, MAX_TEXT), StandardCharsets.ISO_8859_1).split("\n", 4);
        try {
            return lines.length < 4 ? new byte[0] : HexFormat.of().parseHex(lines[3].replaceAll("\\s", ""));
        } catch (IllegalArgumentException e) {
            return new byte[0]; // no hexadecimal numbers, so no profile
        }
    }

    private byte[] content(Block block) {
        return Arrays.copyOfRange(file, block.at(), block.at() + Math.min(block.length(), MAX_TEXT));
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static boolean startsWith(byte[] bytes, byte[] start) {
        return bytes.length >= start.length && Arrays.equals(bytes, 0, start.length, start, 0, start.length);
    }
}
