package io.ugatit.report.dataset;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** Counts values by rounding them; its memory depends on how many different ones there are. Not thread-safe. */
final class Distribution {
    private final double perUnit;
    private final TreeMap<Long, Long> counts = new TreeMap<>();
    private long count;
    private double sum;
    private double squares;

    /** @param perUnit how many different values there are from one whole number to the next */
    Distribution(int perUnit) {
        this.perUnit = perUnit;
    }

    void add(double value) {
        counts.merge(Math.round(value * perUnit), 1L, Long::sum);
        count++;
        sum += value;
        squares += value * value;
    }

    /** Of at least one value. */
    Spread spread() {
        double mean = sum / count;
        return new Spread(mean, Math.sqrt(Math.max(0, squares / count - mean * mean)), quantile(0), quantile(0.05), quantile(0.25),
                quantile(0.5), quantile(0.75), quantile(0.95), quantile(1));
    }

    /** The least value that at least this share of all do not exceed. */
    private double quantile(double share) {
        long wanted = Math.max(1, (long) Math.ceil(share * count));
        long seen = 0;
        for (Map.Entry<Long, Long> entry : counts.entrySet()) {
            seen += entry.getValue();
            if (seen >= wanted) {
                return entry.getKey() / perUnit;
            }
        }
        throw new IllegalStateException("no values were added");
    }

    /** The share of values in each of some bins of equal width from 0 to {@code end}; what is outside counts to the nearest. */
    double[] shares(int bins, double end) {
        long[] inBin = new long[bins];
        counts.forEach((value, number) -> {
            int bin = (int) Math.floor(value / perUnit * bins / end);
            inBin[Math.max(0, Math.min(bins - 1, bin))] += number;
        });
        return Arrays.stream(inBin).mapToDouble(number -> (double) number / count).toArray();
    }
}
