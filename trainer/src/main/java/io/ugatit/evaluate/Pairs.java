package io.ugatit.evaluate;

import static io.ugatit.job.Untrusted.quoted;

import io.ugatit.dataset.Domain;
import io.ugatit.dataset.FactsReader;
import io.ugatit.dataset.ImageDataset;
import io.ugatit.dataset.Split;
import io.ugatit.job.InvalidRequestException;
import java.io.Serializable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/**
 * Which test image of the other domain shows what one of a domain shows: the one of the same path below its folder, extensions aside.
 *
 * @param ofA for each test image of A the index of its partner in B, or -1; empty if there are no pairs
 * @param ofB likewise
 */
record Pairs(long[] ofA, long[] ofB) implements Serializable {
    private static final long NONE = -1;

    /** No pairs. */
    static Pairs none() {
        return new Pairs(new long[0], new long[0]);
    }

    /**
     * Finds the pairs of a data set by their names.
     *
     * @throws InvalidRequestException if there are none, or two test images of a domain have one name
     * @throws io.ugatit.job.JobFailedException if a shard is gone or damaged
     */
    static Pairs byName(ImageDataset dataset, Configuration configuration) {
        Map<String, Long> a = names(dataset, Domain.A, configuration);
        Map<String, Long> b = names(dataset, Domain.B, configuration);
        Pairs pairs = new Pairs(partners(a, b), partners(b, a));
        if (Arrays.stream(pairs.ofA).allMatch(partner -> partner == NONE)) {
            throw new InvalidRequestException("--pairs: no test image of A in " + dataset.path() + " has the name of one of B, extensions aside,"
                    + " such as testA/x.jpg and testB/x.png: name pairs alike, or leave --pairs out");
        }
        return pairs;
    }

    private static Map<String, Long> names(ImageDataset dataset, Domain domain, Configuration configuration) {
        Map<String, Long> names = new HashMap<>();
        long[] index = new long[1];
        FactsReader.sources(dataset, domain, Split.TEST, configuration, source -> {
            if (names.putIfAbsent(withoutExtension(source), index[0]++) != null) {
                throw new InvalidRequestException("--pairs: two test images of " + domain + " have the name " + quoted(withoutExtension(source))
                        + ", extensions aside, so it is not clear which is of a pair: rename one and prepare the images again");
            }
        });
        return names;
    }

    /** A dot that begins a name begins no extension. */
    static String withoutExtension(String source) {
        int dot = source.lastIndexOf('.');
        return dot > source.lastIndexOf('/') + 1 ? source.substring(0, dot) : source;
    }

    private static long[] partners(Map<String, Long> images, Map<String, Long> others) {
        long[] partners = new long[images.size()];
        images.forEach((name, index) -> partners[Math.toIntExact(index)] = others.getOrDefault(name, NONE));
        return partners;
    }

    /** The index of an image's partner in the other domain, or -1 if it has none. */
    long partner(Domain domain, long index) {
        long[] partners = domain == Domain.A ? ofA : ofB;
        return partners.length == 0 ? NONE : partners[Math.toIntExact(index)];
    }
}
