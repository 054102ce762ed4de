package io.ugatit.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;

/**
 * Local disks without Hadoop's checksum files, as a file and its {@code .crc} cannot be renamed as one: a kill in between would make a good
 * file unreadable. Hadoop starts {@code chmod} for every file it creates unless its native library is there; this asks the system itself.
 */
public final class LocalDisk extends RawLocalFileSystem {
    private static final int BITS = 9;

    private LocalDisk() {
    }

    /**
     * Leaves checksum files out.
     *
     * @param fs any file system
     * @return the same one; local disks without checksum files
     */
    public static FileSystem unchecked(FileSystem fs) {
        if (!(fs instanceof LocalFileSystem local) || local.getRaw().getClass() != RawLocalFileSystem.class) {
            return fs instanceof LocalFileSystem other ? other.getRaw() : fs;
        }
        try {
            LocalDisk disk = new LocalDisk();
            disk.initialize(fs.getUri(), fs.getConf());
            return disk;
        } catch (IOException e) {
            throw new UncheckedIOException(e); // it opens nothing
        }
    }

    /**
     * The system's rename: in one step, over a file or an empty folder that is there.
     *
     * @throws IOException if the system refuses
     */
    @Override
    public boolean rename(Path from, Path to) throws IOException {
        try {
            Files.move(pathToFile(from).toPath(), pathToFile(to).toPath(), StandardCopyOption.ATOMIC_MOVE);
            return true;
        } catch (FileSystemException e) {
            String reason = e.getReason() == null ? e.getClass().getSimpleName() : e.getReason();
            throw new IOException("cannot rename " + from + " to " + to + ": " + reason, e);
        }
    }

    @Override
    public void setPermission(Path path, FsPermission permission) throws IOException {
        if (permission.getStickyBit()) {
            super.setPermission(path, permission); // Java's sets of permissions have no such bit
        } else {
            setBits(pathToFile(path).toPath(), permission);
        }
    }

    /** Sets who may read, write and execute a file. */
    static void setBits(java.nio.file.Path file, FsPermission permission) throws IOException {
        Set<PosixFilePermission> allowed = EnumSet.noneOf(PosixFilePermission.class);
        for (PosixFilePermission each : PosixFilePermission.values()) { // from the owner's reading to others' executing, as the bits
            if ((permission.toShort() >> BITS - 1 - each.ordinal() & 1) != 0) {
                allowed.add(each);
            }
        }
        Files.setPosixFilePermissions(file, allowed);
    }
}
