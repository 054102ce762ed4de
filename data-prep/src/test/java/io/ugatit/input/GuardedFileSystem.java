package io.ugatit.input;

import io.ugatit.storage.QuickDisk;
import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.security.AccessControlException;

/** The local files as {@code guarded:/}, which this user may not list or read if their names begin with {@code denied}, as HDFS says it. */
public final class GuardedFileSystem extends QuickDisk {
    @Override
    public URI getUri() {
        return URI.create("guarded:///");
    }

    @Override
    public String getScheme() {
        return "guarded";
    }

    @Override
    public FileStatus[] listStatus(Path path) throws IOException {
        guard(path);
        return super.listStatus(path);
    }

    @Override
    public FSDataInputStream open(Path path, int bufferSize) throws IOException {
        FSDataInputStream in = super.open(path, bufferSize);
        try {
            guard(path);
        } catch (AccessControlException e) {
            in.close();
            throw e;
        }
        return in;
    }

    private static void guard(Path path) throws AccessControlException {
        if (path.getName().startsWith("denied")) {
            throw new AccessControlException("Permission denied: user=someone, access=READ_EXECUTE, inode=\"" + path + "\"");
        }
    }
}
