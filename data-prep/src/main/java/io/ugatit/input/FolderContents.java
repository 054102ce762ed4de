package io.ugatit.input;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * What a folder of any nesting holds. Nothing is opened.
 *
 * <p>A folder is visited once, by its real path, and under its own name rather than that of a link to it; so loops of links end. A link to
 * a file is that file under the link's name. Hidden are names that begin with a dot and the markers of Hadoop and Spark.
 *
 * @param files every regular file, ordered by path
 * @param leftOut everything else that is no folder, ordered by source; of a hidden folder or one that cannot be listed, the folder
 */
public record FolderContents(List<InputFile> files, List<LeftOut> leftOut) {
    private static final int EXAMPLES = 3;

    /** Copies the lists. */
    public FolderContents {
        files = List.copyOf(files);
        leftOut = List.copyOf(leftOut);
    }

    /**
     * Lists a folder.
     *
     * @param fs the folder's file system
     * @param root the folder
     * @param name what to put before relative paths in {@link LeftOut#source}: empty, or the folder's own name and {@code /}
     * @throws FileNotFoundException if there is no such folder
     * @throws AccessDeniedException if this user may not list it; a folder in it would be left out as a reject
     * @throws IOException if the file system fails
     */
    public static FolderContents of(FileSystem fs, Path root, String name) throws IOException {
        Findings found = new Findings(name);
        if (InputFile.isLocal(fs)) {
            new LocalWalk(found).walk(java.nio.file.Path.of(root.toUri().getPath()));
        } else {
            new RemoteWalk(fs, found).walk(root);
        }
        return found.contents();
    }

    /** For a message: some of what was left out; empty if nothing was. */
    public String examples() {
        return examples(leftOut);
    }

    /**
     * For a message: the first three with their reasons, and whether there are more.
     *
     * @param leftOut what was left out
     */
    public static String examples(List<LeftOut> leftOut) {
        String named = leftOut.stream().limit(EXAMPLES).map(LeftOut::toString).collect(Collectors.joining(", "));
        return leftOut.size() > EXAMPLES ? named + " and others" : named;
    }
}
