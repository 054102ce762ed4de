package io.ugatit.storage;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.util.EnumSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/** The local disk as {@code faulty:/}, with {@link Faults}: of what is written then half is there. */
public final class FaultyDisk extends RawLocalFileSystem {
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
        return new FSDataOutputStream(new FilterOutputStream((OutputStream) disk) {
            @Override
            public void write(byte[] bytes, int from, int count) throws IOException {
                try {
                    Faults.change(file);
                } catch (IOException e) {
                    disk.write(bytes, from, count / 2);
                    throw e;
                }
                disk.write(bytes, from, count);
            }
        }, null);
    }

    @Override
    public boolean rename(Path from, Path to) throws IOException {
        Faults.change(from);
        return super.rename(from, to);
    }

    @Override
    public boolean delete(Path path, boolean recursive) throws IOException {
        Faults.change(path);
        return super.delete(path, recursive);
    }

    @Override
    public boolean mkdirs(Path path) throws IOException {
        Faults.change(path);
        return super.mkdirs(path);
    }
}
