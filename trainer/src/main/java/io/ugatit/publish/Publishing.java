package io.ugatit.publish;

import io.ugatit.dataset.Sha256;
import io.ugatit.input.InputFile;
import io.ugatit.job.FileFailure;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.storage.LocalDisk;
import io.ugatit.storage.ObjectStore;
import io.ugatit.storage.Renames;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.PathIsDirectoryException;
import org.apache.hadoop.fs.StreamCapabilities;
import org.apache.hadoop.fs.UnsupportedFileSystemException;

/**
 * Files that a reader sees whole or not at all: they are written under a hidden name beginning with {@code .tmp-}, forced to disk where the
 * file system can, and renamed. Renaming is atomic on local disks and HDFS. In an {@link ObjectStore} files are written under their final
 * names, as they are seen when they are closed, and a folder is a run, checkpoint or data set by one of its files, which is written last
 * and deleted first.
 */
public final class Publishing {
    /** What the names of unfinished files and folders begin with; Spark and Hadoop's input formats skip such names. */
    public static final String TEMPORARY_PREFIX = ".tmp-";

    /** Writes a file's content. */
    @FunctionalInterface
    public interface Content {
        /**
         * @param out takes the bytes; need not be closed
         * @throws IOException if writing fails
         */
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * What a written file must look like from now on.
     *
     * @param length in bytes
     * @param sha256 64 lower-case hexadecimal digits
     */
    public record Fingerprint(long length, String sha256) {
    }

    private Publishing() {
    }

    /**
     * The file system of a path, local disks without checksum files.
     *
     * @throws InvalidRequestException if none is known for the path's scheme
     * @throws IOException if the file system cannot be reached
     */
    public static FileSystem fileSystem(Configuration configuration, Path path) throws IOException {
        try {
            return LocalDisk.unchecked(path.getFileSystem(configuration));
        } catch (UnsupportedFileSystemException e) {
            throw new InvalidRequestException(path
                    + ": no file system is known for its scheme, expected file, hdfs or one that is installed", e);
        }
    }

    /**
     * Publishes a file, replacing one of this name.
     *
     * @param path the file; its folder is made if need be
     * @param content the file's bytes
     * @throws PathIsDirectoryException if a folder is there
     * @throws IOException if it could not be published; a file published before is still there
     */
    public static void write(Configuration configuration, Path path, byte[] content) throws IOException {
        write(configuration, path, out -> out.write(content));
    }

    /**
     * Publishes a file, replacing one of this name.
     *
     * @param path the file; its folder is made if need be
     * @param content writes the file's bytes
     * @throws PathIsDirectoryException if a folder is there
     * @throws IOException if it could not be published; a file published before is still there
     */
    public static void write(Configuration configuration, Path path, Content content) throws IOException {
        FileSystem fileSystem = fileSystem(configuration, path);
        if (ObjectStore.is(fileSystem)) {
            writeObject(fileSystem, path, content);
            return;
        }
        Path temporary = temporary(path.getParent());
        try {
            writeSynced(fileSystem, temporary, content);
            Renames.over(fileSystem, temporary, path);
        } catch (IOException | RuntimeException | Error failure) {
            discard(fileSystem, temporary, failure);
            throw failure;
        }
    }

    /** Writes an object, in place of one that is there. */
    private static void writeObject(FileSystem fileSystem, Path path, Content content) throws IOException {
        try {
            writeSynced(fileSystem, path, content);
        } catch (FileAlreadyExistsException e) {
            throw new PathIsDirectoryException(path.toString());
        }
    }

    /**
     * Publishes a file that must not be there, for the job that holds its lock: what a killed one has left unfinished goes first.
     *
     * @param path the file; its folder is made if need be
     * @param content writes the file's bytes
     * @throws IOException if it could not be published, or something is there by now
     */
    public static void writeNew(Configuration configuration, Path path, Content content) throws IOException {
        FileSystem fileSystem = fileSystem(configuration, path);
        if (ObjectStore.is(fileSystem)) {
            writeSynced(ObjectStore.createNew(fileSystem, path), true, path, content);
            return;
        }
        publishNew(fileSystem, path, temporary -> writeSynced(fileSystem, temporary, content));
    }

