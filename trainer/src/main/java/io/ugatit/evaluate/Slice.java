package io.ugatit.evaluate;

import io.ugatit.dataset.Domain;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * The test images of one task: those of a domain that take part, spread evenly over all, from one number up to another.
 *
 * @param domain of the images
 * @param from number of the first, from 0
 * @param to number after the last, at most {@code count}
 * @param count how many take part in the whole job
 * @param available how many the data set has
 */
record Slice(Domain domain, int from, int to, int count, long available) implements Serializable {
    /** Of one task: 16 MB of features and translations' features. */
    private static final int MOST_IMAGES = 1000;

    /**
     * Cuts a domain's images into parts, in their order.
     *
     * @param parts how many at least, unless there are fewer images; more where a part would be so large that its features fill a task's memory
     */
    static List<Slice> cut(Domain domain, int count, long available, int parts) {
        int slices = Math.min(Math.max(parts, (count - 1) / MOST_IMAGES + 1), count);
        List<Slice> result = new ArrayList<>();
        for (int i = 0; i < slices; i++) {
            result.add(new Slice(domain, (int) ((long) i * count / slices), (int) ((i + 1L) * count / slices), count, available));
        }
        return result;
    }

    /** The index in the data set of an image by its number. */
    long index(int number) {
        return number * available / count;
    }
}
