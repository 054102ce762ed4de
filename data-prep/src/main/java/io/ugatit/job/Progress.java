package io.ugatit.job;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.function.LongSupplier;

/**
 * The progress line of a long job, for example
 *
 * <pre>train 120/400 steps, 3.2/s, 1 min 28 s left, d 1.23 g 14.5</pre>
 *
 * <p>At most one line is printed per interval, each on a line of its own so that logs stay readable; the line that reaches the total is
 * always printed and says how long it took. The rate is the mean since construction. Thread-safe.
 */
public final class Progress {
    /** The time between two lines unless told otherwise. */
    public static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(5);

    private static final double NANOS_PER_SECOND = 1e9;

    private final String label;
    private final long total;
    private final String unit;
    private final PrintStream out;
    private final LongSupplier nanoClock;
    private final long intervalNanos;
    private final long startNanos;
    private final long startedAt;

    private long done;
    private long printedDone = -1;
    private long printedNanos;

    /**
     * Starts the clock at nothing done, with a line every {@link #DEFAULT_INTERVAL}.
     *
     * @param label what is running, the first word of the line
     * @param total how many units there are, 0 or more
     * @param unit what is counted, in the plural
     * @param out where the lines go
     * @param nanoClock the time in nanoseconds, as {@link System#nanoTime}
     */
    public Progress(String label, long total, String unit, PrintStream out, LongSupplier nanoClock) {
        this(label, 0, total, unit, out, nanoClock, DEFAULT_INTERVAL);
    }

    /**
     * Starts the clock.
     *
     * @param label what is running, the first word of the line
     * @param startedAt how many units an earlier run has done already, from 0 to {@code total}; they do not count in the rate
     * @param total how many units there are, 0 or more
     * @param unit what is counted, in the plural
     * @param out where the lines go
     * @param nanoClock the time in nanoseconds, as {@link System#nanoTime}
     * @param interval the least time between two lines; zero prints every change
     * @throws IllegalArgumentException if the numbers are out of range
     */
    public Progress(
            String label, long startedAt, long total, String unit, PrintStream out, LongSupplier nanoClock, Duration interval) {
        if (startedAt < 0 || total < startedAt) {
            throw new IllegalArgumentException("progress from " + startedAt + " to " + total + " is not possible");
        }
        this.label = Objects.requireNonNull(label);
        this.startedAt = startedAt;
        this.total = total;
        this.unit = Objects.requireNonNull(unit);
        this.out = Objects.requireNonNull(out);
        this.nanoClock = Objects.requireNonNull(nanoClock);
        this.intervalNanos = interval.toNanos();
        this.startNanos = nanoClock.getAsLong();
        this.printedNanos = startNanos;
        this.done = startedAt;
    }

    /** What is running. */
    String label() {
        return label;
    }

    /** Counts {@code units} more as done, without a detail text. */
    public void advance(long units) {
        advance(units, "");
    }

    /**
     * Counts more units as done.
     *
     * @param units how many, 0 or more
     * @param detail free text for the end of the line, such as losses; empty for none
     */
    public synchronized void advance(long units, String detail) {
        reach(done + units, detail);
    }

    /**
     * Says how many units are done in all.
     *
     * @param nowDone units done, those of an earlier run included
     * @param detail free text for the end of the line; empty for none
     */
    public synchronized void reach(long nowDone, String detail) {
        done = Math.min(nowDone, total);
        long now = nanoClock.getAsLong();
        boolean last = done >= total && printedDone < total;
        if (last || (done < total && now - printedNanos >= intervalNanos)) {
            out.println(line(now, detail));
            out.flush();
            printedDone = done;
            printedNanos = now;
        }
    }

    /**
     * Prints the last line if it has not been printed: everything is done.
     *
     * @param detail free text for the end of the line; empty for none
     */
    public void finish(String detail) {
        reach(total, detail);
    }

    private String line(long now, String detail) {
        double seconds = (now - startNanos) / NANOS_PER_SECOND;
        long units = done - startedAt;
        StringBuilder line = new StringBuilder(label).append(' ').append(done).append('/').append(total).append(' ').append(unit);
        if (units > 0 && seconds > 0) {
            line.append(", ").append(rate(units / seconds));
        }
        if (done >= total) {
            line.append(", took ").append(time(seconds));
        } else if (units > 0) {
            line.append(", ").append(time((total - done) * seconds / units)).append(" left");
        }
        return detail.isEmpty() ? line.toString() : line.append(", ").append(detail).toString();
    }

    private static String rate(double perSecond) {
        if (perSecond >= 10) {
            return String.format(Locale.ROOT, "%.0f/s", perSecond);
        }
        return perSecond >= 1
                ? String.format(Locale.ROOT, "%.1f/s", perSecond)
                : String.format(Locale.ROOT, "%.1f s each", 1 / perSecond);
    }

    /**
     * A length of time in its two largest units, for example {@code 1 min 28 s}.
     *
     * @param seconds 0 or more
     */
    public static String time(double seconds) {
        long s = Math.round(seconds);
        if (s < 60) {
            return s + " s";
        }
        if (s < 3600) {
            return s / 60 + " min " + s % 60 + " s";
        }
        return s < 86_400 ? s / 3600 + " h " + s % 3600 / 60 + " min" : s / 86_400 + " d " + s % 86_400 / 3600 + " h";
    }
}
