package io.ugatit.faults;

import java.io.IOException;
import java.util.regex.Pattern;

/** A job that is struck by faults. */
interface Job {
    /** Makes what the job needs, and what it has published before. */
    void prepare(Place place) throws IOException;

    /** Does all of it, or what is left of it after a fault. */
    void run(Place place) throws IOException;

    /** Reads what there is, and fails if any of it is not whole, or what was published before is gone. */
    void read(Place place) throws IOException;

    /** Files whose bytes depend on when or how often the job was started, by their paths in the place. */
    default Pattern leftOut() {
        return Pattern.compile("(?!)");
    }

    /** Files that a job may end without, having said so, if they cannot be written or what they are made of cannot be read. */
    default Pattern dispensable() {
        return Pattern.compile("(?!)");
    }

    /** Adds what of a file does not depend on that, to what the job has made. */
    default void add(String name, byte[] content, Contents made) throws IOException {
        made.add(name, content);
    }
}
