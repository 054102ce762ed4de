package io.ugatit.publish;

import io.ugatit.storage.QuickDisk;
import java.io.IOException;
import java.net.URI;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.util.Progressable;

/** The local disk as {@code vanishing:/}, of which a folder goes in the moment before a file is opened, or made. */
public final class VanishingFileSystem extends QuickDisk {
    private static final URI NAME = URI.create("vanishing:///");
    private static Pattern moment;
    private static int timesLeft;
    private static Path folder;

    /** Makes the file system known to a configuration. */
    public static Configuration configure(Configuration configuration) {
        configuration.setClass("fs.vanishing.impl", VanishingFileSystem.class, QuickDisk.class);
        return configuration;
    }

    /**
     * Deletes a folder at a moment to come; it deletes none unless told so.
     *
     * @param pattern is found in the path of the file that is opened or made
     * @param times how often such a file must be opened or made
     */
    public static synchronized void delete(String path, String pattern, int times) {
        folder = new Path(path);
        moment = Pattern.compile(pattern);
        timesLeft = times;
    }

    private void pass(Path file) throws IOException {
        synchronized (VanishingFileSystem.class) {
            if (moment != null && moment.matcher(file.toString()).find() && --timesLeft == 0) {
                moment = null;
                super.delete(folder, true);
            }
        }
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
    public FSDataInputStream open(Path file, int bufferSize) throws IOException {
        pass(file);
        return super.open(file, bufferSize);
    }

    @Override
    public FSDataOutputStream create(Path file, boolean overwrite, int bufferSize, short replication, long blockSize, Progressable progress)
            throws IOException {
        pass(file);
        return super.create(file, overwrite, bufferSize, replication, blockSize, progress);
    }
}
