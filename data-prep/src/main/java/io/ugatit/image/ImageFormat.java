package io.ugatit.image;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The image formats that can be decoded, told apart by their first bytes, never by the file's name. */
public enum ImageFormat {
    /** JPEG, baseline and progressive; gray, RGB, CMYK and YCCK. */
    JPEG(List.of("jpg", "jpeg", "jpe", "jfif")),
    /** PNG of any bit depth. */
    PNG(List.of("png")),
    /** GIF, the first frame. */
    GIF(List.of("gif")),
    /** Windows bitmap. */
    BMP(List.of("bmp", "dib")),
    /** WebP, lossy and lossless. */
    WEBP(List.of("webp"));

    /** How many first bytes of a file {@link #of} looks at. */
    public static final int MAGIC_LENGTH = 12;

    private final List<String> extensions;

    ImageFormat(List<String> extensions) {
        this.extensions = extensions;
    }

    /**
     * The format of a file.
     *
     * @param head the file, or its first {@link #MAGIC_LENGTH} bytes
     * @return the format, or nothing if these are not the first bytes of an image
     */
    public static Optional<ImageFormat> of(byte[] head) {
        if (startsWith(head, 0, "\u00ff\u00d8\u00ff")) {
            return Optional.of(JPEG);
        }
        if (startsWith(head, 0, "\u0089PNG\r\n\u001a\n")) {
            return Optional.of(PNG);
        }
        if (startsWith(head, 0, "GIF87a") || startsWith(head, 0, "GIF89a")) {
            return Optional.of(GIF);
        }
        if (startsWith(head, 0, "RIFF") && startsWith(head, 8, "WEBP")) {
            return Optional.of(WEBP);
        }
        // "BM" alone begins many a text; a bitmap's bytes 6 to 9 are reserved and zero
        return startsWith(head, 0, "BM") && startsWith(head, 6, "\0\0\0\0") ? Optional.of(BMP) : Optional.empty();
    }

    /**
     * Whether a file's name ends like that of an image.
     *
     * @param name a file name or path
     */
    public static boolean hasImageExtension(String name) {
        int dot = name.lastIndexOf('.');
        String extension = dot < 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
        for (ImageFormat format : values()) {
            if (format.extensions.contains(extension)) {
                return true;
            }
        }
        return false;
    }

    private static boolean startsWith(byte[] bytes, int at, String magic) {
        byte[] expected = magic.getBytes(StandardCharsets.ISO_8859_1);
        if (bytes.length < at + expected.length) {
            return false;
        }
        for (int i = 0; i < expected.length; i++) {
            if (bytes[at + i] != expected[i]) {
                return false;
            }
        }
        return true;
    }
}
