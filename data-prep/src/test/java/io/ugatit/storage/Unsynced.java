package io.ugatit.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.apache.hadoop.fs.Path;

/** Which files of a {@link FaultyDisk} were written and not forced to disk since, by the names they have now. */
final class Unsynced {
    static final Unsynced FILES = new Unsynced();

    private final TreeSet<String> files = new TreeSet<>();

    /** What a crash does to a file. */
    private enum Damage { REMOVED, ZEROED, CUT, FLIPPED, NONE }

    private static String name(Path path) {
        return path.toUri().getPath();
    }

    synchronized void forget() {
        files.clear();
    }

    synchronized void written(Path file) {
        files.add(name(file));
    }

    synchronized void synced(Path file) {
        files.remove(name(file));
    }

    /** With all that is below a folder. */
    synchronized void renamed(Path from, Path to) {
        for (String file : List.copyOf(files)) {
            if (file.equals(name(from)) || file.startsWith(name(from) + "/")) {
                files.remove(file);
                files.add(name(to) + file.substring(name(from).length()));
            }
        }
    }

    /** Damages each of them in a way that is drawn, or not; after that none counts. */
    synchronized void crash(Random random) throws IOException {
        List<String> all = new ArrayList<>(files);
        files.clear();
        for (String name : all) {
            java.nio.file.Path file = java.nio.file.Path.of(name);
            Damage damage = Damage.values()[random.nextInt(Damage.values().length)];
            if (Files.isRegularFile(file) && !Faults.isSpared(new Path("faulty", null, name))) {
                damage(file, damage, random);
            }
        }
    }

    private static void damage(java.nio.file.Path file, Damage damage, Random random) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        switch (damage) {
            case REMOVED -> Files.delete(file);
            case ZEROED -> Files.write(file, new byte[bytes.length]);
            case CUT -> Files.write(file, Arrays.copyOf(bytes, random.nextInt(bytes.length + 1)));
            case FLIPPED -> {
                if (bytes.length > 0) {
                    bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(Byte.SIZE));
                    Files.write(file, bytes);
                }
            }
            case NONE -> { }
        }
    }
}
