package io.ugatit.storage;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * What a store's listing does not know yet: objects made a moment ago, and those removed a moment ago. A moment is a number of operations, of
 * which some pass, by a seed, before the listing learns of a change.
 */
final class Listing {
    private final Map<Path, Long> made = new HashMap<>();
    private final Map<Path, Gone> gone = new HashMap<>();
    private final Random random;
    private final int longest;
    private long now;

    private record Gone(FileStatus status, long until) {}

    /** @param longest the most operations that a listing lags behind; 0 for a listing that always tells what is */
    Listing(long seed, int longest) {
        this.random = new Random(seed);
        this.longest = longest;
    }

    void tick() {
        now++;
    }

    private long until() {
        return now + (longest == 0 ? 0 : random.nextInt(longest + 1));
    }

    void made(Path object, boolean isNew) {
        if (isNew && !listsGone(object)) {
            made.put(object, until());
        }
        gone.remove(object);
    }

    void removed(FileStatus object) {
        if (!isHidden(object.getPath())) {
            gone.put(object.getPath(), new Gone(object, until()));
        }
        made.remove(object.getPath());
    }

    private boolean listsGone(Path object) {
        return gone.containsKey(object) && gone.get(object).until() > now;
    }

    /** Whether an object that is there is not listed yet. */
    boolean isHidden(Path object) {
        return made.getOrDefault(object, 0L) > now;
    }

    /** The objects that are listed and not there, by their paths. */
    Map<Path, FileStatus> ghosts() {
        Map<Path, FileStatus> ghosts = new HashMap<>();
        gone.forEach((path, object) -> {
            if (object.until() > now) {
                ghosts.put(path, object.status());
            }
        });
        return ghosts;
    }
}
