package io.ugatit.retrain;

import io.ugatit.storage.QuickDisk;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.net.URI;
import java.util.EnumSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * The local disk as {@code night:/}, which counts the changes that a stage of a night makes, and stops the JVM dead in the middle of one of
 * them if the system properties {@code night.stage} and {@code night.change} say so. It may be full for some files.
 */
public final class NightDisk extends QuickDisk {
    static final int DEAD = 137;
    private static final String STAGE = System.getProperty("night.stage");
    private static final int LAST = Integer.getInteger("night.change", Integer.MAX_VALUE);
    private static volatile Pattern full;
    private static volatile Pattern stuck;
    private static volatile Pattern undying;
    private static volatile Pattern unseen;
    private static volatile Pattern huge;
    private static volatile Pattern awaited;
    /** Done once something is moved to what is awaited. */
    private static volatile Runnable then;

    /** The parts of a night, by the files that they change. */
    enum Stage {
        PREPARE("/datasets/\\d{4}/|/datasets/\\.\\S*/"),
        TRAIN("/runs/\\d{4}/(?!evaluation)"),
        EVALUATE("/runs/\\d{4}/evaluation|/samples/"),
        PROMOTE("/PROMOTED$|/cycles/"),
        PRUNE("/(runs|datasets)/\\d{4}$");

        private final Pattern paths;
        final AtomicInteger changes = new AtomicInteger();

        Stage(String paths) {
            this.paths = Pattern.compile(paths);
        }
    }

    static Configuration register(Configuration configuration) {
        configuration.setClass("fs.night.impl", NightDisk.class, FileSystem.class);
        return configuration;
    }

    /** From now on there is no space left for files in whose paths this is found; null if there is for all. */
    static void fillUpFor(String pattern) {
        full = pattern == null ? null : Pattern.compile(pattern);
    }

    /** From now on nothing in whose path this is found can be renamed; null if all can. */
    static void refuseToMove(String pattern) {
        stuck = pattern == null ? null : Pattern.compile(pattern);
    }

    /** From now on nothing in whose path this is found is deleted, as a local disk says it: without an exception; null if all is. */
    static void refuseToDelete(String pattern) {
        undying = pattern == null ? null : Pattern.compile(pattern);
    }

    /** From now on nobody can see whether there is anything in whose path this is found; null if all can be seen. */
    static void refuseToLook(String pattern) {
        unseen = pattern == null ? null : Pattern.compile(pattern);
    }

    /** From now on there is no memory for writing files in whose paths this is found; null if there is for all. */
    static void runOutOfMemoryFor(String pattern) {
        huge = pattern == null ? null : Pattern.compile(pattern);
    }

    /** Does something once, after the next move to a path in which the pattern is found. */
    static void whenMovedTo(String pattern, Runnable action) {
        then = action;
        awaited = Pattern.compile(pattern);
    }

    private static boolean isOf(Pattern pattern, Path path) {
        return pattern != null && pattern.matcher(path.toString()).find();
    }

    private static void change(Path path) {
        for (Stage stage : Stage.values()) {
            if (stage.paths.matcher(path.toUri().getPath()).find()) {
                int number = stage.changes.incrementAndGet();
                if (stage.name().equals(STAGE) && number == LAST) {
                    Runtime.getRuntime().halt(DEAD);
                }
            }
        }
    }

    @Override
    public URI getUri() {
        return URI.create("night:///");
    }

    @Override
    public String getScheme() {
        return "night";
    }

    private static FSDataOutputStream watched(Path file, FSDataOutputStream disk) throws IOException {
        return new FSDataOutputStream(new FilterOutputStream(disk) {
            @Override
            public void write(byte[] bytes, int offset, int count) throws IOException {
                disk.write(bytes, offset, count / 2);
                disk.flush();
                change(file);
                disk.write(bytes, offset + count / 2, count - count / 2);
                disk.flush();
            }
        }, null);
    }

    private static boolean isFullFor(Path file) {
        return isOf(full, file);
    }

    private static Path place(Path file) {
        if (isOf(huge, file)) {
            throw new OutOfMemoryError("Java heap space");
        }
        return isFullFor(file) ? new Path("/dev/full") : file;
    }

    @Override
    public FSDataOutputStream create(Path file, boolean overwrite, int bufferSize, short replication, long blockSize, Progressable progress)
            throws IOException {
        change(file);
        return watched(file, super.create(place(file), overwrite || isFullFor(file), bufferSize, replication, blockSize, progress));
    }

    @Override
    public FSDataOutputStream create(Path file, FsPermission permission, boolean overwrite, int bufferSize, short replication, long blockSize,
            Progressable progress) throws IOException {
        change(file);
        return watched(file, super.create(place(file), permission, overwrite || isFullFor(file), bufferSize, replication, blockSize, progress));
    }

    @Override
    public FSDataOutputStream createNonRecursive(Path file, FsPermission permission, EnumSet<CreateFlag> flags, int bufferSize,
            short replication, long blockSize, Progressable progress) throws IOException {
        change(file);
        return watched(file, super.createNonRecursive(file, permission, flags, bufferSize, replication, blockSize, progress));
    }

    @Override
    public boolean rename(Path from, Path to) throws IOException {
        if (isOf(stuck, from)) {
            throw new IOException(from + ": Operation not permitted");
        }
        change(from);
        boolean done = super.rename(from, to);
        change(to);
        if (isOf(awaited, to)) {
            awaited = null;
            then.run();
        }
        return done;
    }

    @Override
    public boolean delete(Path path, boolean recursive) throws IOException {
        change(path);
        return !isOf(undying, path) && super.delete(path, recursive);
    }

    @Override
    public boolean exists(Path path) throws IOException {
        if (isOf(unseen, path)) {
            throw new IOException(path + ": Input/output error");
        }
        return super.exists(path);
    }
}
