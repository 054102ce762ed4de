package io.ugatit.publish;

import io.ugatit.storage.QuickDisk;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.util.Progressable;

/**
 * The local disk, until a given number of changes have been made to it: then every further change fails, as if the plug had been pulled. Some
 * files may meet a full disk instead.
 */
public final class FragileFileSystem extends QuickDisk {
    private static final URI NAME = URI.create("fragile:///");
    private static final AtomicInteger CHANGES_LEFT = new AtomicInteger(Integer.MAX_VALUE);
    private static volatile Pattern full;
    private static volatile Pattern stuck;
    private static volatile Pattern undying;

    public static Configuration configuration() {
        Configuration configuration = new Configuration();
        configuration.setClass("fs.fragile.impl", FragileFileSystem.class, QuickDisk.class);
        return configuration;
    }

    public static void failAfter(int changes) {
        CHANGES_LEFT.set(changes);
    }

    /** From now on there is no space left for files in whose paths this pattern is found. */
    public static void fillUpFor(String pattern) {
        full = Pattern.compile(pattern);
    }

    /** From now on nothing in whose path this pattern is found can be renamed. */
    public static void refuseToMove(String pattern) {
        stuck = Pattern.compile(pattern);
    }

    /** From now on what has this pattern in its path is not deleted, and {@link #delete} says so without an exception. */
    public static void refuseToDelete(String pattern) {
        undying = Pattern.compile(pattern);
    }

    public static void repair() {
        CHANGES_LEFT.set(Integer.MAX_VALUE);
        full = null;
        stuck = null;
        undying = null;
    }

    private static void change() throws IOException {
        if (CHANGES_LEFT.getAndUpdate(left -> Math.max(0, left - 1)) == 0) {
            throw new IOException("the plug was pulled");
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
    public FSDataOutputStream create(Path file, boolean overwrite, int bufferSize, short replication, long blockSize, Progressable progress)
            throws IOException {
        change();
        if (full != null && full.matcher(file.toString()).find()) {
            return super.create(new Path("/dev/full"), true, bufferSize, replication, blockSize, progress);
        }
        OutputStream disk = super.create(file, overwrite, bufferSize, replication, blockSize, progress);
        return new FSDataOutputStream(new FilterOutputStream(disk) {
            @Override
            public void write(byte[] bytes, int offset, int count) throws IOException {
                // half of it first: a write need not be whole either
                change();
                disk.write(bytes, offset, count / 2);
                disk.flush();
                change();
                disk.write(bytes, offset + count / 2, count - count / 2);
                disk.flush();
            }
        }, null);
    }

    @Override
    public boolean rename(Path from, Path to) throws IOException {
        if (stuck != null && stuck.matcher(from.toString()).find()) {
            throw new IOException(from + ": Operation not permitted");
        }
        change();
        return super.rename(from, to);
    }

    @Override
    public boolean delete(Path path, boolean recursive) throws IOException {
        if (undying != null && undying.matcher(path.toString()).find()) {
            return false;
        }
        change();
        return super.delete(path, recursive);
    }

    @Override
    public boolean mkdirs(Path path) throws IOException {
        change();
        return super.mkdirs(path);
    }
}
