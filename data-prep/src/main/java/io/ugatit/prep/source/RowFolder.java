package io.ugatit.prep.source;

import io.ugatit.dataset.Sha256;
import io.ugatit.job.FileFailure;
import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A hidden folder beside the output for the images of a table's rows while the job runs, {@code .rows-*}. Closing removes it. */
final class RowFolder implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(RowFolder.class);

    private final FileSystem fs;
    private final Path path;

    private RowFolder(FileSystem fs, Path path) {
        this.fs = fs;
        this.path = path;
    }

    /**
     * Makes the folder, and removes those that killed jobs for the same output left. For the job that holds the output's lock.
     *
     * @param fs the output's file system
     * @param output fully qualified, not the root
     */
    static RowFolder begin(FileSystem fs, Path output) throws IOException {
        String prefix = ".rows-" + Sha256.hex(output.getName().getBytes(StandardCharsets.UTF_8)).substring(0, 16) + "-";
        try {
            for (FileStatus stale : fs.listStatus(output.getParent(), other -> other.getName().startsWith(prefix))) {
                fs.delete(stale.getPath(), true);
            }
        } catch (FileNotFoundException e) {
            LOG.debug("{} is still to be made", output.getParent());
        }
        RowFolder folder = new RowFolder(fs, new Path(output.getParent(),
                prefix + HexFormat.of().toHexDigits(new SecureRandom().nextLong())));
        fs.mkdirs(folder.path());
        return folder;
    }

    Path path() {
        return path;
    }

    @Override
    public void close() {
        try {
            fs.delete(path, true);
        } catch (IOException e) { // the next job for this output removes it
            LOG.warn("{} is left behind: {}", path, FileFailure.reason(e));
        }
    }
}
