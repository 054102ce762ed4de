package io.ugatit.prep.version;

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
public record FileDigest(long a, long b, long c, long d) implements Serializable {
    /** How many bytes it has. */
    public static final int BYTES = 32;

    /**
     * Takes a hash out of bytes.
     *
     * @param bytes {@link #BYTES} of them are taken from its position on
     */
    public static FileDigest of(ByteBuffer bytes) {
        return new FileDigest(bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong());
    }

    /**
     * Reads what {@link #hex} wrote.
     *
     * @param hex 64 hexadecimal digits
     * @throws IllegalArgumentException if it is not 64 hexadecimal digits
     */
    public static FileDigest parse(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("'" + hex + "' is no SHA-256");
        }
        return of(ByteBuffer.wrap(bytes));
    }

    /** 64 hexadecimal digits. */
    public String hex() {
        return HexFormat.of().formatHex(ByteBuffer.allocate(BYTES).putLong(a).putLong(b).putLong(c).putLong(d).array());
    }
}
