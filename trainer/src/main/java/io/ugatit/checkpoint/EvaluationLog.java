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
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * The evaluations of a run while it was trained: {@code metrics/evaluations.jsonl}, a line of JSON each, in the order of steps. A change
 * publishes the whole file, which is small: of more than 16 MiB the oldest rows go, but for the best. One process writes at a time, any
 * number may read.
 */
public final class EvaluationLog {
    private static final int MAX_BYTES = 1 << 24;
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final Configuration configuration;
    private final Path file;
    private final int mostBytes;

    /** @param run the run; need not exist yet */
    public EvaluationLog(RunDirectory run) {
        this(run, MAX_BYTES);
    }

    /** @param mostBytes that the file may have */
    EvaluationLog(RunDirectory run, int mostBytes) {
        this.mostBytes = mostBytes;
        this.configuration = run.configuration();
        this.file = new Path(run.metrics(), "evaluations.jsonl");
    }

    /**
     * Reads all rows.
     *
     * @return in the order of steps; none if nothing was evaluated
     * @throws InvalidRequestException if a line is no row; one line that names file and line
     * @throws JobFailedException if the file system fails, or the file has more than 16 MiB
     */
    public List<EvaluationRow> rows() {
        List<EvaluationRow> rows = new ArrayList<>();
        try {
            int number = 1;
            for (String line : new String(Publishing.read(configuration, file, mostBytes), StandardCharsets.UTF_8).lines().toList()) {
                rows.add(parse(file + ":" + number++, line));
            }
        } catch (FileNotFoundException e) { // nothing was evaluated
            return List.of();
        } catch (IOException e) {
            throw new JobFailedException("Cannot read " + file + ": " + FileFailure.reason(e), e);
        }
        rows.sort(Comparator.comparingLong(EvaluationRow::step));
        return rows;
    }

    private static EvaluationRow parse(String where, String line) {
        try {
            return EvaluationRow.parse(JSON.readTree(line)).orElseThrow(() -> new InvalidRequestException(where
                    + ": is not a row of evaluations: it needs a whole step, extractor, dataset, kid_a2b and kid_b2a"));
        } catch (JsonProcessingException e) {
            throw new InvalidRequestException(where + ": is not valid JSON", e);
        }
    }

    /**
     * Adds a row, in place of one of the same step.
     *
     * @throws InvalidRequestException as {@link #rows}
     * @throws JobFailedException if the file system fails; the rows that were there are safe
     */
    public void add(EvaluationRow row) {
        List<EvaluationRow> rows = new ArrayList<>(rows());
        rows.removeIf(other -> other.step() == row.step());
        rows.add(row);
        write(rows);
    }

    /**
     * Drops every row after a step.
     *
     * @param step the step that the run resumes after
     * @throws InvalidRequestException as {@link #rows}
     * @throws JobFailedException if the file system fails
     */
    public void dropAfter(long step) {
        List<EvaluationRow> rows = new ArrayList<>(rows());
        if (rows.removeIf(row -> row.step() > step)) {
            write(rows);
        }
    }

    private void write(List<EvaluationRow> rows) {
        rows.sort(Comparator.comparingLong(EvaluationRow::step));
        try {
            Map<EvaluationRow, byte[]> lines = new LinkedHashMap<>();
            for (EvaluationRow row : rows) {
                lines.put(row, (JSON.writeValueAsString(row.toJson()) + "\n").getBytes(StandardCharsets.UTF_8));
            }
            thinOut(lines);
            Publishing.write(configuration, file, out -> {
                for (byte[] line : lines.values()) {
                    out.write(line);
                }
            });
        } catch (IOException e) {
            throw new JobFailedException("Cannot publish " + file + ": " + FileFailure.reason(e), e);
        }
    }

    /** What is longer than what is read would keep the training from ever going on. */
    private void thinOut(Map<EvaluationRow, byte[]> lines) {
        EvaluationRow best = EvaluationRow.best(List.copyOf(lines.keySet())).orElse(null);
        long bytes = lines.values().stream().mapToLong(line -> line.length).sum();
        for (Iterator<Map.Entry<EvaluationRow, byte[]>> oldest = lines.entrySet().iterator(); bytes > mostBytes && oldest.hasNext();) {
            Map.Entry<EvaluationRow, byte[]> line = oldest.next();
            if (!line.getKey().equals(best)) {
                bytes -= line.getValue().length;
                oldest.remove();
            }
        }
    }
}
