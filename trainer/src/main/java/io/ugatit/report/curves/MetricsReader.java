package io.ugatit.report.curves;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.checkpoint.log.MetricsLog;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import io.ugatit.report.chart.Curve;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Condenses a run's metrics row by row; memory does not grow with the number of rows. Use once, in one thread. */
public final class MetricsReader {
    private static final List<String> NAMES = Metrics.NAMES;
    /** What is not counted beyond this is a damaged file, not a cluster. */
    private static final int MOST_WORKERS = 1 << 16;
    private static final Set<String> NOT_FINITE = Set.of("NaN", "Infinity", "-Infinity");

    private final StepBuckets buckets;
    private final Set<Long> workers = new TreeSet<>();
    private final double[] numbers = new double[NAMES.size()];
    private StepBuckets lastStepOnly = new StepBuckets(NAMES.size(), 2);
    private long rows;
    private long lastStep;
    private long notFinite;

    private MetricsReader(int mostPoints) {
        buckets = new StepBuckets(NAMES.size(), mostPoints);
    }

    /**
     * Reads all metrics of a run, which may still be training.
     *
     * @param run the run
     * @param mostPoints of a curve, at least 2; where there are more steps, a point is a mean of several
     * @return the metrics, with 0 rows if the run has none
     * @throws InvalidRequestException if a line is damaged; the message names file and line
     * @throws JobFailedException if the file system fails
     */
    public static Metrics read(RunDirectory run, int mostPoints) {
        MetricsReader reader = new MetricsReader(mostPoints);
        new MetricsLog(run).forEach(row -> {
            try {
                reader.add(row);
            } catch (IllegalArgumentException e) {
                throw new InvalidRequestException(run.metrics() + ": the row of step " + row.path("step").asText() + " and worker "
                        + row.path("worker").asText() + " is damaged: " + e.getMessage(), e);
            }
        });
        return reader.metrics();
    }

    private void add(ObjectNode row) {
        for (int i = 0; i < numbers.length; i++) {
            JsonNode value = row.get(NAMES.get(i));
            numbers[i] = value == null ? Double.NaN : number(value, NAMES.get(i));
        }
        workers.add(row.get("worker").longValue());
        if (workers.size() > MOST_WORKERS) {
            throw new IllegalArgumentException("it is of worker number " + workers.size() + "; at most " + MOST_WORKERS + " are counted");
        }
        count(row.get("step").longValue());
    }

    private void count(long step) {
        rows++;
        buckets.add(step, numbers);
        if (step > lastStep) {
            lastStep = step;
            lastStepOnly = new StepBuckets(NAMES.size(), 2);
        }
        if (step == lastStep) {
            lastStepOnly.add(step, numbers);
        }
    }

    /**
     * The number, or NaN, counted, if it is not finite, or so large that it might as well not be; JSON knows no NaN, so a diverged run's log has a
     * string or null for it.
     */
    private double number(JsonNode value, String name) {
        if (value.isNumber() && Curve.canHold(value.doubleValue())) {
            return value.doubleValue();
        } else if (value.isNumber() || value.isNull() || value.isTextual() && NOT_FINITE.contains(value.textValue())) {
            notFinite++;
            return Double.NaN;
        }
        throw new IllegalArgumentException(name + " is not a number");
    }

    private Metrics metrics() {
        Map<String, Curve> curves = new LinkedHashMap<>();
        Map<String, Double> last = new HashMap<>();
        for (int i = 0; i < numbers.length; i++) {
            curves.put(NAMES.get(i), buckets.curve(i));
            Curve end = lastStepOnly.curve(i);
            if (!end.isEmpty()) {
                last.put(NAMES.get(i), end.last());
            }
        }
        return new Metrics(rows, lastStep, workers.size(), buckets.width(), notFinite, curves, last);
    }
}
