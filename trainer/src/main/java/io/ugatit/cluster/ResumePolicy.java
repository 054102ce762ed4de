package io.ugatit.cluster;

/** What to do if the run exists already. */
public enum ResumePolicy {
    /** Go on from its last checkpoint; start if there is none. */
    AUTO,
    /** Refuse: the run must be new. */
    NEVER,
    /** Refuse to start: there must be a checkpoint. */
    REQUIRED
}
