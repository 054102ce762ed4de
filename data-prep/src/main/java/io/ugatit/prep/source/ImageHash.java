package io.ugatit.prep.source;

import io.ugatit.dataset.Sha256;
import io.ugatit.image.ImageFormat;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/** The hash of an image file's bytes, by which copies are found. */
public final class ImageHash {
    private ImageHash() {}

    /**
     * Hashes a file if it is an image.
     *
     * @param in the file's bytes
     * @param name its name or path
     * @return 64 hexadecimal digits; null if neither the first bytes nor the name are those of an image
     * @throws IOException if it cannot be read
     */
    public static String of(InputStream in, String name) throws IOException {
        byte[] head = in.readNBytes(ImageFormat.MAGIC_LENGTH);
        if (!ImageFormat.isImage(head, name)) {
            return null;
        }
        MessageDigest digest = Sha256.digest();
        digest.update(head);
        byte[] buffer = new byte[1 << 16];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            digest.update(buffer, 0, n);
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
