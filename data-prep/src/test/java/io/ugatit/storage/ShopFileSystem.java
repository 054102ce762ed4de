package io.ugatit.storage;

import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.BlockLocation;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.ParentNotDirectoryException;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.PathIsNotEmptyDirectoryException;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * A store of objects, as {@code shop:/FOLDER} in a folder of the local disk. Nothing is seen of an object before it is closed, and nothing ever
 * if its stream is aborted. There are no folders: one exists as long as an object is below it, and making one does nothing. A rename copies
 * object by object and deletes then; it, and deleting a folder, may be killed in between. No object is appended to, and none has its time
 * set. {@link Faults} may strike at any operation; a write reaches the store when the object is closed. One object asked for is always seen as
 * it is, as is whether a folder exists; its listing may lag, see {@link #register}. Only in folders that JUnit made.
 */
public final class ShopFileSystem extends FileSystem {
    static final URI NAME = URI.create("shop:///");
    static final String CONDITIONAL = "fs.option.create.conditional.overwrite";
    private static final String LAG = "fs.shop.lag";
    private static final String LAG_SEED = "fs.shop.lag.seed";
    private static final String IS_CONDITIONAL = "fs.shop.conditional";
    private static final Object STORE = new Object();
    private static Listing listing = new Listing(0, 0);

    private final QuickDisk disk = new QuickDisk();
    private Path home = new Path("shop:/");

    /**
     * Makes the scheme known, and empties the store's memory of what was made and removed.
     *
     * @param conditional whether it can make an object only if there is none, in one step
     * @param lag the most operations that a listing lags behind
     * @param seed chooses how many it does
     */
    public static void register(Configuration conf, boolean conditional, int lag, long seed) {
        conf.setClass("fs.shop.impl", ShopFileSystem.class, FileSystem.class);
        conf.setBoolean("fs.shop.impl.disable.cache", true);
        conf.setBoolean(IS_CONDITIONAL, conditional);
        conf.set(ObjectStore.RENAME_KEY + "shop", "copies");
        conf.setInt(LAG, lag);
        conf.setLong(LAG_SEED, seed);
        synchronized (STORE) {
            listing = new Listing(seed, lag);
        }
    }

    @Override
    public void initialize(URI name, Configuration conf) throws IOException {
        super.initialize(name, conf);
        setConf(conf);
        disk.initialize(URI.create("file:///"), conf);
    }

    @Override
    public String getScheme() {
        return NAME.getScheme();
    }

    @Override
    public URI getUri() {
        return NAME;
    }

    @Override
    public void setWorkingDirectory(Path folder) {
        home = folder;
    }

    @Override
    public Path getWorkingDirectory() {
        return home;
    }

    @Override
    public boolean hasPathCapability(Path path, String capability) throws IOException {
        return capability.equals(CONDITIONAL) ? getConf().getBoolean(IS_CONDITIONAL, false) : super.hasPathCapability(path, capability);
    }

    private java.nio.file.Path onDisk(Path path) {
        return java.nio.file.Path.of(path.toUri().getPath());
    }

    private Path inStore(java.nio.file.Path file) {
        return makeQualified(new Path(null, null, file.toString()));
    }

    private FileStatus status(java.nio.file.Path file) throws IOException {
        return new FileStatus(Files.size(file), false, 1, 1 << 25, Files.getLastModifiedTime(file).toMillis(), inStore(file));
    }

    private FileStatus folder(Path path) {
        return new FileStatus(0, true, 0, 0, 0, makeQualified(path));
    }

    /** Whether it is the test's own folder, or one around it. */
    private static boolean isAround(java.nio.file.Path file) {
        for (java.nio.file.Path above = file.getParent(); above != null; above = above.getParent()) {
            if (above.getFileName() != null && above.getFileName().toString().startsWith("junit")) {
                return false;
            }
        }
        return true;
    }

    /** The objects below a folder, in order. */
    private static List<java.nio.file.Path> below(java.nio.file.Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<java.nio.file.Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    @Override
    public FSDataInputStream open(Path path, int bufferSize) throws IOException {
        synchronized (STORE) {
            listing.tick();
            Faults.read(path);
            if (!Files.isRegularFile(onDisk(path))) {
                throw new FileNotFoundException(path + ": no such object");
            }
            return disk.open(new Path(null, null, onDisk(path).toString()), bufferSize);
        }
    }

    @Override
    public FileStatus getFileStatus(Path path) throws IOException {
        synchronized (STORE) {
            listing.tick();
            Faults.read(path);
            return find(path);
        }
    }

    private FileStatus find(Path path) throws IOException {
        java.nio.file.Path file = onDisk(path);
        if (Files.isRegularFile(file)) {
            return status(file);
        }
        if (isAround(file) ? Files.isDirectory(file) : !below(file).isEmpty()) {
            return folder(path);
        }
        throw new FileNotFoundException(path + ": no such object, and none below it");
    }

    @Override
    public FileStatus[] listStatus(Path path) throws IOException {
        synchronized (STORE) {
            listing.tick();
            Faults.read(path);
            java.nio.file.Path folder = onDisk(path);
            if (Files.isRegularFile(folder)) {
                return new FileStatus[] {status(folder)};
            }
            Map<Path, FileStatus> listed = new TreeMap<>();
            for (java.nio.file.Path file : below(folder)) {
                if (!listing.isHidden(inStore(file))) {
                    add(listed, makeQualified(path), status(file));
                }
            }
            for (FileStatus ghost : listing.ghosts().values()) {
                add(listed, makeQualified(path), ghost);
            }
            if (listed.isEmpty()) {
                throw new FileNotFoundException(path + ": nothing is listed below it");
            }
            return listed.values().toArray(FileStatus[]::new);
        }
    }

    /** Adds an object, or the folder in which it is, if it is below. */
    private void add(Map<Path, FileStatus> listed, Path folder, FileStatus object) {
        for (Path path = object.getPath(); path.getParent() != null; path = path.getParent()) {
            if (path.getParent().equals(folder)) {
                boolean isObject = path.equals(object.getPath());
                listed.put(path, isObject ? object : folder(path));
                return;
            }
        }
    }

    @Override
    public FSDataOutputStream create(Path path, FsPermission permission, boolean overwrite, int bufferSize, short replication, long blockSize,
            Progressable progress) throws IOException {
        return begin(path, overwrite, false);
    }

    @Override
    public FSDataOutputStream createNonRecursive(Path path, FsPermission permission, EnumSet<CreateFlag> flags, int bufferSize,
            short replication, long blockSize, Progressable progress) throws IOException {
        return begin(path, flags.contains(CreateFlag.OVERWRITE), false);
    }

    @Override
    public ShopBuilder createFile(Path path) {
        return new ShopBuilder(this, path);
    }

    FSDataOutputStream begin(Path path, boolean overwrite, boolean onlyIfAbsent) throws IOException {
        synchronized (STORE) {
            listing.tick();
            Faults.change(path);
            if (Files.isDirectory(onDisk(path))) {
                throw new FileAlreadyExistsException(path + ": is a folder");
            }
            if (!overwrite && Files.exists(onDisk(path))) {
                throw new FileAlreadyExistsException(path + ": is there already");
            }
            requireNoObjectAbove(path);
            return new FSDataOutputStream(new ShopOutputStream(bytes -> put(path, bytes, onlyIfAbsent)), statistics);
        }
    }

    private void requireNoObjectAbove(Path path) throws IOException {
        for (Path above = path.getParent(); above != null; above = above.getParent()) {
            if (Files.isRegularFile(onDisk(above))) {
                throw new ParentNotDirectoryException(above + ": is an object");
            }
        }
    }

    private void put(Path path, ByteArrayOutputStream bytes, boolean onlyIfAbsent) throws IOException {
        synchronized (STORE) {
            listing.tick();
            if (Faults.part(path, bytes.size() + 1) <= bytes.size()) {
                throw Faults.failure(); // of an upload that breaks nothing is seen
            }
            if (onlyIfAbsent && Files.exists(onDisk(path))) {
                throw new FileAlreadyExistsException(path + ": was made meanwhile");
            }
            requireNoObjectAbove(path);
            put(path, bytes.toByteArray());
        }
    }

    /** Its time is later than that of the object it replaces. */
    private void put(Path path, byte[] bytes) throws IOException {
        java.nio.file.Path file = onDisk(path);
        boolean isNew = !Files.exists(file);
        long before = isNew ? 0 : Files.getLastModifiedTime(file).toMillis();
        Files.createDirectories(file.getParent());
        java.nio.file.Path upload = Files.write(Files.createTempDirectory("upload").resolve(UUID.randomUUID().toString()), bytes);
        Files.setLastModifiedTime(upload, FileTime.fromMillis(Math.max(System.currentTimeMillis(), before + 1)));
        Files.move(upload, file, StandardCopyOption.REPLACE_EXISTING);
        Files.delete(upload.getParent());
        listing.made(inStore(file), isNew);
    }

    private void removeObject(java.nio.file.Path file) throws IOException {
        FileStatus status = status(file);
        Files.delete(file);
        listing.removed(status);
        for (java.nio.file.Path around = file.getParent(); !isAround(around) && isEmpty(around); around = around.getParent()) {
            Files.delete(around);
        }
    }

    private static boolean isEmpty(java.nio.file.Path folder) throws IOException {
        try (Stream<java.nio.file.Path> files = Files.list(folder)) {
            return files.findAny().isEmpty();
        }
    }

    @Override
    public boolean delete(Path path, boolean recursive) throws IOException {
        synchronized (STORE) {
            listing.tick();
            Faults.change(path);
            java.nio.file.Path file = onDisk(path);
            if (Files.isRegularFile(file)) {
                removeObject(file);
                return true;
            }
            List<java.nio.file.Path> objects = below(file);
            if (!recursive && !objects.isEmpty()) {
                throw new PathIsNotEmptyDirectoryException(path.toString());
            }
            for (java.nio.file.Path object : objects) {
                Faults.change(inStore(object));
                removeObject(object);
            }
            return !objects.isEmpty();
        }
    }

    /** Copies every object, and then deletes every object. */
    @Override
    public boolean rename(Path from, Path to) throws IOException {
        synchronized (STORE) {
            listing.tick();
            java.nio.file.Path source = onDisk(from);
            List<java.nio.file.Path> objects = Files.isRegularFile(source) ? List.of(source) : below(source);
            if (objects.isEmpty()) {
                throw new FileNotFoundException(from + ": no such object, and none below it");
            }
            if (Files.exists(onDisk(to))) {
                return false;
            }
            for (java.nio.file.Path object : objects) {
                Faults.change(inStore(object));
                String rest = source.relativize(object).toString();
                put(rest.isEmpty() ? to : inStore(onDisk(to).resolve(rest)), Files.readAllBytes(object));
            }
            for (java.nio.file.Path object : new ArrayList<>(objects)) {
                Faults.change(inStore(object));
                removeObject(object);
            }
            return true;
        }
    }

    /** There are none to make. */
    @Override
    public boolean mkdirs(Path path, FsPermission permission) throws IOException {
        synchronized (STORE) {
            listing.tick();
            Faults.change(path);
            if (Files.isRegularFile(onDisk(path))) {
                throw new FileAlreadyExistsException(path + ": is an object");
            }
            requireNoObjectAbove(path);
            return true;
        }
    }

    @Override
    public FSDataOutputStream append(Path path, int bufferSize, Progressable progress) {
        throw new UnsupportedOperationException("objects are not appended to");
    }

    @Override
    public BlockLocation[] getFileBlockLocations(FileStatus file, long start, long length) {
        return new BlockLocation[0];
    }
}
