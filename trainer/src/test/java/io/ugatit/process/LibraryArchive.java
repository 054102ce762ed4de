package io.ugatit.process;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.hadoop.fs.FileUtil;

/**
 * The libraries' classes in a file that JVMs map at their start (JEP 350), where they would load and verify ten thousand of them one by
 * one. The first test that starts a JVM has it made, by a small training, and it is kept beside the build's outputs for as long as
 * libraries and Java are the same.
 */
final class LibraryArchive {
    /** A JVM's options to use it; where it does not fit they do nothing. */
    static final List<String> OPTIONS;
    /** This JVM's class path, libraries first: an archive begins with what the class path begins with, and has no classes of folders. */
    static final String CLASS_PATH;

    private static final String SILENT = "-Xlog:cds=off";
    private static final String SILENT_ABOVE = "-Xlog:cds+dynamic=off";
    /** By its name, since it is made of much that starts JVMs itself. */
    private static final String WORK = "io.ugatit.cluster.ArchivedWork";

    static {
        Map<Boolean, List<Path>> entries = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator)).map(Path::of)
                .filter(Files::exists).collect(Collectors.partitioningBy(LibraryArchive::isLibrary));
        Path outputs = entries.get(false).get(0).getParent(); // of target/test-classes
        String key = key(entries.get(true));
        Path launcher = outputs.resolve("archive-" + key + ".jar");
        Path archive = outputs.resolve("archive-" + key + ".jsa");
        String archived = joined(Stream.concat(entries.get(true).stream(), Stream.of(launcher)));
        String others = joined(entries.get(false).stream());
        try (FileChannel channel = FileChannel.open(outputs.resolve("archive.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock alone = channel.lock()) {
            if (alone.isValid() && Files.notExists(archive)) {
                make(archive, launcher, archived, others);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        OPTIONS = List.of("-XX:SharedArchiveFile=" + archive, SILENT, SILENT_ABOVE);
        CLASS_PATH = archived + File.pathSeparator + others;
    }

    private LibraryArchive() { }

    private static boolean isLibrary(Path entry) {
        return Files.isRegularFile(entry) && !entry.getParent().endsWith("target"); // there Maven packages another module
    }

    private static String joined(Stream<Path> entries) {
        return entries.map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }

    /** What an archive depends on: the Java, the libraries, and the launcher. */
    private static String key(List<Path> libraries) {
        CRC32 sum = new CRC32();
        try {
            sum.update((System.getProperty("java.home") + System.getProperty("java.vm.version")).getBytes());
            for (Path library : libraries) {
                sum.update((library + " " + Files.size(library) + " " + Files.getLastModifiedTime(library)).getBytes());
            }
            sum.update(launcherClass());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return HexFormat.of().toHexDigits((int) sum.getValue());
    }

    private static byte[] launcherClass() throws IOException {
        try (InputStream in = LibraryArchive.class.getResourceAsStream(ArchiveLauncher.class.getSimpleName() + ".class")) {
            return in.readAllBytes();
        }
    }

    private static void make(Path archive, Path launcher, String archived, String others) throws IOException {
        try (DirectoryStream<Path> old = Files.newDirectoryStream(archive.getParent(), "archive-*")) {
            for (Path file : old) {
                Files.delete(file);
            }
        }
        try (ZipOutputStream jar = new ZipOutputStream(Files.newOutputStream(launcher))) {
            jar.putNextEntry(new ZipEntry(ArchiveLauncher.class.getName().replace('.', '/') + ".class"));
            jar.write(launcherClass());
        }
        Path made = Path.of(archive + ".tmp");
        Path output = Path.of(archive + ".log");
        Path folder = Files.createTempDirectory("archive");
        List<String> options = new ArrayList<>(JavaProcess.moduleOptions().toList());
        options.addAll(List.of("-XX:ArchiveClassesAtExit=" + made, SILENT, SILENT_ABOVE));
        int status;
        try (JavaProcess process = JavaProcess.unarchived(output, options, archived, ArchiveLauncher.class, others, WORK, folder.toString())) {
            status = process.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted while classes are archived", e);
        }
        FileUtil.fullyDelete(folder.toFile());
        if (status != 0 || Files.notExists(made)) { // as with a Java that has no archive of its own classes
            System.err.println("no classes could be archived, so JVMs of tests start slower: see " + output);
            Files.write(made, new byte[0]); // none tries again
        }
        Files.move(made, archive, StandardCopyOption.ATOMIC_MOVE);
    }
}
