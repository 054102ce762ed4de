package io.ugatit.job;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/**
 * The build of this program that a JVM runs. Driver and executors must run the same one: tasks of another are read, since their form is the
 * same, but may compute something else.
 */
public final class Program {
    private static final String CLASSES = "io/ugatit";

    private Program() {}

    /** What is computed once in a JVM. */
    private static final class Here {
        static final String BUILD = version().orElse("not packaged") + " (code " + fingerprint(location()) + ")";
    }

    /** The version that the jar's manifest names; empty if this is not packaged. */
    public static Optional<String> version() {
        return Optional.ofNullable(Program.class.getPackage().getImplementationVersion());
    }

    /** This JVM's build: the version, and a checksum of the classes in the jar or folder that this class is from. */
    public static String build() {
        return Here.BUILD;
    }

    /**
     * For a task, before it does anything.
     *
     * @param driver the driver's {@link #build}; null if it comes from a driver that does not tell
     * @throws JobFailedException if this is another one; names both, the host and the jar
     */
    public static void requireSame(String driver) {
        if (!build().equals(driver)) {
            throw new JobFailedException("the executor on " + Host.name() + " runs ugatit-spark " + build() + " from " + location()
                    + ", the driver " + (driver == null ? "an older version" : driver)
                    + ": give both the same jar, and keep others off spark.executor.extraClassPath and out of Spark's jars folder");
        }
    }

    private static Path location() {
        CodeSource source = Program.class.getProtectionDomain().getCodeSource();
        try {
            URI place = source.getLocation().toURI();
            return Path.of(place);
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the program's code lies at " + source.getLocation() + ", which is no file", e);
        }
    }

    /**
     * A checksum of names and content of this program's classes, in the order of the names. The libraries beside them play no part, so that
     * the jars with and without natives are the same.
     *
     * @param place a jar, or a folder of classes
     */
    static String fingerprint(Path place) {
        try {
            if (Files.isDirectory(place)) {
                return ofClasses(place.resolve(CLASSES));
            }
            try (FileSystem jar = FileSystems.newFileSystem(place)) {
                return ofClasses(jar.getPath(CLASSES));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the program's code in " + place, e);
        }
    }

    private static String ofClasses(Path folder) throws IOException {
        List<Path> classes;
        try (Stream<Path> files = Files.walk(folder)) {
            classes = files.filter(file -> file.toString().endsWith(".class")).sorted().toList();
        }
        CRC32 sum = new CRC32();
        for (Path file : classes) {
            sum.update(folder.relativize(file).toString().getBytes(StandardCharsets.UTF_8));
            sum.update(Files.readAllBytes(file));
        }
        return String.format(Locale.ROOT, "%08x", sum.getValue());
    }
}
