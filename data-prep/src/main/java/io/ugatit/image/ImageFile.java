package io.ugatit.image;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * An image file that is not in memory yet.
 *
 * @param name its name or path, whose ending tells some formats that cannot be decoded
 * @param length in bytes
 * @param content reads it
 */
public record ImageFile(String name, long length, Content content) {
    /** The longest file that is read: no image of a sensible size is longer, and it keeps a stray archive out of memory. */
    public static final long MAX_LENGTH = 512L << 20;

    /** Reads a file; more than once if memory was short the first time. */
    @FunctionalInterface
    public interface Content {
        /**
         * Reads the file.
         *
         * @return all its bytes
         * @throws ImageFormatException if it is not read because it cannot become an image
         */
        byte[] read() throws ImageFormatException;

        /** Is told that reading will begin anew when others have given memory back, which may take long. */
        default void waits() {}
    }

    /**
     * Reads a file that may be an image, into no more memory than it is long.
     *
     * @param in gives exactly {@code length} bytes, or fails
     * @param name for the message if it is none
     * @param length in bytes
     * @return all its bytes
     * @throws NotAnImageException if it does not begin as an image does
     * @throws ImageFormatException if it is more than {@link #MAX_LENGTH}
     * @throws IOException if it cannot be read, or is not as long as that
     */
    public static byte[] read(InputStream in, String name, long length) throws IOException {
        byte[] head = in.readNBytes(ImageFormat.MAGIC_LENGTH);
        ImageFormat.requireImage(head, name);
        requireLength(length);
        byte[] file = Arrays.copyOf(head, (int) length);
        in.readNBytes(file, head.length, file.length - head.length);
        in.read(); // nothing follows, or the file has grown
        return file;
    }

    /**
     * Refuses a file that is too long.
     *
     * @param length in bytes
     * @throws ImageFormatException if it is more than {@link #MAX_LENGTH}
     */
    public static void requireLength(long length) throws ImageFormatException {
        if (length > MAX_LENGTH) {
            throw new ImageFormatException(length + " bytes are more than the " + MAX_LENGTH + " allowed");
        }
    }
}
