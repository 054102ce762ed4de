package io.ugatit.mlflow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.publish.Publishing;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.Path;

/**
 * By what a server's run is found again, in {@code RUN/mlflow.json}. It is ours and not the server's id: it is there before the server is asked
 * to make the run, so that a training that is killed meanwhile does not make a second one.
 */
final class RunKey {
    private static final String KEY = "key";
    private static final Pattern UUIDS = Pattern.compile("[0-9a-f-]{36}");
    private static final int MAX_BYTES = 1 << 16;
    private static final ObjectMapper JSON = new ObjectMapper();

    private RunKey() { }

    /**
     * That of a run, made if it is not there or is damaged.
     *
     * @throws IOException if the file system fails
     */
    static String of(RunDirectory run) throws IOException {
        Path file = file(run);
        String there = read(run, file);
        if (UUIDS.matcher(there).matches()) {
            return there;
        }
        String made = UUID.randomUUID().toString();
        Publishing.write(run.configuration(), file, JSON.writeValueAsBytes(JSON.createObjectNode().put(KEY, made)));
        return made;
    }

    /**
     * Lets the next training of a run have a server's run of its own.
     *
     * @throws IOException if the file system fails
     */
    static void forget(RunDirectory run) throws IOException {
        Path file = file(run);
        file.getFileSystem(run.configuration()).delete(file, false);
    }

    private static Path file(RunDirectory run) {
        return new Path(run.path(), "mlflow.json");
    }

    private static String read(RunDirectory run, Path file) throws IOException {
        try {
            return JSON.readTree(Publishing.read(run.configuration(), file, MAX_BYTES)).path(KEY).asText();
        } catch (FileNotFoundException | JsonProcessingException e) { // another is made
            return "";
        }
    }
}
