package io.ugatit.translate;

import io.ugatit.checkpoint.Publishing;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * A folder of any nesting and the files in it, known by their paths relative to it with {@code /} between names.
 *
 * @param configuration finds the folder's file system
 * @param path fully qualified
 */
record Folder(Configuration configuration, Path path) {

    /** @throws IOException if there is no file system for the path's scheme */
    FileSystem fileSystem() throws IOException {
        return Publishing.fileSystem(configuration, path);
    }

    /** A file of the folder. */
    Path file(String relative) {
        // from parts: parsing a string would take a colon in a file's name for the end of a scheme
        return new Path(path.toUri().getScheme(), path.toUri().getAuthority(), path.toUri().getPath() + "/" + relative);
    }

    /** Whether this is the other folder or somewhere inside it. */
    boolean isInside(Folder other) {
        for (Path folder = path; folder != null; folder = folder.getParent()) {
            if (folder.equals(other.path)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Lists all files in the order of their relative paths, without hidden files and folders ({@code .x}, {@code _x}).
     *
     * @param hidden takes the hidden files
     * @return nothing if there is no such folder
     * @throws IOException if the file system fails
     */
    SortedMap<String, FileStatus> list(Consumer<FileStatus> hidden) throws IOException {
        SortedMap<String, FileStatus> files = new TreeMap<>();
        int prefix = path.toUri().getPath().length() + (path.isRoot() ? 0 : 1);
        Deque<Path> folders = new ArrayDeque<>();
        folders.push(path);
        while (!folders.isEmpty()) {
            RemoteIterator<FileStatus> entries;
            try {
                entries = fileSystem().listStatusIterator(folders.pop());
            } catch (FileNotFoundException e) {
                continue; // the folder itself is not there, or a subfolder has just gone
            }
            while (entries.hasNext()) {
                FileStatus entry = entries.next();
                String name = entry.getPath().getName();
                if (name.startsWith(".") || name.startsWith("_")) {
                    hidden.accept(entry);
                } else if (entry.isDirectory()) {
                    folders.push(entry.getPath());
                } else {
                    files.put(entry.getPath().toUri().getPath().substring(prefix), entry);
                }
            }
        }
        return files;
    }
}
