package io.ugatit.report.curves;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.checkpoint.log.MetricsLog;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import io.ugatit.model.RhoLayer;
import io.ugatit.report.chart.Curve;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** Condenses what a run's rounds took, row by row; memory does not grow with the number of rows. Use once, in one thread. */
public final class RoundsReader {
    private static final int SECONDS = 0;
    private static final int AVERAGING = 1;
    private static final int IMAGES = 2;
    private static final int PEAK = 3;
    private static final int FIRST_RHO = 4;
    /** Of both generators: more is a damaged file, not a network. */
    private static final int MOST_RHO = 1024;

    private final int mostPoints;
    private final List<RhoLayer> layers = new ArrayList<>();
    private StepBuckets buckets;
    private long count;
    private double seconds;
    private OptionalDouble mostBytes = OptionalDouble.empty();
    private String firstTime = "";
    private String lastTime = "";

    private RoundsReader(int mostPoints) {
        this.mostPoints = mostPoints;
    }

    /**
     * Reads what is known of all rounds of a run, which may still be training.
     *
     * @param run the run
     * @param mostPoints of a curve, at least 2; where there are more rounds, a point is a mean of several, of memory the most
     * @return with 0 rounds if nothing is known
     * @throws InvalidRequestException if a line is damaged; the message names the file and the row's step
     * @throws JobFailedException if the file system fails
     */
    public static Rounds read(RunDirectory run, int mostPoints) {
        RoundsReader reader = new RoundsReader(mostPoints);
        MetricsLog.ofRounds(run).forEach(row -> {
            try {
                reader.add(row);
            } catch (IllegalArgumentException | DateTimeParseException e) {
                throw new InvalidRequestException(run.rounds() + ": the row of step " + row.path("step").asText() + " is damaged: "
                        + e.getMessage(), e);
            }
        });
        return reader.rounds();
    }

    private void add(ObjectNode row) {
        JsonNode rho = row.path("rho");
        if (buckets == null) {
            if (rho.size() > MOST_RHO) {
                throw new IllegalArgumentException("it has rho of " + rho.size() + " layers; at most " + MOST_RHO + " are read");
            }
            rho.fieldNames().forEachRemaining(name -> RhoLayer.of(name).ifPresent(layers::add));
            buckets = new StepBuckets(FIRST_RHO + layers.size(), mostPoints);
        }
        double[] numbers = new double[FIRST_RHO + layers.size()];
        numbers[SECONDS] = number(row, "seconds");
        numbers[AVERAGING] = number(row, "averaging_seconds");
        numbers[IMAGES] = number(row, "images_per_second") * numbers[SECONDS];
        numbers[PEAK] = row.has("peak_bytes") ? number(row, "peak_bytes") : Double.NaN;
        if (!Double.isNaN(numbers[PEAK])) {
            mostBytes = OptionalDouble.of(Math.max(mostBytes.orElse(0), numbers[PEAK]));
        }
        for (int i = 0; i < layers.size(); i++) {
            numbers[FIRST_RHO + i] = number(rho, layers.get(i).parameter());
        }
        lastTime = Instant.parse(row.path("time").asText()).toString();
        firstTime = count == 0 ? lastTime : firstTime;
        count++;
        seconds += numbers[SECONDS];
        buckets.add(row.get("step").longValue(), numbers);
    }

    private static double number(JsonNode row, String name) {
        JsonNode value = row.path(name);
        if (value.isNumber() && Curve.canHold(value.doubleValue())) {
            return value.doubleValue();
        }
        throw new IllegalArgumentException(name + (value.isNumber() ? " is too large" : " is not a number"));
    }

    private Rounds rounds() {
        if (buckets == null) {
            Curve none = new Curve(new double[0], new double[0]);
            return new Rounds(0, 0, "", "", none, none, none, mostBytes, Map.of());
        }
        Map<RhoLayer, Curve> rho = new LinkedHashMap<>();
        for (int i = 0; i < layers.size(); i++) {
            rho.put(layers.get(i), buckets.curve(FIRST_RHO + i));
        }
        // of sums, so that a long round weighs as much as the time it took
        return new Rounds(count, seconds, firstTime, lastTime, ratio(IMAGES, 1), ratio(AVERAGING, 100), buckets.peaks(PEAK), mostBytes, rho);
    }

    private Curve ratio(int column, double factor) {
        Curve above = buckets.curve(column);
        Curve time = buckets.curve(SECONDS);
        double[] values = new double[time.values().length];
        for (int i = 0; i < values.length; i++) {
            values[i] = time.values()[i] > 0 ? factor * above.values()[i] / time.values()[i] : 0;
        }
        return new Curve(time.steps(), values);
    }
}
