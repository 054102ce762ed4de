package io.ugatit.image.metadata;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The blocks that an image file is made of: a JPEG's segments before its pixels, a PNG's chunks, a WebP's chunks. Lengths in the file are
 * not trusted: the list ends before the first block that does not fit in it. More than 100,000 blocks are refused by an
 * {@link IllegalStateException}.
 */
public final class Blocks {
    private static final int JPEG_START_OF_SCAN = 0xda;
    private static final int JPEG_END = 0xd9;
    /** Each takes more memory than the four bytes that a file may spend on it. */
    private static final int MOST = 100_000;

    private final byte[] file;
    private final List<Block> blocks = new ArrayList<>();

    private Blocks(byte[] file) {
        this.file = file;
    }

    /**
     * Where a block's content is.
     *
     * @param name the chunk's four letters, or the JPEG marker's low byte as a hexadecimal number
     * @param at index in the file
     * @param length in bytes
     */
    public record Block(String name, int at, int length) {}

    /** Finds the segments of a JPEG. */
    public static List<Block> ofJpeg(byte[] file) {
        return ofJpeg(file, 0, file.length);
    }

    /** Finds the segments of a JPEG that lies inside a file, from its first byte to before its end. */
    public static List<Block> ofJpeg(byte[] file, int from, int end) {
        Blocks found = new Blocks(file);
        found.jpeg(from, end);
        return found.blocks;
    }

    /** Finds the chunks of a PNG. */
    public static List<Block> ofPng(byte[] file) {
        Blocks found = new Blocks(file);
        found.png();
        return found.blocks;
    }

    /** Finds the chunks of a WebP. */
    public static List<Block> ofWebp(byte[] file) {
        return ofWebp(file, 12, file.length);
    }

    /** Finds the chunks of a part of a WebP, from the first one's name to before the part's end. */
    public static List<Block> ofWebp(byte[] file, int from, int end) {
        Blocks found = new Blocks(file);
        found.webp(from, end);
        return found.blocks;
    }

    /** Whether bytes are found at an index; each character of the text stands for a byte. */
    public static boolean isAt(byte[] bytes, int at, String text) {
        byte[] expected = text.getBytes(StandardCharsets.ISO_8859_1);
        return bytes.length >= at + expected.length && Arrays.equals(bytes, at, at + expected.length, expected, 0, expected.length);
    }

    private void jpeg(int from, int end) {
        int at = from + 2;
        while (at + 4 <= end && (file[at] & 0xff) == 0xff) {
            int marker = file[at + 1] & 0xff;
            if (marker == 0xff) { // a fill byte
                at++;
                continue;
            }
            int length = (file[at + 2] & 0xff) << 8 | file[at + 3] & 0xff;
            if (marker == JPEG_START_OF_SCAN || marker == JPEG_END || !add(Integer.toHexString(marker), at + 4, length - 2L)) {
                return;
            }
            at += 2 + length;
        }
    }

    private void png() {
        ByteBuffer bytes = ByteBuffer.wrap(file);
        int at = 8;
        // a chunk is a length, a name, the content and a checksum
        while (at + 12 <= file.length && add(text(at + 4), at + 8, bytes.getInt(at) & 0xffffffffL)) {
            at += 12 + bytes.getInt(at);
        }
    }

    private void webp(int from, int end) {
        ByteBuffer bytes = ByteBuffer.wrap(file, 0, end).order(ByteOrder.LITTLE_ENDIAN);
        int at = from;
        // a chunk is a name, a length, and the content, to an even number of bytes
        while (at + 8 <= end && (bytes.getInt(at + 4) & 0xffffffffL) <= end - at - 8) {
            int length = bytes.getInt(at + 4);
            add(text(at), at + 8, length);
            at += 8 + length + (length & 1);
        }
    }

    private boolean add(String name, int at, long length) {
        if (length < 0 || length > file.length - at) {
            return false;
        }
        if (blocks.size() == MOST) {
            throw new IllegalStateException("it has more than " + MOST + " segments or chunks");
        }
        blocks.add(new Block(name, at, (int) length));
        return true;
    }

    private String text(int at) {
        return new String(file, at, 4, StandardCharsets.ISO_8859_1);
    }
}
