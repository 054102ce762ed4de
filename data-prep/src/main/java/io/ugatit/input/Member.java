package io.ugatit.input;

import java.io.Serializable;

/**
 * Where the bytes of a file are that lies within another one.
 *
 * @param archive path of the file that holds it, relative to the input, with {@code /} between names; empty if it is the input itself
 * @param packing how it lies there
 * @param offset of its first byte, for {@link Packing#TAR_GZ} in the uncompressed archive; in a zip archive of the header before it
 * @param stored how many bytes it takes in the archive
 * @param crc32 of its bytes, as a zip archive says; 0 in others
 * @param sha256 64 hexadecimal digits, if its bytes were read while the archive was looked through and are those of an image, else null
 */
public record Member(String archive, Packing packing, long offset, long stored, long crc32, String sha256) implements Serializable {
    /** The same within an archive of another path. */
    public Member in(String path) {
        return new Member(path, packing, offset, stored, crc32, sha256);
    }
}
