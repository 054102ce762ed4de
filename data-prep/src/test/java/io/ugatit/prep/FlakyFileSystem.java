package io.ugatit.prep;

import io.ugatit.storage.QuickDisk;
import java.io.IOException;
import java.net.URI;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * The local file system as {@code flaky:/}: files named {@code once*} fail when first opened, files named {@code never*} always, and what is
 * written for a data set in a folder {@code full} meets a full disk.
 */
public final class FlakyFileSystem extends QuickDisk {
    private static final Set<Path> FAILED_ONCE = ConcurrentHashMap.newKeySet();

    @Override
    public URI getUri() {
        return URI.create("flaky:///");
    }

    @Override
    public String getScheme() {
        return "flaky";
    }

    @Override
    public FSDataInputStream open(Path path, int bufferSize) throws IOException {
        if (path.getName().startsWith("never") || (path.getName().startsWith("once") && FAILED_ONCE.add(path))) {
            throw new IOException("the disk is on fire");
        }
        return super.open(path, bufferSize);
    }

    @Override
    public FSDataOutputStream createNonRecursive(Path file, FsPermission permission, EnumSet<CreateFlag> flags, int bufferSize,
            short replication, long blockSize, Progressable progress) throws IOException {
        boolean full = file.toUri().getPath().contains("/full/.tmp-dataset");
        return super.createNonRecursive(full ? new Path("/dev/full") : file, permission, flags, bufferSize, replication, blockSize, progress);
    }
}
