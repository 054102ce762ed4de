package io.ugatit.prep;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/**
 * The SHA-256 of a file's bytes, in 32 bytes where its text takes 100: there may be a million.
 *
 * @param a its bits 0 to 63, and so on
 * @param b bits 64 to 127
 * @param c bits 128 to 191
 * @param d bits 192 to 255
 */
record FileDigest(long a, long b, long c, long d) implements Serializable {
    static final int BYTES = 32;

    /** @param bytes {@link #BYTES} of them are taken from its position on */
    static FileDigest of(ByteBuffer bytes) {
        return new FileDigest(bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong());
    }

    /**
     * Reads what {@link #hex} wrote.
     *
     * @throws IllegalArgumentException if it is not 64 hexadecimal digits
     */
    static FileDigest parse(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("'" + hex + "' is no SHA-256");
        }
        return of(ByteBuffer.wrap(bytes));
    }

    /** 64 hexadecimal digits. */
    String hex() {
        return HexFormat.of().formatHex(ByteBuffer.allocate(BYTES).putLong(a).putLong(b).putLong(c).putLong(d).array());
    }
}
