package io.ugatit.input;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.util.Comparator;
import org.apache.hadoop.fs.ChecksumFileSystem;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.security.AccessControlException;

/**
 * A regular file of an input folder or of an archive, as it was listed.
 *
 * @param path relative to the folder or archive, with {@code /} between names
 * @param length in bytes; in an archive as that declares it, to be checked
 * @param modified when it was last written, in milliseconds since 1970; in an archive when that was
 * @param member where in an archive it is; null if it is a file by itself
 */
public record InputFile(String path, long length, long modified, Member member) implements Serializable {

    /**
     * The order to read in: files and archives by path, and the files of an archive in the archive's own order, so that it is gone through
     * once.
     */
    public static final Comparator<InputFile> IN_READING_ORDER = Comparator
            .comparing((InputFile file) -> file.member == null ? file.path : file.member.archive(), PathOrder.BY_CODE_POINT)
            .thenComparing(file -> file.member == null ? 0 : file.member.offset());

    /** A file by itself. */
    public InputFile(String path, long length, long modified) {
        this(path, length, modified, null);
    }

    /**
     * Opens a file. Reading may still fail for want of permission where the file system checks that late.
     *
     * @param fs the file's file system
     * @param path the file
     * @throws AccessDeniedException if this user may not read it: no other attempt will do better
     * @throws IOException if the file is gone or the file system fails
     */
    public static FSDataInputStream open(FileSystem fs, Path path) throws IOException {
        try {
            // Hadoop's checksums beside local files fail with colons in names, and nobody makes them for input
            return (fs instanceof ChecksumFileSystem checked ? checked.getRawFileSystem() : fs).open(path);
        } catch (AccessControlException e) {
            throw denied(path, e);
        } catch (FileNotFoundException e) { // what Java's streams throw for both
            if (isLocal(fs) && isDenied(java.nio.file.Path.of(path.toUri().getPath()))) {
                throw denied(path, e);
            }
            throw e;
        }
    }

    /**
     * A path below a folder.
     *
     * @param folder fully qualified
     * @param relative with {@code /} between names, which may have colons and anything else; empty for the folder itself
     */
    public static Path below(Path folder, String relative) {
        // from parts: parsing a string would take a colon in a file's name for the end of a scheme
        return relative.isEmpty() ? folder
                : new Path(folder.toUri().getScheme(), folder.toUri().getAuthority(), folder.toUri().getPath() + "/" + relative);
    }

    /** Whether a file system is that of this machine, {@code file:}. */
    static boolean isLocal(FileSystem fs) {
        return "file".equals(fs.getUri().getScheme());
    }

    private static boolean isDenied(java.nio.file.Path file) {
        return Files.exists(file) && !Files.isReadable(file);
    }

    private static AccessDeniedException denied(Path path, IOException cause) {
        AccessDeniedException denied = new AccessDeniedException(path.toString(), null, LeftOut.NO_PERMISSION);
        denied.initCause(cause);
        return denied;
    }
}
