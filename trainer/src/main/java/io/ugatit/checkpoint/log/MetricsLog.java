package io.ugatit.checkpoint.log;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.job.FileFailure;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import io.ugatit.publish.Publishing;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A run's losses as files of JSON lines, one row a step and worker, or what its rounds took, one row a round. Rows wait in memory until
 * {@link #publish}; publish before the checkpoint of the same step, so that no checkpoint is without its rows, and {@link #dropAfter} the
 * checkpoint that a run resumes from. Not thread-safe; one process writes at a time.
 */
public final class MetricsLog {
    private static final String STEPS = "-(\\d{8,18})-(\\d{8,18})\\.jsonl";
    private static final int MAX_LINE_BYTES = 1 << 16;
    private static final Comparator<ObjectNode> ORDER = Comparator.comparingLong(MetricsLog::step)
            .thenComparingLong(row -> row.path("worker").asLong());
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    /** Some 100 MB of memory. */
    private static final int MOST_WAITING = 100_000;

    private final Configuration configuration;
    private final Path folder;
    /** What the names of its files begin with. */
    private final String name;
    private final Pattern file;
    private final boolean byWorker;
    private final List<ObjectNode> waiting = new ArrayList<>();

    /** One published file: {@code first} to {@code last} are the steps of its rows. */
    private record Segment(Path path, long first, long last) {
    }

    /**
     * The losses.
     *
     * @param run the run; need not exist yet
     */
    public MetricsLog(RunDirectory run) {
        this(run.configuration(), run.metrics(), "steps", true);
    }

    private MetricsLog(Configuration configuration, Path folder, String name, boolean byWorker) {
        this.configuration = configuration;
        this.folder = folder;
        this.name = name;
        this.file = Pattern.compile(name + STEPS);
        this.byWorker = byWorker;
    }

    /**
     * What the rounds took: rows have the last {@code step} of their round, and no worker.
     *
     * @param run the run; need not exist yet
     */
    public static MetricsLog ofRounds(RunDirectory run) {
        return new MetricsLog(run.configuration(), run.rounds(), "rounds", false);
    }

    /**
     * Keeps rows in memory for the next {@link #publish}.
     *
     * @param rows all of their steps, in any order; each has a whole number {@code step} from 0 and, among losses, a whole number {@code worker}
     * @throws IllegalArgumentException if a row lacks them
     */
    public void append(List<ObjectNode> rows) {
        for (ObjectNode row : rows) {
            if (!isRow(row)) {
                throw new IllegalArgumentException("a row needs a whole " + needs() + ": " + row);
            }
        }
        waiting.addAll(rows);
    }

    /**
     * Whether so many rows wait that they are to be published at once: whoever goes on from a checkpoint before them drops them.
     */
    public boolean isFull() {
        return waiting.size() >= MOST_WAITING;
    }

    /**
     * Publishes the waiting rows up to a step as one file, replacing one of the same steps: the rows of a resumed run are the same.
     *
     * @param step later rows go on waiting
     * @throws JobFailedException if the file system fails; the rows go on waiting, and those published before are safe
     */
    public void publish(long step) {
        List<ObjectNode> rows = waiting.stream().filter(row -> step(row) <= step).sorted(ORDER).toList();
        if (rows.isEmpty()) {
            return;
        }
        try {
            write(rows);
        } catch (IOException e) {
            throw new JobFailedException("Cannot publish metrics up to step " + step + " in " + folder + ": " + FileFailure.reason(e), e);
        }
        waiting.removeIf(row -> step(row) <= step);
    }

    /**
     * Reads all published rows.
     *
     * @param row takes them one by one, in the order of step and worker
     * @throws InvalidRequestException if a line is longer than 64 KiB or is no row; one line that names file and line
     * @throws JobFailedException if the file system fails
     */
    public void forEach(Consumer<ObjectNode> row) {
        try {
            long done = -1;
            for (Segment segment : segments()) {
                // two files overlap if a dropAfter was killed in between
                long from = done;
                read(segment, next -> {
                    if (step(next) > from) {
                        row.accept(next);
                    }
                });
                done = Math.max(done, segment.last());
            }
        } catch (IOException e) {
            throw new JobFailedException("Cannot read the metrics in " + folder + ": " + FileFailure.reason(e), e);
        }
    }

    /**
     * Drops every row after a step, published or waiting.
     *
     * @param step the step that the run resumes after
     * @throws JobFailedException if the file system fails; dropping again finishes it
     */
    public void dropAfter(long step) {
        waiting.removeIf(row -> step(row) > step);
        try {
            FileSystem fileSystem = Publishing.fileSystem(configuration, folder);
            for (Segment segment : segments()) {
                if (segment.last() > step) {
                    if (segment.first() <= step) {
                        List<ObjectNode> rows = new ArrayList<>();
                        read(segment, rows::add);
                        rows.removeIf(row -> step(row) > step);
                        if (!rows.isEmpty()) {
                            write(rows);
                        }
                    }
                    fileSystem.delete(segment.path(), false);
                }
            }
        } catch (IOException e) {
            throw new JobFailedException("Cannot drop the metrics after step " + step + " in " + folder + ": " + FileFailure.reason(e), e);
        }
    }

    private boolean isRow(ObjectNode row) {
        return row.path("step").canConvertToExactIntegral() && step(row) >= 0
                && (!byWorker || row.path("worker").canConvertToExactIntegral());
    }

    private String needs() {
        return byWorker ? "step and worker" : "step";
    }

    private static long step(ObjectNode row) {
        return row.path("step").asLong();
    }

    private void write(List<ObjectNode> ordered) throws IOException {
        Path segment = new Path(folder, String.format(Locale.ROOT, "%s-%08d-%08d.jsonl", name, step(ordered.get(0)),
                step(ordered.get(ordered.size() - 1))));
        Publishing.write(configuration, segment, out -> {
            for (ObjectNode row : ordered) {
                out.write(JSON.writeValueAsBytes(row));
                out.write('\n');
            }
        });
    }

    private List<Segment> segments() throws IOException {
        List<Segment> segments = new ArrayList<>();
        for (FileStatus status : Publishing.list(Publishing.fileSystem(configuration, folder), folder)) {
            Matcher found = file.matcher(status.getPath().getName());
            if (found.matches()) {
                segments.add(new Segment(status.getPath(), Long.parseLong(found.group(1)), Long.parseLong(found.group(2))));
            }
        }
        segments.sort(Comparator.comparingLong(Segment::first).thenComparingLong(Segment::last));
        return segments;
    }

    private void read(Segment segment, Consumer<ObjectNode> row) throws IOException {
        FileSystem fileSystem = Publishing.fileSystem(configuration, folder);
        try (InputStream in = new BufferedInputStream(fileSystem.open(segment.path()), MAX_LINE_BYTES)) {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            long number = 1;
            for (int next = in.read(); next >= 0; next = in.read()) {
                if (next == '\n') {
                    row.accept(parse(segment.path() + ":" + number++, line.toByteArray()));
                    line.reset();
                } else if (line.size() < MAX_LINE_BYTES) {
                    line.write(next);
                } else {
                    throw new InvalidRequestException(segment.path() + ":" + number + ": is longer than " + MAX_LINE_BYTES + " bytes");
                }
            }
            if (line.size() > 0) {
                throw new InvalidRequestException(segment.path() + ":" + number + ": ends without a line feed, the file was cut");
            }
        } catch (FSError e) {
            throw FileFailure.of(segment.path(), e);
        }
    }

    private ObjectNode parse(String where, byte[] line) throws IOException {
        try {
            if (JSON.readTree(line) instanceof ObjectNode row && isRow(row)) {
                return row;
            }
        } catch (JsonProcessingException e) {
            throw new InvalidRequestException(where + ": is not valid JSON", e);
        }
        throw new InvalidRequestException(where + ": is not a row of metrics: it needs a whole " + needs());
    }
}
