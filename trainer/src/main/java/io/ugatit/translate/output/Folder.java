package io.ugatit.translate.output;

import io.ugatit.input.FolderContents;
import io.ugatit.job.PathOption;
import io.ugatit.publish.Publishing;
import java.io.FileNotFoundException;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A folder of any nesting and the files in it, known by their paths relative to it with {@code /} between names.
 *
 * @param configuration finds the folder's file system
 * @param path fully qualified
 */
public record Folder(Configuration configuration, Path path) {

    /**
     * The folder's file system.
     *
     * @throws IOException if there is none for the path's scheme
     */
    public FileSystem fileSystem() throws IOException {
        return Publishing.fileSystem(configuration, path);
    }

    /**
     * A file of the folder.
     *
     * @param relative its path, with {@code /} between names
     */
    public Path file(String relative) {
        // from parts: parsing a string would take a colon in a file's name for the end of a scheme
        return new Path(path.toUri().getScheme(), path.toUri().getAuthority(), path.toUri().getPath() + "/" + relative);
    }

    /**
     * Whether this is another folder or somewhere inside it.
     *
     * @param other the folder
     */
    public boolean isInside(Folder other) {
        return PathOption.isInside(path, other.path);
    }

    /**
     * Lists the folder.
     *
     * @throws FileNotFoundException if there is no such folder
     * @throws java.nio.file.AccessDeniedException if this user may not list it
     * @throws IOException if the file system fails
     */
    public FolderContents list() throws IOException {
        return FolderContents.of(fileSystem(), path, "");
    }
}
