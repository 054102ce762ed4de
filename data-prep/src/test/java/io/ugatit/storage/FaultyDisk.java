package io.ugatit.storage;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/** The local disk as {@code faulty:/}, with {@link Faults}, and crashes, which damage what was not forced to disk. */
public final class FaultyDisk extends QuickDisk {
    private static final URI NAME = URI.create("faulty:///");

    /** Makes the scheme known. */
    public static void register(Configuration conf) {
        conf.setClass("fs.faulty.impl", FaultyDisk.class, FileSystem.class);
    }

    @Override
    public URI getUri() {
        return NAME;
    }

    @Override
    public String getScheme() {
        return NAME.getScheme();
    }

    @Override
    public FSDataInputStream open(Path path, int bufferSize) throws IOException {
        Faults.read(path);
        return super.open(path, bufferSize);
    }

    @Override
    public FileStatus[] listStatus(Path path) throws IOException {
        Faults.read(path);
        return super.listStatus(path);
    }

    @Override
    public FSDataOutputStream create(Path file, boolean overwrite, int bufferSize, short replication, long blockSize, Progressable progress)
            throws IOException {
        Faults.change(file);
        return guarded(file, super.create(file, overwrite, bufferSize, replication, blockSize, progress));
    }

    @Override
    public FSDataOutputStream create(Path file, FsPermission permission, boolean overwrite, int bufferSize, short replication, long blockSize,
            Progressable progress) throws IOException {
        Faults.change(file);
        return guarded(file, super.create(file, permission, overwrite, bufferSize, replication, blockSize, progress));
    }

    @Override
    public FSDataOutputStream createNonRecursive(Path file, FsPermission permission, EnumSet<CreateFlag> flags, int bufferSize,
            short replication, long blockSize, Progressable progress) throws IOException {
        Faults.change(file);
        return guarded(file, super.createNonRecursive(file, permission, flags, bufferSize, replication, blockSize, progress));
    }

    private static FSDataOutputStream guarded(Path file, FSDataOutputStream disk) throws IOException {
        Unsynced.FILES.written(file);
        return new FSDataOutputStream(new Guarded(file, disk), null);
    }

    /** Until it is forced to disk it may be lost. */
    private static final class Guarded extends FaultyFile {
        private final Path file;

        Guarded(Path file, FSDataOutputStream disk) {
            super(file, disk);
            this.file = file;
        }

        @Override
        void changes() {
            Unsynced.FILES.written(file);
        }

        @Override
        public void hsync() throws IOException {
            super.hsync();
            Unsynced.FILES.synced(file);
        }
    }

    /** Damages what was written and not forced to disk, as a crash does. */
    public static void crash(long seed) throws IOException {
        Unsynced.FILES.crash(new Random(seed));
    }

    @Override
    public FileStatus getFileStatus(Path path) throws IOException {
        Faults.read(path);
        return super.getFileStatus(path);
    }

    @Override
    public boolean rename(Path from, Path to) throws IOException {
        Faults.change(from);
        boolean renamed = super.rename(from, to);
        if (renamed) {
            Unsynced.FILES.renamed(from, to);
        }
        return renamed;
    }

    /** Of a folder the files go one by one. */
    @Override
    public boolean delete(Path path, boolean recursive) throws IOException {
        List<java.nio.file.Path> files = List.of();
        java.nio.file.Path whole = pathToFile(path).toPath();
        if (recursive && Files.isDirectory(whole)) {
            try (Stream<java.nio.file.Path> below = Files.walk(whole)) {
                files = below.filter(Files::isRegularFile).sorted().toList();
            }
        }
        int all = files.size() + 1;
        int part = Faults.part(path, all);
        if (part < all) {
            for (java.nio.file.Path file : files.subList(0, part)) {
                Files.delete(file);
            }
            throw Faults.failure();
        }
        return super.delete(path, recursive);
    }

    @Override
    public boolean mkdirs(Path path) throws IOException {
        Faults.change(path);
        return super.mkdirs(path);
    }
}
