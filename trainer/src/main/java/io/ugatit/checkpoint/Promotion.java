package io.ugatit.checkpoint;

import io.ugatit.job.InvalidRequestException;
import io.ugatit.publish.Publishing;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * Which of a workspace's runs is promoted: {@code PROMOTED} is one line, the name of a folder in {@code runs}. Making one touches no file.
 *
 * @param configuration finds the file system
 * @param workspace folder of the nightly cycles, on any Hadoop file system
 */
public record Promotion(Configuration configuration, Path workspace) {
    /** The name of the file. */
    public static final String FILE = "PROMOTED";
    private static final int MAX_BYTES = 1 << 10;
    /** What a run of a workspace is called. */
    public static final String NAME = "\\d{4,9}";

    /** The file that names the promoted run. */
    public Path file() {
        return new Path(workspace, FILE);
    }

    /** The folder of all runs. */
    public Path runs() {
        return new Path(workspace, "runs");
    }

    /** A run by its name. */
    public RunDirectory run(String name) {
        return new RunDirectory(configuration, new Path(runs(), name));
    }

    /**
     * The name of the promoted run, if one is.
     *
     * @throws InvalidRequestException if the file names no run that is there
     * @throws IOException if the file system fails
     */
    public Optional<String> name() throws IOException {
        String name;
        try {
            name = new String(Publishing.read(configuration, file(), MAX_BYTES), StandardCharsets.UTF_8).strip();
        } catch (FileNotFoundException e) {
            return Optional.empty();
        }
        if (!name.matches(NAME) || !run(name).exists()) {
            String there = names();
            throw new InvalidRequestException(file() + " names '" + name.lines().findFirst().orElse("")
                    + "', which is no run of the workspace: must be the name of a folder in " + runs()
                    + (there.isEmpty() ? "" : ", which are " + there));
        }
        return Optional.of(name);
    }

    /**
     * The names of all runs, in order, with commas in between.
     *
     * @throws IOException if the file system fails
     */
    public String names() throws IOException {
        try {
            return Arrays.stream(Publishing.fileSystem(configuration, runs()).listStatus(runs())).filter(FileStatus::isDirectory)
                    .map(folder -> folder.getPath().getName()).filter(folder -> folder.matches(NAME)).sorted()
                    .collect(Collectors.joining(", "));
        } catch (FileNotFoundException e) {
            return ""; // no cycle has come so far
        }
    }

    /**
     * Names the promoted run from now on.
     *
     * @throws IOException if the file system fails; what was promoted before is then
     */
    public void promote(String name) throws IOException {
        Publishing.write(configuration, file(), (name + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
