package io.ugatit.retrain;

import java.util.Locale;

/**
 * Whether a new run takes the place of the promoted one.
 *
 * @param promote whether it does
 * @param reason why or why not, in one line
 */
record Verdict(boolean promote, String reason) {

    /** Nothing to compare with. */
    static Verdict first() {
        return new Verdict(true, "the first run of the workspace");
    }

    /**
     * Compares mean KIDs of two runs on the same images; lower is better.
     *
     * @param tolerance share of the old one's size by which the new one may be higher
     */
    static Verdict compare(double newKid, double oldKid, double tolerance) {
        // KID is unbiased, so it may be below zero
        double limit = oldKid + tolerance * Math.abs(oldKid);
        boolean promote = newKid <= limit;
        return new Verdict(promote, String.format(Locale.ROOT, "mean KID %.6g is %s %.6g, the promoted run's %.6g with a tolerance of %s",
                newKid, promote ? "not above" : "above", limit, oldKid, tolerance));
    }
}
