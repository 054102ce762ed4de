package io.ugatit.image.metadata;

import io.ugatit.image.metadata.Blocks.Block;
import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * A text in a PNG: where it is, not yet unpacked.
 *
 * @param keyword what it is, in Latin-1
 * @param charset what it is written in
 * @param deflated whether it is packed
 * @param at index of its first byte in the file
 * @param end index behind its last
 */
record PngText(String keyword, Charset charset, boolean deflated, int at, int end) {
    private static final int PIECE = 1 << 14;

    /**
     * Looks at a chunk.
     *
     * @param chunk tEXt, zTXt or iTXt
     */
    static PngText of(byte[] file, Block chunk) {
        int end = chunk.at() + chunk.length();
        int at = zero(file, chunk.at(), end);
        String keyword = new String(file, chunk.at(), at - chunk.at(), StandardCharsets.ISO_8859_1);
        boolean deflated = chunk.name().equals("zTXt");
        at += deflated ? 2 : 1;
        boolean international = chunk.name().equals("iTXt");
        if (international) {
            deflated = at < end && file[at] == 1;
            at = zero(file, zero(file, at + 2, end) + 1, end) + 1; // behind a language and the keyword in it
        }
        return new PngText(keyword, international ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1, deflated, Math.min(at, end), end);
    }

    /**
     * The text's bytes.
     *
     * @param most how many are unpacked at most, a few more perhaps; those beyond are cut off
     */
    byte[] bytes(byte[] file, int most) {
        return deflated ? inflate(file, most) : Arrays.copyOfRange(file, at, Math.min(end, at + most));
    }

    private byte[] inflate(byte[] file, int most) {
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(file, at, end - at);
            ByteArrayOutputStream text = new ByteArrayOutputStream();
            byte[] piece = new byte[PIECE];
            for (int length = inflater.inflate(piece); length > 0 && text.size() < most; length = inflater.inflate(piece)) {
                text.write(piece, 0, length);
            }
            return text.toByteArray();
        } catch (DataFormatException e) {
            return new byte[0]; // damaged, so it says nothing
        } finally {
            inflater.end();
        }
    }

    /** The index of the first zero from an index on; the end if there is none. */
    private static int zero(byte[] bytes, int from, int end) {
        int at = Math.min(from, end);
        while (at < end && bytes[at] != 0) {
            at++;
        }
        return at;
    }
}
