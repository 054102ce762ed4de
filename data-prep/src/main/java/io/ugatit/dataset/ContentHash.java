package io.ugatit.dataset;

import io.ugatit.image.Fit;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * One hash of what a dataset holds: of the options that decide its pixels, then of each image's folder, source and file, ordered by domain,
 * split and source. So it does not matter how the images fell into shards, or when they came. Not thread-safe.
 */
public final class ContentHash {
    private final MessageDigest digest = Sha256.digest();

    /**
     * The hash of no images yet.
     *
     * @param size side in pixels of the test images
     * @param loadSize side in pixels of the train images
     * @param resize how images are fitted
     * @param store how pixels are stored
     */
    public ContentHash(int size, int loadSize, Fit resize, Store store) {
        update(DatasetManifest.FORMAT_VERSION + " " + size + " " + loadSize + " " + resize + " " + store.label());
    }

    /**
     * Takes an image in. The caller keeps the order.
     *
     * @param domain its domain
     * @param split its split
     * @param source its path relative to the folder of its domain and split
     * @param sha256 of its file, 64 hexadecimal digits
     */
    public void add(Domain domain, Split split, String source, String sha256) {
        update(sha256 + " " + domain + " " + split.label() + " " + source);
    }

    /** The hash, once: 64 hexadecimal digits. */
    public String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }

    /** A NUL ends what is hashed: no file name has one, and some have newlines. */
    private void update(String line) {
        digest.update(line.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
    }
}
