package io.ugatit.prep;

import io.ugatit.lock.OutputLock;
import io.ugatit.storage.QuickDisk;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.EnumSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.DelegateToFileSystem;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * The local file system as {@code dying:/}: after some changes the next one is not done, and none after it, as if the job had been killed
 * there. A file that was to be created then is there, and empty. Locks do not count and never die.
 */
public final class DyingFileSystem extends QuickDisk {
    private static final AtomicInteger LEFT = new AtomicInteger(Integer.MAX_VALUE);

    /** The same for {@code FileContext}. */
    public static final class Context extends DelegateToFileSystem {
        /** As Hadoop makes it. */
        public Context(URI uri, Configuration conf) throws IOException, URISyntaxException {
            super(uri, new DyingFileSystem(), conf, "dying", false);
        }

        @Override
        public int getUriDefaultPort() {
            return -1;
        }
    }

    static void dieAfter(int changes) {
        LEFT.set(changes);
    }

    static void live() {
        LEFT.set(Integer.MAX_VALUE);
    }

    static void register(Configuration conf) {
        conf.setClass("fs.dying.impl", DyingFileSystem.class, org.apache.hadoop.fs.FileSystem.class);
        conf.set("fs.AbstractFileSystem.dying.impl", Context.class.getName());
    }

    @Override
    public URI getUri() {
        return URI.create("dying:///");
    }

    @Override
    public String getScheme() {
        return "dying";
    }

    private static boolean dies(Path path) {
        for (Path part = path; part != null; part = part.getParent()) {
            if (OutputLock.isLock(part.getName())) {
                return false;
            }
        }
        return LEFT.getAndUpdate(left -> left == 0 ? 0 : left - 1) == 0;
    }

    private static void change(Path path) throws IOException {
        if (dies(path)) {
            throw new IOException("killed");
        }
    }

    @Override
    public FSDataOutputStream create(Path file, FsPermission permission, boolean overwrite, int bufferSize, short replication, long blockSize,
            Progressable progress) throws IOException {
        boolean dies = dies(file);
        return guarded(super.create(file, permission, overwrite, bufferSize, replication, blockSize, progress), dies);
    }

    @Override
    public FSDataOutputStream createNonRecursive(Path file, FsPermission permission, EnumSet<CreateFlag> flags, int bufferSize,
            short replication, long blockSize, Progressable progress) throws IOException {
        boolean dies = dies(file);
        return guarded(super.createNonRecursive(file, permission, flags, bufferSize, replication, blockSize, progress), dies);
    }

    private static FSDataOutputStream guarded(FSDataOutputStream out, boolean dies) throws IOException {
        if (!dies) {
            return out;
        }
        return new FSDataOutputStream(new FilterOutputStream(OutputStream.nullOutputStream()) {
            @Override
            public void write(byte[] bytes, int from, int count) throws IOException {
                throw new IOException("killed");
            }

            @Override
            public void close() throws IOException {
                out.close();
            }
        }, null);
    }

    @Override
    public boolean rename(Path from, Path to) throws IOException {
        change(from);
        return super.rename(from, to);
    }

    @Override
    public boolean delete(Path path, boolean recursive) throws IOException {
        change(path);
        return super.delete(path, recursive);
    }

    @Override
    public boolean mkdirs(Path path, FsPermission permission) throws IOException {
        change(path);
        return super.mkdirs(path, permission);
    }

    @Override
    public boolean mkdirs(Path path) throws IOException {
        change(path);
        return super.mkdirs(path);
    }
}
