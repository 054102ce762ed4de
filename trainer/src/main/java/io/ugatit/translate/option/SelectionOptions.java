package io.ugatit.translate.option;

import io.ugatit.job.InvalidRequestException;
import java.io.Serializable;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.Option;

/**
 * Which images of the input are translated.
 *
 * @param limit how many at most, at least 1; null for all
 * @param sample with {@code limit}: seed of a random choice; null for the first by name
 * @param dryRun whether only to say what would be done
 */
public record SelectionOptions(
        @Option(names = "--limit", paramLabel = "N",
                description = "translate only the first so many images by name (default: all)") Integer limit,
        @Option(names = "--sample", paramLabel = "SEED", description = "with --limit: a random choice of images, the same for the same seed"
                + " and images (default: the first by name)") Long sample,
        @Option(names = "--dry-run", description = "write nothing, say what would be done and how long it would take, as measured on a few"
                + " images (default: translate)") boolean dryRun) implements Serializable {

    /** All images. */
    public static final SelectionOptions DEFAULT = new SelectionOptions(null, null, false);

    /** @throws InvalidRequestException if the limit is less than 1, or there is a seed without a limit */
    public SelectionOptions {
        if (limit != null && limit < 1) {
            throw new InvalidRequestException("--limit is " + limit + ": must be at least 1");
        }
        if (sample != null && limit == null) {
            throw new InvalidRequestException("--sample is for --limit only: say how many images with that, or leave --sample out");
        }
    }

    /**
     * Chooses.
     *
     * @param images all there are, ordered by name
     * @return those that are wanted, in the same order
     */
    public <T> List<T> choose(List<T> images) {
        if (limit == null || limit >= images.size()) {
            return images;
        }
        if (sample == null) {
            return images.subList(0, limit);
        }
        List<Integer> numbers = IntStream.range(0, images.size()).boxed().collect(Collectors.toList());
        Collections.shuffle(numbers, new Random(sample));
        return numbers.subList(0, limit).stream().sorted().map(images::get).toList();
    }
}