    /**
     * Publishes a folder of files in one step, as {@link #writeNew(Configuration, Path, Content)} does a file. In a store of objects they
     * appear one by one, and until all are there {@link #exists} finds nothing.
     *
     * @param folder the folder; the one around it is made if need be
     * @param files what writes each file's bytes, by its name
     * @throws IOException if it could not be published, or something is there by now
     */
    public static void writeNew(Configuration configuration, Path folder, Map<String, Content> files) throws IOException {
        FileSystem fileSystem = fileSystem(configuration, folder);
        if (ObjectStore.is(fileSystem)) {
            writeObjects(fileSystem, folder, files);
            return;
        }
        publishNew(fileSystem, folder, temporary -> {
            for (Map.Entry<String, Content> file : files.entrySet()) {
                writeSynced(fileSystem, new Path(temporary, file.getKey()), file.getValue());
            }
        });
    }

    /** Beside the folder an object with a hidden name tells that it is unfinished. */
    private static void writeObjects(FileSystem fileSystem, Path folder, Map<String, Content> files) throws IOException {
        Path unfinished = unfinished(folder);
        if (fileSystem.exists(unfinished)) {
            fileSystem.delete(folder, true);
        } else if (fileSystem.exists(folder)) {
            throw new FileAlreadyExistsException(folder + ": exists already");
        }
        writeSynced(fileSystem, unfinished, out -> { });
        try {
            for (Map.Entry<String, Content> file : files.entrySet()) {
                writeSynced(fileSystem, new Path(folder, file.getKey()), file.getValue());
            }
        } catch (IOException | RuntimeException | Error failure) {
            if (discard(fileSystem, folder, failure)) {
                discard(fileSystem, unfinished, failure);
            }
            throw failure;
        }
        fileSystem.delete(unfinished, false);
    }

    /**
     * Whether there is something, a file or a folder; not so one that a killed job has left unfinished.
     *
     * @throws InvalidRequestException if no file system is known for the path's scheme
     * @throws IOException if the file system fails
     */
    public static boolean exists(Configuration configuration, Path path) throws IOException {
        FileSystem fileSystem = fileSystem(configuration, path);
        return fileSystem.exists(path) && !(ObjectStore.is(fileSystem) && fileSystem.exists(unfinished(path)));
    }

    /** Of the name, so that the next job for it finds what a killed one has left. */
    private static Path unfinished(Path path) {
        return new Path(path.getParent(), TEMPORARY_PREFIX + UUID.nameUUIDFromBytes(path.getName().getBytes(StandardCharsets.UTF_8)));
    }

    /** Writes something under a hidden name. */
    @FunctionalInterface
    private interface Unpublished {
        void writeTo(Path temporary) throws IOException;
    }

    private static void publishNew(FileSystem fileSystem, Path path, Unpublished content) throws IOException {
        Path temporary = unfinished(path);
        fileSystem.delete(temporary, true);
        try {
            content.writeTo(temporary);
            Renames.toFree(fileSystem, temporary, path);
        } catch (IOException | RuntimeException | Error failure) {
            discard(fileSystem, temporary, failure);
            throw failure;
        }
    }

    /**
     * Reads a small file, all of it as it was at one time: one that is replaced meanwhile is the old one or the new one.
     *
     * @param maxBytes the length above which the file is not read
     * @throws FileNotFoundException if there is no such file
     * @throws IOException if the file is longer than that, this user may not read it, or reading fails
     */
    public static byte[] read(Configuration configuration, Path path, int maxBytes) throws IOException {
        FileSystem fileSystem = fileSystem(configuration, path);
        byte[] content;
        try (FSDataInputStream in = InputFile.open(fileSystem, path)) {
            content = in.readNBytes(maxBytes);
            if (in.read() >= 0) {
                throw new IOException(path + ": expected a file of at most " + maxBytes + " bytes, found more");
            }
        } catch (FSError failure) {
            throw FileFailure.of(path, failure);
        } catch (FileNotFoundException e) { // which is what a folder is too
            if (isFolder(fileSystem, path)) {
                throw new IOException(path + ": expected a file of at most " + maxBytes + " bytes, found a folder", e);
            }
            throw e;
        }
        return content;
    }

