package io.ugatit.checkpoint.log;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;

/**
 * The evaluations of a run while it was trained: {@code metrics/evaluations.jsonl}, a line of JSON each, in the order of steps. A change
 * publishes the whole file, which is small: of more than 16 MiB the oldest rows go, but for the best. One process writes at a time, any
 * number may read.
 */
public final class EvaluationLog {
    private final PublishedLines lines;

    /** @param run the run; need not exist yet */
    public EvaluationLog(RunDirectory run) {
        this(run, PublishedLines.MOST_BYTES);
    }

    /** @param mostBytes that the file may have */
    EvaluationLog(RunDirectory run, int mostBytes) {
        this.lines = new PublishedLines(run.configuration(), new Path(run.metrics(), "evaluations.jsonl"), mostBytes);
    }

    /**
     * Reads all rows.
     *
     * @return in the order of steps; none if nothing was evaluated
     * @throws InvalidRequestException if a line is no row; one line that names file and line
     * @throws JobFailedException if the file system fails, or the file has more than 16 MiB
     */
    public List<EvaluationRow> rows() {
        List<EvaluationRow> rows = lines.read(EvaluationLog::parse);
        rows.sort(Comparator.comparingLong(EvaluationRow::step));
        return rows;
    }

    private static EvaluationRow parse(String where, String line) {
        try {
            return EvaluationRow.parse(PublishedLines.JSON.readTree(line)).orElseThrow(() -> new InvalidRequestException(where
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
        List<EvaluationRow> rows = rows();
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
        List<EvaluationRow> rows = rows();
        if (rows.removeIf(row -> row.step() > step)) {
            write(rows);
        }
    }

    private void write(List<EvaluationRow> rows) {
        rows.sort(Comparator.comparingLong(EvaluationRow::step));
        Map<EvaluationRow, byte[]> byRow = new LinkedHashMap<>();
        rows.forEach(row -> byRow.put(row, PublishedLines.line(row.toJson())));
        thinOut(byRow);
        lines.write(byRow.values());
    }

    /** What is longer than what is read would keep the training from ever going on. */
    private void thinOut(Map<EvaluationRow, byte[]> byRow) {
        EvaluationRow best = EvaluationRow.best(List.copyOf(byRow.keySet())).orElse(null);
        long bytes = byRow.values().stream().mapToLong(line -> line.length).sum();
        for (Iterator<Map.Entry<EvaluationRow, byte[]>> oldest = byRow.entrySet().iterator(); bytes > lines.mostBytes() && oldest.hasNext();) {
            Map.Entry<EvaluationRow, byte[]> line = oldest.next();
            if (!line.getKey().equals(best)) {
                bytes -= line.getValue().length;
                oldest.remove();
            }
        }
    }
}
