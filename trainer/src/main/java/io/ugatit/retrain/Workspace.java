package io.ugatit.retrain;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.ugatit.checkpoint.Publishing;
import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.job.InvalidRequestException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Where the cycles keep what: {@code datasets/NNNN}, {@code runs/NNNN}, {@code cycles/NNNN.json} and {@code PROMOTED}, one line that names a
 * run. Everything appears in one piece, so that what is there says how far a killed job came.
 *
 * @param configuration finds the file system
 * @param path the workspace's folder, fully qualified
 */
record Workspace(Configuration configuration, Path path) {
    private static final int MAX_RECORD_BYTES = 1 << 20;
    private static final String NAME = "\\d{4,9}";
    private static final JsonMapper JSON = JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

    Path datasets() {
        return new Path(path, "datasets");
    }

    Path dataset(int cycle) {
        return new Path(datasets(), Cycle.name(cycle));
    }

    /** A run by its name. */
    RunDirectory run(String name) {
        return new RunDirectory(configuration, new Path(new Path(path, "runs"), name));
    }

    private Path cycles() {
        return new Path(path, "cycles");
    }

    private Path cycle(int number) {
        return new Path(cycles(), Cycle.name(number) + ".json");
    }

    private Path promotedFile() {
        return new Path(path, "PROMOTED");
    }

    /** The name of the promoted run, if one is. */
    Optional<String> promoted() throws IOException {
        try {
            String name = new String(Publishing.read(configuration, promotedFile(), MAX_RECORD_BYTES), StandardCharsets.UTF_8).strip();
            if (!name.matches(NAME) || !run(name).exists()) {
                throw new InvalidRequestException(promotedFile() + " names '" + name.lines().findFirst().orElse("")
                        + "', which is no run of the workspace: must be the name of a folder in " + new Path(path, "runs"));
            }
            return Optional.of(name);
        } catch (FileNotFoundException e) {
            return Optional.empty();
        }
    }

    /** Names the promoted run from now on. */
    void promote(String name) throws IOException {
        Publishing.write(configuration, promotedFile(), (name + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** The last cycle that has begun, judged or not. */
    Optional<Cycle> lastCycle() throws IOException {
        int last = 0;
        FileSystem fileSystem = Publishing.fileSystem(configuration, path);
        if (fileSystem.exists(cycles())) {
            for (FileStatus file : fileSystem.listStatus(cycles())) {
                String name = file.getPath().getName();
                if (name.matches(NAME + "\\.json")) {
                    last = Math.max(last, Integer.parseInt(name.substring(0, name.indexOf('.'))));
                }
            }
        }
        return last == 0 ? Optional.empty() : Optional.of(read(last));
    }

    /** The cycle of a run. */
    Cycle cycleOf(String run) throws IOException {
        return read(Integer.parseInt(run));
    }

    private Cycle read(int number) throws IOException {
        try {
            return JSON.readValue(Publishing.read(configuration, cycle(number), MAX_RECORD_BYTES), Cycle.class);
        } catch (JacksonException e) {
            throw new InvalidRequestException(cycle(number) + " is damaged: " + e.getOriginalMessage(), e);
        }
    }

    /** Publishes a cycle's record, in place of the one before. */
    void publish(Cycle cycle) throws IOException {
        Publishing.write(configuration, cycle(cycle.number()), JSON.writeValueAsBytes(cycle));
    }

    /** Deletes what killed jobs left unfinished. */
    void removeStale() throws IOException {
        Publishing.removeStale(configuration, path);
        Publishing.removeStale(configuration, datasets());
        Publishing.removeStale(configuration, new Path(path, "runs"));
        Publishing.removeStale(configuration, cycles());
    }

    boolean exists(Path folder) throws IOException {
        return Publishing.fileSystem(configuration, folder).exists(folder);
    }

    void remove(Path folder) throws IOException {
        Publishing.remove(configuration, folder);
    }
}