    private static boolean isFolder(FileSystem fileSystem, Path path) throws IOException {
        try {
            return fileSystem.getFileStatus(path).isDirectory();
        } catch (FileNotFoundException e) {
            return false;
        }
    }

    /**
     * What a file is like that was named to be read.
     *
     * @throws InvalidRequestException if there is no such file, or it is a folder; one line that names it
     * @throws IOException if the file system fails
     */
    public static FileStatus requireFile(FileSystem fileSystem, Path path) throws IOException {
        FileStatus status;
        try {
            status = fileSystem.getFileStatus(path);
        } catch (FileNotFoundException e) {
            throw new InvalidRequestException(path + ": there is no such file", e);
        }
        if (status.isDirectory()) {
            throw new InvalidRequestException(path + ": is a folder, not a file");
        }
        return status;
    }

    /**
     * @return what a folder holds; nothing if it is missing
     * @throws IOException if the file system fails
     */
    public static FileStatus[] list(FileSystem fileSystem, Path folder) throws IOException {
        try {
            return fileSystem.listStatus(folder);
        } catch (FileNotFoundException e) {
            return new FileStatus[0];
        }
    }

    /** @return a hidden name in the folder that nobody else uses; short, so that what can be named at last can be written */
    public static Path temporary(Path folder) {
        return new Path(folder, TEMPORARY_PREFIX + UUID.randomUUID());
    }

    /**
     * Writes a new file and forces it to disk, where the file system can; or an object, in place of one that is there. It is seen at once:
     * on disks, write into a {@link #temporary} folder.
     *
     * @return what the file must look like from now on
     * @throws IOException if it could not be written; what is there by then is for {@link #discard}
     */
    public static Fingerprint writeSynced(FileSystem fileSystem, Path path, Content content) throws IOException {
        boolean store = ObjectStore.is(fileSystem);
        return writeSynced(fileSystem.create(path, store), store, path, content);
    }

    private static Fingerprint writeSynced(FSDataOutputStream out, boolean store, Path path, Content content) throws IOException {
        MessageDigest sha256 = Sha256.digest();
        long length;
        try {
            content.writeTo(new DigestOutputStream(out, sha256));
            if (out.hasCapability(StreamCapabilities.HSYNC)) {
                out.hsync();
            }
            length = out.getPos();
        } catch (FSError failure) {
            closeBroken(out, store, failure);
            throw FileFailure.of(path, failure);
        } catch (IOException | RuntimeException | Error failure) {
            closeBroken(out, store, failure);
            throw failure;
        }
        close(out, path);
        return new Fingerprint(length, HexFormat.of().formatHex(sha256.digest()));
    }

    /** What a buffer still holds is written now: the disk may be full only then. */
    private static void close(FSDataOutputStream out, Path path) throws IOException {
        try {
            out.close();
        } catch (FSError failure) {
            throw FileFailure.of(path, failure);
        }
    }

    /** HDFS throws what broke a stream once more as it is closed, the same object; try-with-resources fails to add that to itself. */
    private static void closeBroken(FSDataOutputStream out, boolean store, Throwable failure) {
        try {
            if (store) {
                ObjectStore.giveUp(out);
            } else {
                out.close();
            }
        } catch (IOException | FSError e) {
            if (e != failure) {
                failure.addSuppressed(e);
            }
        }
    }

    /**
     * Deletes an unfinished file or folder; the failure that left it unfinished stays the one reported.
     *
     * @param failure takes what goes wrong with deleting
     * @return whether nothing is there any more
     */
    public static boolean discard(FileSystem fileSystem, Path unfinished, Throwable failure) {
        try {
            return fileSystem.delete(unfinished, true) || !fileSystem.exists(unfinished);
        } catch (IOException e) {
            failure.addSuppressed(e);
            return false;
        }
    }
}
