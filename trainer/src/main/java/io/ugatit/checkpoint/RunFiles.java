package io.ugatit.checkpoint;

import io.ugatit.job.InvalidRequestException;
import io.ugatit.publish.Publishing;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/** Finds and reads the files of a run, none larger than it may be. */
public final class RunFiles {
    private RunFiles() {}

    /**
     * The visible files of a folder whose names end in {@code suffix}, sorted by name; none if there is no such folder.
     *
     * @throws IOException if the file system fails
     */
    public static List<Path> list(Configuration configuration, Path folder, String suffix) throws IOException {
        List<Path> found = new ArrayList<>();
        FileStatus[] entries;
        try {
            entries = Publishing.fileSystem(configuration, folder).listStatus(folder);
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

    /**
     * Whether there is such a file or folder.
     *
     * @throws IOException if the file system fails
     */
    public static boolean exists(Configuration configuration, Path path) throws IOException {
        return Publishing.fileSystem(configuration, path).exists(path);
    }

    /**
     * A whole file.
     *
     * @throws InvalidRequestException if there is no such file or it has more than {@code most} bytes
     * @throws IOException if the file system fails
     */
    public static byte[] read(Configuration configuration, Path path, int most) throws IOException {
        try {
            long length = Publishing.fileSystem(configuration, path).getFileStatus(path).getLen();
            if (length > most) {
                throw new InvalidRequestException(path + " has " + length + " bytes; a file of its kind has at most " + most);
            }
            return Publishing.read(configuration, path, most);
        } catch (FileNotFoundException e) {
            throw new InvalidRequestException(path + " is missing; restore it from where the run was copied", e);
        }
    }
}
