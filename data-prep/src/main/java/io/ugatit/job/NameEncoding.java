package io.ugatit.job;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * How this JVM reads and writes the names of local files, which it takes from the locale when it starts. In any but UTF-8 names get lost:
 * a file {@code ü.jpg} cannot be opened, and a folder {@code ü} that is to be made becomes {@code ??}.
 */
public final class NameEncoding {
    private static final String PROPERTY = "sun.jnu.encoding";

    private NameEncoding() {}

    /**
     * For the driver, before it reads.
     *
     * @param option the option that names the path
     * @param path the path, fully qualified
     * @throws InvalidRequestException if the path is on this machine and names get lost; says what to set
     */
    public static void require(String option, Path path) {
        if (path.toUri().getScheme().equals("file") && !isUtf8()) {
            throw new InvalidRequestException(option + " is " + path + ": " + loss()
                    + ": set LC_ALL=C.UTF-8 or another UTF-8 locale, and for executors --conf spark.executorEnv.LC_ALL=C.UTF-8");
        }
    }

    /**
     * For a task, before it reads.
     *
     * @param configuration finds file systems
     * @param paths the folders that the task reads from or writes to
     * @throws JobFailedException if one is on this machine and names get lost; says what to set
     * @throws IOException if a file system cannot be reached
     */
    public static void requireInTask(Configuration configuration, String... paths) throws IOException {
        for (String path : paths) {
            if (!isUtf8() && isLocal(new Path(path).getFileSystem(configuration))) {
                throw new JobFailedException("the executor on " + Host.name() + " cannot work in " + path + ": " + loss()
                        + ": give --conf spark.executorEnv.LC_ALL=C.UTF-8");
            }
        }
    }

    /**
     * For a word of the command line, which is lost in the same way.
     *
     * @param option the word's option
     * @param value the word as Java has it
     * @throws InvalidRequestException if it may not be what was typed; says what to set
     */
    public static void requireWhole(String option, String value) {
        if (!isUtf8() && value.chars().anyMatch(c -> c == '?' || c > '~')) {
            throw new InvalidRequestException(option + " is '" + value + "': " + loss() + ": set LC_ALL=C.UTF-8 or another UTF-8 locale");
        }
    }

    private static boolean isLocal(FileSystem fs) {
        return "file".equals(fs.getUri().getScheme());
    }

    private static boolean isUtf8() {
        return Charset.forName(System.getProperty(PROPERTY)).equals(StandardCharsets.UTF_8);
    }

    private static String loss() {
        return "this process reads names as " + System.getProperty(PROPERTY) + ", in which others than ASCII's get lost";
    }
}
