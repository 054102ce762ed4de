package io.ugatit.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import io.ugatit.job.InvalidRequestException;
import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.util.LineReader;

/** Reads all of {@code RUN/metrics/*.jsonl} line by line; memory does not grow with the number of lines. Use once, in one thread. */
final class MetricsReader {
    private static final int LONGEST_LINE = 64 << 10;
    private static final int MOST_WORKERS = 1 << 16;
    /** A diverged run writes NaN; its report matters most. */
    private static final JsonFactory JSON = JsonFactory.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

    private static final Map<String, Integer> COLUMNS = new HashMap<>();

    static {
        Metrics.NAMES.forEach(name -> COLUMNS.put(name, COLUMNS.size()));
    }

    private final StepBuckets buckets = new StepBuckets(COLUMNS.size());
    private final BitSet workers = new BitSet();
    private final double[] row = new double[COLUMNS.size()];
    private StepBuckets lastStepOnly = new StepBuckets(COLUMNS.size());
    private long rows;
    private long lastStep;
    private long notFinite;
    private double seconds;
    private long timedRows;

    private MetricsReader() {}

    /**
     * @return the metrics, with 0 rows if the run has none
     * @throws InvalidRequestException if a line is damaged; the message names file and line
     */
    static Metrics read(RunFolder run) throws IOException {
        MetricsReader reader = new MetricsReader();
        for (Path path : run.list("metrics", ".jsonl")) {
            reader.read(run, path);
        }
        return reader.metrics();
    }

    private void read(RunFolder run, Path path) throws IOException {
        Text line = new Text();
        try (LineReader lines = new LineReader(run.open(path))) {
            for (long number = 1; lines.readLine(line, LONGEST_LINE + 1, LONGEST_LINE + 1) > 0; number++) {
                if (line.getLength() > LONGEST_LINE) {
                    throw damaged(path, number, "it has more than " + LONGEST_LINE + " bytes", null);
                }
                if (line.toString().isBlank()) {
                    continue;
                }
                try (JsonParser parser = JSON.createParser(line.getBytes(), 0, line.getLength())) {
                    add(parser);
                } catch (JsonProcessingException e) {
                    throw damaged(path, number, e.getOriginalMessage(), e);
                } catch (IllegalArgumentException e) {
                    throw damaged(path, number, e.getMessage(), e);
                }
            }
        }
    }

    private void add(JsonParser parser) throws IOException {
        long step = -1;
        long worker = -1;
        Arrays.fill(row, Double.NaN);
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw new IllegalArgumentException("it is not a JSON object");
        }
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case "step" -> step = whole(parser, name, Long.MAX_VALUE);
                case "worker" -> worker = whole(parser, name, MOST_WORKERS - 1);
                default -> {
                    Integer column = COLUMNS.get(name);
                    if (column == null) {
                        parser.skipChildren();
                    } else {
                        row[column] = number(parser, name);
                    }
                }
            }
        }
        if (parser.nextToken() != null) {
            throw new IllegalArgumentException("something follows the JSON object");
        }
        if (step < 0 || worker < 0) {
            throw new IllegalArgumentException("it has no " + (step < 0 ? "step" : "worker"));
        }
        count(step, (int) worker);
    }

    private void count(long step, int worker) {
        rows++;
        workers.set(worker);
        buckets.add(step, row);
        if (step > lastStep) {
            lastStep = step;
            lastStepOnly = new StepBuckets(COLUMNS.size());
        }
        if (step == lastStep) {
            lastStepOnly.add(step, row);
        }
        double time = row[COLUMNS.get("seconds")];
        if (!Double.isNaN(time)) {
            seconds += time;
            timedRows++;
        }
    }

    private static long whole(JsonParser parser, String name, long most) throws IOException {
        if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT || parser.getLongValue() < 0 || parser.getLongValue() > most) {
            throw new IllegalArgumentException(name + " is not a whole number from 0 to " + most);
        }
        return parser.getLongValue();
    }

    /** The number, or NaN, counted, if it is not finite; writers that know no NaN put null or a string for it. */
    private double number(JsonParser parser, String name) throws IOException {
        double value = switch (parser.currentToken()) {
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_NULL -> Double.NaN;
            case VALUE_STRING -> notANumber(parser.getText(), name);
            default -> throw new IllegalArgumentException(name + " is not a number");
        };
        if (!Double.isFinite(value)) {
            notFinite++;
            return Double.NaN;
        }
        return value;
    }

    private static double notANumber(String text, String name) {
        return switch (text) {
            case "NaN", "Infinity", "-Infinity" -> Double.NaN;
            default -> throw new IllegalArgumentException(name + " is not a number");
        };
    }

    private Metrics metrics() {
        Map<String, Curve> curves = new LinkedHashMap<>();
        Map<String, Double> last = new HashMap<>();
        COLUMNS.forEach((name, column) -> {
            curves.put(name, buckets.curve(column));
            Curve end = lastStepOnly.curve(column);
            if (!end.isEmpty()) {
                last.put(name, end.last());
            }
        });
        OptionalDouble meanSeconds = timedRows == 0 ? OptionalDouble.empty() : OptionalDouble.of(seconds / timedRows);
        return new Metrics(rows, lastStep, workers.cardinality(), buckets.width(), notFinite, meanSeconds, curves, last);
    }

    private static InvalidRequestException damaged(Path path, long line, String why, Exception cause) {
        return new InvalidRequestException(path + " line " + line + " is damaged: " + why + "; remove the line or restore the file", cause);
    }
}
