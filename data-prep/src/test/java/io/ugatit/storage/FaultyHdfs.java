package io.ugatit.storage;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.AbstractFileSystem;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FilterFs;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.util.Progressable;

/** HDFS with {@link Faults} at what is asked of the name node, and at writes. */
public final class FaultyHdfs extends DistributedFileSystem {
    private static final String CONTEXT = "fs.AbstractFileSystem.hdfs.impl";

    /** The same for {@code FileContext}, which renames. */
    public static final class Context extends FilterFs {
        /** As Hadoop makes it. */
        public Context(URI uri, Configuration conf) throws URISyntaxException, IOException {
            super(AbstractFileSystem.createFileSystem(uri, plain(conf)));
        }

        private static Configuration plain(Configuration conf) {
            Configuration plain = new Configuration(conf);
            plain.set(CONTEXT, "org.apache.hadoop.fs.Hdfs");
            return plain;
        }

        @Override
        public void renameInternal(Path from, Path to) throws IOException {
            Faults.change(from);
            super.renameInternal(from, to);
        }

        @Override
        public void renameInternal(Path from, Path to, boolean overwrite) throws IOException {
            Faults.change(from);
            super.renameInternal(from, to, overwrite);
        }
    }

    /** Puts it in HDFS's place. */
    public static void register(Configuration conf) {
        conf.setClass("fs.hdfs.impl", FaultyHdfs.class, FileSystem.class);
        conf.set(CONTEXT, Context.class.getName());
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
        return new FSDataOutputStream(
                new FaultyFile(file, super.create(file, permission, overwrite, bufferSize, replication, blockSize, progress)), null);
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
    public boolean mkdirs(Path path, FsPermission permission) throws IOException {
        Faults.change(path);
        return super.mkdirs(path, permission);
    }
}
