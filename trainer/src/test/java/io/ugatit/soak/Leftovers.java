package io.ugatit.soak;

import io.ugatit.checkpoint.RunDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;

/** Looks for what nobody needs after a training. */
final class Leftovers {
    /** What an executor says stays for people to read; and lz4-java's library, which only a process that ends by itself removes. */
    private static final Pattern STAYS = Pattern.compile("stdout|stderr|liblz4-java-\\d+\\.so(\\.lck)?");

    private Leftovers() { }

    /** Hidden files and folders, locks and temporary ones among them, anywhere below a folder of any file system. */
    static List<String> hidden(FileSystem fileSystem, org.apache.hadoop.fs.Path folder) throws IOException {
        List<String> found = new ArrayList<>();
        for (FileStatus status : fileSystem.listStatus(folder)) {
            String name = status.getPath().getName();
            if (name.startsWith(".") || name.startsWith("_")) {
                found.add(status.getPath().toUri().getPath());
            } else if (status.isDirectory()) {
                found.addAll(hidden(fileSystem, status.getPath()));
            }
        }
        return found;
    }

    /** The files of a run by their names in it. Those of TensorBoard have the time of the start in their names, and are left out. */
    static Set<String> runFiles(RunDirectory run) throws IOException {
        Set<String> names = new TreeSet<>();
        String path = run.path().toUri().getPath();
        String prefix = path.endsWith("/") ? path : path + "/";
        var files = run.path().getFileSystem(run.configuration()).listFiles(run.path(), true);
        while (files.hasNext()) {
            String name = files.next().getPath().toUri().getPath().substring(prefix.length());
            if (!name.startsWith("tensorboard/")) {
                names.add(name);
            }
        }
        return names;
    }

    /** What a worker's executors have left where they shuffle: anything in the folder that each worker makes there for all of them. */
    static List<String> local(Path folder) {
        return below(folder, 2, path -> true);
    }

    /** What executors have left where they run, beside what stays there whoever is killed. */
    static List<String> work(Path folder) {
        return below(folder, 3, path -> !STAYS.matcher(path.getFileName().toString()).matches());
    }

    /** Anything in a folder. */
    static List<String> all(Path folder) {
        return below(folder, 1, path -> true);
    }

    private static List<String> below(Path folder, int depth, Predicate<Path> counts) {
        if (Files.notExists(folder)) {
            return List.of();
        }
        try (Stream<Path> paths = Files.walk(folder)) {
            return paths.filter(path -> folder.relativize(path).getNameCount() >= depth && !path.equals(folder)).filter(counts)
                    .map(Path::toString).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (UncheckedIOException e) {
            if (e.getCause() instanceof NoSuchFileException) { // it goes while it is looked at: look again
                return below(folder, depth, counts);
            }
            throw e;
        }
    }

    /** Deletes a folder, if it is there. */
    static void delete(Path folder) throws IOException {
        if (Files.notExists(folder)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
