package io.ugatit.report;

import io.ugatit.job.InvalidRequestException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options.Rename;
import org.apache.hadoop.fs.Path;

/** A run's folder on any Hadoop file system: bounded reads, sorted listings, and files that appear whole. */
final class RunFolder {
    private final Configuration configuration;
    private final FileSystem files;
    private final Path root;

    RunFolder(Configuration configuration, Path root) throws IOException {
        this.configuration = configuration;
        this.files = root.getFileSystem(configuration);
        this.root = files.makeQualified(root);
    }

    /** The qualified path of a file in the folder. */
    Path resolve(String relative) {
        return new Path(root, relative);
    }

    /** The folder's own name. */
    String name() {
        return root.getName().isEmpty() ? root.toString() : root.getName();
    }

    boolean isFile(Path path) throws IOException {
        try {
            return files.getFileStatus(path).isFile();
        } catch (FileNotFoundException absent) {
            return false;
        }
    }

    boolean isFolder() throws IOException {
        try {
            return files.getFileStatus(root).isDirectory();
        } catch (FileNotFoundException absent) {
            return false;
        }
    }

    /** The visible files of a subfolder whose names end in {@code suffix}, sorted by name; none if there is no such folder. */
    List<Path> list(String subfolder, String suffix) throws IOException {
        Path folder = resolve(subfolder);
        List<Path> found = new ArrayList<>();
        FileStatus[] entries;
        try {
            entries = files.listStatus(folder);
        } catch (FileNotFoundException absent) {
            return found;
        }
        for (FileStatus entry : entries) {
            String name = entry.getPath().getName();
            if (entry.isFile() && name.endsWith(suffix) && !name.startsWith(".") && !name.startsWith("_")) {
                found.add(entry.getPath());
            }
        }
        found.sort(null);
        return found;
    }

    InputStream open(Path path) throws IOException {
        return files.open(path);
    }

    /**
     * A whole file.
     *
     * @throws InvalidRequestException if it has more than {@code most} bytes
     */
    byte[] read(Path path, int most) throws IOException {
        long length = files.getFileStatus(path).getLen();
        if (length > most) {
            throw new InvalidRequestException(path + " has " + length + " bytes; a file of its kind has at most " + most);
        }
        try (InputStream in = open(path)) {
            return in.readNBytes(most);
        }
    }

    /** Writes a hidden file beside the target, then renames it over the target: readers see the old file or the whole new one. */
    void publish(Path target, Content content) throws IOException {
        Path hidden = new Path(target.getParent(), ".tmp-" + target.getName() + "-" + UUID.randomUUID());
        try {
            try (OutputStream out = files.create(hidden)) {
                content.writeTo(out);
            }
            FileContext.getFileContext(files.getUri(), configuration).rename(hidden, target, Rename.OVERWRITE);
        } catch (IOException | RuntimeException failure) {
            try {
                files.delete(hidden, false);
            } catch (IOException undeleted) {
                failure.addSuppressed(undeleted);
            }
            throw failure;
        }
    }

    /** What goes into a file. */
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }
}
