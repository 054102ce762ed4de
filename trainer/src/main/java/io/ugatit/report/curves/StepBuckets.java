package io.ugatit.report.curves;

import io.ugatit.report.chart.Curve;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Averages rows of numbers into a limited number of buckets of consecutive steps, in one pass and in fixed memory: rows may come in any
 * order and number. The buckets start one step wide and double in width whenever there are too many. Not safe for concurrent use.
 */
final class StepBuckets {
    private final int columns;
    private final int most;
    private Map<Long, Bucket> buckets = new HashMap<>();
    private int shift;

    /**
     * @param columns numbers a row
     * @param most buckets, at least 2
     */
    StepBuckets(int columns, int most) {
        this.columns = columns;
        this.most = most;
    }

    /** Adds a row; a NaN stands for a number it does not have. */
    void add(long step, double[] row) {
        buckets.computeIfAbsent(step >> shift, key -> new Bucket(columns)).add(step, row);
        while (buckets.size() > most) {
            widen();
        }
    }

    /** Steps a bucket. */
    long width() {
        return 1L << shift;
    }

    /** One column's bucket means, each at the mean step of its bucket; empty if no row had a number there. */
    Curve curve(int column) {
        return curve(column, bucket -> bucket.sums[column] / bucket.counts[column]);
    }

    /** As {@link #curve(int)}, of the greatest numbers of the buckets: of a peak there is no mean. */
    Curve peaks(int column) {
        return curve(column, bucket -> bucket.peaks[column]);
    }

    private Curve curve(int column, ToDoubleFunction<Bucket> value) {
        double[][] points = buckets.values().stream()
                .filter(bucket -> bucket.counts[column] > 0)
                .map(bucket -> new double[] {bucket.steps / bucket.rows, value.applyAsDouble(bucket)})
                .sorted((a, b) -> Double.compare(a[0], b[0]))
                .toArray(double[][]::new);
        return new Curve(
                Arrays.stream(points).mapToDouble(point -> point[0]).toArray(),
                Arrays.stream(points).mapToDouble(point -> point[1]).toArray());
    }

    private void widen() {
        shift++;
        Map<Long, Bucket> wider = new HashMap<>();
        buckets.forEach((key, bucket) -> wider.merge(key >> 1, bucket, Bucket::plus));
        buckets = wider;
    }

    private static final class Bucket {
        private final double[] sums;
        private final double[] peaks;
        private final long[] counts;
        private double steps;
        private long rows;

        Bucket(int columns) {
            sums = new double[columns];
            peaks = new double[columns];
            Arrays.fill(peaks, Double.NEGATIVE_INFINITY);
            counts = new long[columns];
        }

        void add(long step, double[] row) {
            steps += step;
            rows++;
            for (int i = 0; i < sums.length; i++) {
                if (!Double.isNaN(row[i])) {
                    sums[i] += row[i];
                    peaks[i] = Math.max(peaks[i], row[i]);
                    counts[i]++;
                }
            }
        }

        Bucket plus(Bucket other) {
            steps += other.steps;
            rows += other.rows;
            for (int i = 0; i < sums.length; i++) {
                sums[i] += other.sums[i];
                peaks[i] = Math.max(peaks[i], other.peaks[i]);
                counts[i] += other.counts[i];
            }
            return this;
        }
    }
}
