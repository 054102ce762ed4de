package io.ugatit.job;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.ParentNotDirectoryException;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.hadoop.security.AccessControlException;

/** What the value of an option names on a Hadoop file system. */
public final class PathOption {
    private PathOption() {}

    /**
     * The path that a value names, whatever is there.
     *
     * @param configuration finds the file system, and the default one of a path without a scheme
     * @param option as users write it, such as {@code --run}
     * @param value what they gave
     * @return with scheme and authority, and absolute
     * @throws InvalidRequestException if it is no path, or no file system is known for it; names the option and what would be right
     */
    public static Path qualified(Configuration configuration, String option, String value) {
        if (value == null || value.isBlank()) {
            throw new InvalidRequestException(option + " is " + (value == null ? "missing" : "empty") + ": must be a path");
        }
        Path path = parse(option, value);
        try {
            FileSystem fileSystem = path.getFileSystem(configuration);
            if (path.toUri().getPath().isEmpty()) {
                throw new InvalidRequestException(option + " is " + value + ": names a file system, must go on with a path in it");
            }
            return fileSystem.makeQualified(path);
        } catch (InvalidRequestException e) {
            throw e;
        } catch (UnsupportedFileSystemException e) {
            throw wrong(option, value, "no file system is known for it, expected a path of file, hdfs or one that is installed", e);
        } catch (IOException | RuntimeException e) { // HDFS takes a host without an address for an illegal argument; a class may be missing
            throw wrong(option, value, "its file system cannot be used: " + FileFailure.reason(e), e);
        }
    }

    /**
     * A folder that is there or may be made.
     *
     * @return as {@link #qualified}
     * @throws InvalidRequestException as {@link #qualified}, or if a file or a link to nothing is there or in its path, or it may not be
     *     looked at
     * @throws JobFailedException if the file system does not answer
     */
    public static Path folder(Configuration configuration, String option, String value) {
        Path path = qualified(configuration, option, value);
        try {
            FileSystem fileSystem = path.getFileSystem(configuration);
            for (Path part = path; part != null; part = part.getParent()) {
                FileStatus status = status(fileSystem, part);
                if (status != null) {
                    if (!status.isDirectory()) {
                        throw new InvalidRequestException(option + " is " + value + ": "
                                + (part.equals(path) ? "is a file" : part + " is a file") + ", must be a folder");
                    }
                    return path;
                }
                if (isBrokenLink(fileSystem, part)) {
                    throw new InvalidRequestException(option + " is " + value + ": " + (part.equals(path) ? "is" : part + " is")
                            + " a link to nothing, must be a folder");
                }
            }
            return path;
        } catch (AccessControlException e) {
            throw wrong(option, value, FileFailure.reason(e), e);
        } catch (IOException e) {
            throw new JobFailedException(option + " is " + value + ": its file system does not answer: " + FileFailure.reason(e)
                    + "; nothing was written", e);
        }
    }

    /**
     * Whether a path is a folder or somewhere inside it, by links of a local disk too.
     *
     * @param path fully qualified, as the folder; both need not exist
     */
    public static boolean isInside(Path path, Path folder) {
        return isBelow(path, folder) || isBelow(followed(path), followed(folder));
    }

    /**
     * Where a link of a local disk leads, for what is made beside a folder: that must be in the same place whatever the folder is called.
     *
     * @param path fully qualified
     * @return the path itself if it is no link
     */
    public static Path behindLink(Path path) {
        return "file".equals(path.toUri().getScheme()) && Files.isSymbolicLink(java.nio.file.Path.of(path.toUri().getPath()))
                ? followed(path) : path;
    }

    /** Of a local disk, where the links in it lead, as far as it exists. */
    private static Path followed(Path path) {
        if (!"file".equals(path.toUri().getScheme())) {
            return path;
        }
        for (Path around = path; around != null; around = around.getParent()) {
            try {
                java.nio.file.Path real = java.nio.file.Path.of(around.toUri().getPath()).toRealPath();
                return new Path(path.toUri().getScheme(), null, real + path.toUri().getPath().substring(around.toUri().getPath().length()));
            } catch (IOException | InvalidPathException e) {
                continue; // not there, or not to be looked at: what it is in may be
            }
        }
        return path;
    }

    private static boolean isBelow(Path path, Path folder) {
        for (Path around = path; around != null; around = around.getParent()) {
            if (around.equals(folder)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether a folder that cannot be found is a link all the same.
     *
     * @param missing where no folder was found
     */
    public static boolean isBrokenLink(FileSystem fileSystem, Path missing) {
        return "file".equals(fileSystem.getUri().getScheme()) && Files.isSymbolicLink(java.nio.file.Path.of(missing.toUri().getPath()));
    }

    /** @return null if nothing is there */
    private static FileStatus status(FileSystem fileSystem, Path path) throws IOException {
        try {
            return fileSystem.getFileStatus(path);
        } catch (FileNotFoundException | ParentNotDirectoryException e) {
            return null;
        }
    }

    private static Path parse(String option, String value) {
        try {
            return new Path(value);
        } catch (IllegalArgumentException e) {
            throw wrong(option, value, value.indexOf(':') >= 0
                    ? "what stands before a colon counts as a scheme; if it is a name, write ./" + value + " or the whole path"
                    : FileFailure.reason(e), e);
        }
    }

    private static InvalidRequestException wrong(String option, String value, String why, Exception cause) {
        return new InvalidRequestException(option + " is " + value + ": " + why, cause);
    }
}
