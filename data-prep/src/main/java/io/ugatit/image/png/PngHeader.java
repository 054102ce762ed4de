package io.ugatit.image.png;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * What a PNG says beside its pixels, if it is of the usual kind: no colour of gray or RGB is declared transparent.
 *
 * @param width columns
 * @param height rows
 * @param bits of a sample: 8 or 16, and of single ones 1, 2 or 4
 * @param channels samples of a pixel: gray or the number of a colour, gray and alpha, RGB, or RGB and alpha
 * @param interlaced whether it comes in seven passes
 * @param colours red, green and blue on white of each number that 8 bits can have, interleaved; null if samples are no numbers of colours
 * @param data where the pieces of the compressed rows are
 */
record PngHeader(int width, int height, int bits, int channels, boolean interlaced, byte[] colours, List<Data> data) {
    private static final int SIGNATURE = 8;
    /** A chunk's length and name before its content, and the checksum behind it. */
    private static final int AROUND = 12;
    private static final int HEADER_LENGTH = 13;
    private static final int GRAY = 0;
    private static final int PALETTE = 3;

    /** Where a piece of the compressed rows is. */
    record Data(int at, int length) {}

    /**
     * Reads a file's header.
     *
     * @param file the whole file
     * @return the header; nothing if the file is of another kind, cut off, or its header is damaged in other ways
     * @throws IOException if a chunk before the pixels has another checksum than it says, which Pillow refuses too
     */
    static Optional<PngHeader> read(byte[] file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(file);
        List<Data> data = new ArrayList<>();
        Data palette = null;
        Data transparency = null;
        int before = 0;
        boolean usual = true;
        int at = SIGNATURE;
        while (at + AROUND <= file.length) {
            int length = bytes.getInt(at);
            int name = bytes.getInt(at + 4);
            if (length < 0 || length > file.length - at - AROUND) {
                return Optional.empty();
            }
            boolean first = at == SIGNATURE;
            usual &= first == (name == name("IHDR")) && (!first || length == HEADER_LENGTH);
            if (name == name("IDAT") && (data.isEmpty() || before == name)) { // others would not belong to it
                data.add(new Data(at + 8, length));
            } else if (data.isEmpty()) {
                requireWhole(file, at, length, bytes.getInt(at + 8 + length));
            }
            if (name == name("PLTE")) {
                usual &= palette == null && data.isEmpty();
                palette = new Data(at + 8, length);
            } else if (name == name("tRNS") && data.isEmpty()) {
                usual &= transparency == null;
                transparency = new Data(at + 8, length);
            } else if (name == name("IEND")) {
                return usual && !data.isEmpty() ? of(bytes, palette, transparency, data) : Optional.empty();
            }
            before = name;
            at += AROUND + length;
        }
        return Optional.empty();
    }

    private static void requireWhole(byte[] file, int at, int length, int expected) throws IOException {
        CRC32 checksum = new CRC32();
        checksum.update(file, at + 4, 4 + length);
        if ((int) checksum.getValue() != expected) {
            String name = new String(file, at + 4, 4, StandardCharsets.ISO_8859_1).replaceAll("[^A-Za-z]", "?");
            throw new IOException("the checksum of its " + name + " is wrong");
        }
    }

    private static Optional<PngHeader> of(ByteBuffer file, Data palette, Data transparency, List<Data> data) {
        int at = SIGNATURE + 8;
        int width = file.getInt(at);
        int height = file.getInt(at + 4);
        int bits = file.get(at + 8);
        int kind = file.get(at + 9);
        int channels = switch (kind) {
            case GRAY, PALETTE -> 1;
            case 2 -> 3;
            case 4 -> 2;
            case 6 -> 4;
            default -> 0;
        };
        boolean usualBits = switch (bits) {
            case 1, 2, 4 -> channels == 1;
            case 8 -> channels > 0;
            case 16 -> channels > 0 && kind != PALETTE;
            default -> false;
        };
        boolean usual = file.get(at + 10) == 0 && file.get(at + 11) == 0 && (file.get(at + 12) & 0xfe) == 0
                && (transparency == null || kind == PALETTE);
        boolean possible = width > 0 && height > 0 && width <= (Integer.MAX_VALUE - PngDecoder.BATCH) / 8;
        if (!usualBits || !usual || !possible || kind == PALETTE && !isPalette(palette, transparency, bits)) {
            return Optional.empty();
        }
        byte[] colours = kind == PALETTE ? Colours.of(file, palette, transparency) : bits < 8 ? Colours.grays(bits) : null;
        return Optional.of(new PngHeader(width, height, bits, channels, file.get(at + 12) == 1, colours, data));
    }

    private static boolean isPalette(Data palette, Data transparency, int bits) {
        return palette != null && palette.length > 0 && palette.length % 3 == 0 && palette.length <= 3 << bits
                && (transparency == null || transparency.length <= palette.length / 3);
    }

    private static int name(String letters) {
        return letters.charAt(0) << 24 | letters.charAt(1) << 16 | letters.charAt(2) << 8 | letters.charAt(3);
    }

    /** The same for an image of another size. */
    PngHeader ofSize(int columns, int rows) {
        return new PngHeader(columns, rows, bits, channels, interlaced, colours, data);
    }

    /** The bytes of a row, with the number of its filter. */
    int stride() {
        return (int) (1 + ((long) width * channels * bits + 7) / 8);
    }

    /** Bytes from a sample to the one left of it; 1 if they share a byte. */
    int distance() {
        return Math.max(1, channels * bits / 8);
    }
}
