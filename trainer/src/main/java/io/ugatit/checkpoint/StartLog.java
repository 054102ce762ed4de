package io.ugatit.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ugatit.job.FileFailure;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * How often a run's training was started, and on what: {@code rounds/starts.jsonl}, a line of JSON each. A new one publishes the whole file,
 * which is small: of more than {@value #MOST}, or of more than 16 MiB, the first and the newest stay. One process writes at a time, any
 * number may read.
 */
public final class StartLog {
    private static final int MOST = 1000;
    private static final int MAX_BYTES = 1 << 24;
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final Configuration configuration;
    private final Path file;
    private final int mostBytes;

    /** @param run the run; need not exist yet */
    public StartLog(RunDirectory run) {
        this(run, MAX_BYTES);
    }

    /** @param mostBytes that the file may have */
    StartLog(RunDirectory run, int mostBytes) {
        this.mostBytes = mostBytes;
        this.configuration = run.configuration();
        this.file = new Path(run.rounds(), "starts.jsonl");
    }

    /**
     * Reads all starts.
     *
     * @return in their order; none of a run that was not trained, or by an older version only
     * @throws InvalidRequestException if a line is none; one line that names file and line
     * @throws JobFailedException if the file system fails, or the file has more than 16 MiB
     */
    public List<TrainingStart> starts() {
        List<TrainingStart> starts = new ArrayList<>();
        try {
            int number = 1;
            for (String line : new String(Publishing.read(configuration, file, mostBytes), StandardCharsets.UTF_8).lines().toList()) {
                starts.add(parse(file + ":" + number++, line));
            }
        } catch (FileNotFoundException e) { // never started
            return List.of();
        } catch (IOException e) {
            throw new JobFailedException("Cannot read " + file + ": " + FileFailure.reason(e), e);
        }
        return starts;
    }

    private static TrainingStart parse(String where, String line) {
        try {
            TrainingStart start = JSON.readValue(line, TrainingStart.class);
            if (start != null) {
                return start;
            }
        } catch (JsonProcessingException e) {
            String reason = e.getCause() instanceof IllegalArgumentException ? e.getCause().getMessage() : e.getOriginalMessage();
            throw new InvalidRequestException(where + ": is not a start of a training: " + reason, e);
        }
        throw new InvalidRequestException(where + ": is not a start of a training");
    }

    /**
     * Adds a start.
     *
     * @throws InvalidRequestException as {@link #starts}
     * @throws JobFailedException if the file system fails; the starts that were there are safe
     */
    public void add(TrainingStart start) {
        List<TrainingStart> starts = new ArrayList<>(starts());
        starts.add(start);
        try {
            List<byte[]> lines = new ArrayList<>();
            for (TrainingStart one : starts) {
                lines.add((JSON.writeValueAsString(one) + "\n").getBytes(StandardCharsets.UTF_8));
            }
            thinOut(lines);
            Publishing.write(configuration, file, out -> {
                for (byte[] line : lines) {
                    out.write(line);
                }
            });
        } catch (IOException e) {
            throw new JobFailedException("Cannot publish " + file + ": " + FileFailure.reason(e), e);
        }
    }

    /** What is longer than what is read would keep the training from ever going on. */
    private void thinOut(List<byte[]> lines) {
        long bytes = lines.stream().mapToLong(line -> line.length).sum();
        while (!lines.isEmpty() && (lines.size() > MOST || bytes > mostBytes)) {
            bytes -= lines.remove(lines.size() > 2 ? 1 : 0).length;
        }
    }
}
