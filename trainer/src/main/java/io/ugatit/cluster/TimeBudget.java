package io.ugatit.cluster;

import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.checkpoint.log.MetricsLog;
import java.util.concurrent.TimeUnit;

/**
 * How long a run may train: the rounds that are in it count, with the waits between them, over all its starts; those that were lost with a
 * killed job do not.
 */
final class TimeBudget {
    private static final double SECONDS_AN_HOUR = TimeUnit.HOURS.toSeconds(1);

    private final double limit;
    private double seconds;

    private TimeBudget(double limit) {
        this.limit = limit;
    }

    /**
     * That of a run whose rounds are those it goes on after.
     *
     * @param hours above 0; 0 for no limit
     */
    static TimeBudget of(double hours, RunDirectory run) {
        TimeBudget budget = new TimeBudget(hours == 0 ? Double.POSITIVE_INFINITY : hours * SECONDS_AN_HOUR);
        if (hours > 0) {
            MetricsLog.ofRounds(run).forEach(round -> budget.spend(
                    round.path(round.has("elapsed_seconds") ? "elapsed_seconds" : "seconds").asDouble()));
        }
        return budget;
    }

    /** Counts a round, and what was waited for before it. */
    void spend(double more) {
        seconds += more;
    }

    /** Whether no round is to begin any more. */
    boolean isSpent() {
        return seconds >= limit;
    }
}
