package io.ugatit.soak;

import java.time.Duration;
import java.util.Locale;

/**
 * One fault of a plan.
 *
 * @param number from 1
 * @param kind what is done
 * @param target to which, from 0; 0 where there is only one
 * @param pause after the fault before was undone
 * @param lasting until it is undone; zero where nothing is
 */
record Fault(int number, FaultKind kind, int target, Duration pause, Duration lasting) {
    /** In a few words. */
    @Override
    public String toString() {
        return "fault " + number + ": " + kind.label() + (kind.isOneOfSeveral() ? " (" + target + ")" : "")
                + (kind.isLasting() ? String.format(Locale.ROOT, " for %.1f s", lasting.toMillis() / 1e3) : "");
    }
}
