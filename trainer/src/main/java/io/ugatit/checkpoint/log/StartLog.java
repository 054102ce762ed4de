package io.ugatit.checkpoint.log;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;

/**
 * How often a run's training was started, and on what: {@code rounds/starts.jsonl}, a line of JSON each. A new one publishes the whole file,
 * which is small: of more than {@value #MOST}, or of more than 16 MiB, the first and the newest stay. One process writes at a time, any
 * number may read.
 */
public final class StartLog {
    private static final int MOST = 1000;

    private final PublishedLines lines;

    /** @param run the run; need not exist yet */
    public StartLog(RunDirectory run) {
        this(run, PublishedLines.MOST_BYTES);
    }

    /** @param mostBytes that the file may have */
    StartLog(RunDirectory run, int mostBytes) {
        this.lines = new PublishedLines(run.configuration(), new Path(run.rounds(), "starts.jsonl"), mostBytes);
    }

    /**
     * Reads all starts.
     *
     * @return in their order; none of a run that was not trained, or by an older version only
     * @throws InvalidRequestException if a line is none; one line that names file and line
     * @throws JobFailedException if the file system fails, or the file has more than 16 MiB
     */
    public List<TrainingStart> starts() {
        return lines.read(StartLog::parse);
    }

    private static TrainingStart parse(String where, String line) {
        try {
            TrainingStart start = PublishedLines.JSON.readValue(line, TrainingStart.class);
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
        List<TrainingStart> starts = starts();
        starts.add(start);
        List<byte[]> written = starts.stream().map(PublishedLines::line).collect(Collectors.toCollection(ArrayList::new));
        thinOut(written);
        lines.write(written);
    }

    /** What is longer than what is read would keep the training from ever going on. */
    private void thinOut(List<byte[]> written) {
        long bytes = written.stream().mapToLong(line -> line.length).sum();
        while (!written.isEmpty() && (written.size() > MOST || bytes > lines.mostBytes())) {
            bytes -= written.remove(written.size() > 2 ? 1 : 0).length;
        }
    }
}
