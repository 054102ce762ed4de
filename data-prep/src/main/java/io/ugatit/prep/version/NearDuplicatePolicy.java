package io.ugatit.prep.version;

/** What to do with train images that look like a test image of their domain. */
public enum NearDuplicatePolicy {
    /** Say how many there are. */
    REPORT,
    /** Say so, and leave them out of training. */
    DROP
}
