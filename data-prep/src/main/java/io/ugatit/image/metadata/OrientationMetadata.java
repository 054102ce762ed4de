package io.ugatit.image.metadata;

import io.ugatit.image.metadata.Blocks.Block;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * What a file says of its orientation, wherever Pillow's {@code ImageOps.exif_transpose} looks, in the same order: in EXIF (of a PNG also
 * as the hexadecimal text that ImageMagick writes, of a TIFF in its own tags), and if that does not speak of it in XMP. Metadata that makes
 * no sense says nothing: the pixels may still be good, and the decoder decides that.
 */
public final class OrientationMetadata {
    private static final int TAG = 274;
    private static final int XMP_TAG = 700;
    private static final byte[] EXIF = "Exif\0\0".getBytes(StandardCharsets.ISO_8859_1);
    private static final String JPEG_XMP = "http://ns.adobe.com/xap/1.0/\0";
    private static final Pattern IN_XMP = Pattern.compile("tiff:Orientation(?:=\"|>)([0-9])");
    /** Orientation comes early, and nobody means more than this: keeps a few bytes from becoming gigabytes. */
    private static final int MAX_TEXT = 4 << 20;

    private final byte[] file;
    private byte[] exif;
    private byte[] xmp = {};
    /** A PNG's texts by their keywords, in Latin-1. */
    private final Map<String, byte[]> texts = new HashMap<>();

    private OrientationMetadata(byte[] file) {
        this.file = file;
    }

    /** The orientation of a JPEG, which is the whole file. */
    public static Orientation ofJpeg(byte[] file) {
        OrientationMetadata metadata = new OrientationMetadata(file);
        Blocks.ofJpeg(file).forEach(metadata::jpeg);
        return metadata.inExifOrXmp();
    }

    /** The orientation of a PNG, which is the whole file. */
    public static Orientation ofPng(byte[] file) {
        OrientationMetadata metadata = new OrientationMetadata(file);
        Blocks.ofPng(file).forEach(metadata::png);
        return metadata.inExifOrXmp();
    }

    /** The orientation of a WebP, which is the whole file. */
    public static Orientation ofWebp(byte[] file) {
        OrientationMetadata metadata = new OrientationMetadata(file);
        Blocks.ofWebp(file).forEach(metadata::webp);
        return metadata.inExifOrXmp();
    }

    /** The orientation of a TIFF's first page; the TIFF is the whole file. */
    public static Orientation ofTiff(byte[] file) {
        OrientationMetadata metadata = new OrientationMetadata(file);
        Optional<TiffDirectory> tags = TiffDirectory.read(ByteBuffer.wrap(file));
        tags.ifPresent(page -> metadata.xmp = bytes(page.bytes(XMP_TAG)));
        return metadata.in(tags);
    }

    private Orientation inExifOrXmp() {
        return in(exif().flatMap(TiffDirectory::read));
    }

    private Orientation in(Optional<TiffDirectory> tags) {
        if (tags.isPresent() && tags.get().has(TAG)) {
            return Orientation.of(tags.get().number(TAG).orElse(0.0));
        }
        byte[] text = texts.getOrDefault("XML:com.adobe.xmp", xmp);
        Matcher found = IN_XMP.matcher(new String(text, StandardCharsets.ISO_8859_1));
        return Orientation.of(found.find() ? Integer.parseInt(found.group(1)) : 0);
    }

    private void jpeg(Block block) {
        if (!block.name().equals("e1")) {
            return;
        }
        byte[] content = content(block);
        if (startsWith(content, EXIF)) {
            exif = exif == null ? content : join(exif, Arrays.copyOfRange(content, EXIF.length, content.length));
        } else if (Blocks.isAt(content, 0, JPEG_XMP)) {
            xmp = Arrays.copyOfRange(content, JPEG_XMP.length(), content.length);
        }
    }

    private void png(Block block) {
        switch (block.name()) {
            case "eXIf" -> exif = content(block);
            case "tEXt", "zTXt", "iTXt" -> text(block.name(), content(block));
            default -> {}
        }
    }

    private void webp(Block block) {
        if (block.name().equals("EXIF") && exif == null) {
            exif = content(block);
        } else if (block.name().equals("XMP ") && xmp.length == 0) {
            xmp = content(block);
        }
    }

    private void text(String kind, byte[] content) {
        int at = zero(content, 0);
        String keyword = new String(content, 0, at, StandardCharsets.ISO_8859_1);
        boolean deflated = kind.equals("zTXt");
        at += deflated ? 2 : 1;
        if (kind.equals("iTXt")) {
            deflated = at < content.length && content[at] == 1;
            at = zero(content, zero(content, at + 2) + 1) + 1; // behind a language and the keyword in it
        }
        byte[] text = Arrays.copyOfRange(content, Math.min(at, content.length), content.length);
        texts.put(keyword, deflated ? inflate(text) : text);
    }

    /** The block of EXIF from its byte order on. */
    private Optional<ByteBuffer> exif() {
        byte[] block = exif;
        if (block == null && texts.containsKey("Raw profile type exif")) {
            block = unhex(new String(texts.get("Raw profile type exif"), StandardCharsets.ISO_8859_1));
        }
        int at = 0;
        while (block != null && startsWith(Arrays.copyOfRange(block, at, Math.min(block.length, at + EXIF.length)), EXIF)) {
            at += EXIF.length;
        }
        return block == null ? Optional.empty() : Optional.of(ByteBuffer.wrap(block, at, block.length - at).slice());
    }

    /** Reads the bytes behind three lines: an empty one, the profile's name, its length. */
    private static byte[] unhex(String profile) {
        String[] lines = profile.split("\n", 4);
        try {
            return lines.length < 4 ? new byte[0] : HexFormat.of().parseHex(lines[3].replaceAll("\\s", ""));
        } catch (IllegalArgumentException e) {
            return new byte[0]; // no hexadecimal numbers, so no EXIF
        }
    }

    private static byte[] inflate(byte[] deflated) {
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(deflated);
            byte[] text = new byte[0];
            byte[] piece = new byte[1 << 16];
            for (int length = inflater.inflate(piece); length > 0 && text.length < MAX_TEXT; length = inflater.inflate(piece)) {
                text = join(text, Arrays.copyOf(piece, length));
            }
            return text;
        } catch (DataFormatException e) {
            return new byte[0]; // damaged, so it says nothing
        } finally {
            inflater.end();
        }
    }

    private byte[] content(Block block) {
        return Arrays.copyOfRange(file, block.at(), block.at() + block.length());
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static boolean startsWith(byte[] bytes, byte[] start) {
        return bytes.length >= start.length && Arrays.equals(bytes, 0, start.length, start, 0, start.length);
    }

    /** The index of the first zero from an index on; the length if there is none. */
    private static int zero(byte[] bytes, int from) {
        int at = Math.min(from, bytes.length);
        while (at < bytes.length && bytes[at] != 0) {
            at++;
        }
        return at;
    }
}
