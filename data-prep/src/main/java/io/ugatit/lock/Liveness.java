package io.ugatit.lock;

/** What can be told of a process from here. */
enum Liveness {
    /** It runs. */
    LIVES,
    /** It runs no more. */
    DEAD,
    /** It is out of sight: on another machine, in another container, or another user's. */
    UNKNOWN
}
