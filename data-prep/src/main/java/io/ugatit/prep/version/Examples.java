package io.ugatit.prep.version;

import io.ugatit.job.Untrusted;
import java.util.ArrayList;
import java.util.List;

/** For messages: how many there are, and the first three of them. Not thread-safe. */
final class Examples {
    private static final int NAMED = 3;

    private final List<String> named = new ArrayList<>();
    private long count;

    void add(String example) {
        if (count++ < NAMED) {
            named.add(Untrusted.printable(example));
        }
    }

    long count() {
        return count;
    }

    @Override
    public String toString() {
        return String.join(", ", named) + (count > NAMED ? " and so on" : "");
    }
}
