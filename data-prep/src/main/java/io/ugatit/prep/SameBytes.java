package io.ugatit.prep;

import io.ugatit.dataset.Domain;
import io.ugatit.dataset.Split;
import io.ugatit.input.LeftOut;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What follows from files that are the same byte for byte. In one folder the first by name is the one that counts. An image that is in
 * train and test of a domain stays in test: the model would else be judged by what it learnt from. Images in both domains stay, and are told.
 *
 * @param leftOut what not to use
 * @param warnings one line each for leaks from test to train and for images of both domains
 */
record SameBytes(Map<SourceFile, LeftOut> leftOut, List<String> warnings) {
    private static final int EXAMPLES = 3;

    /**
     * Draws the conclusions.
     *
     * @param hashes of the files that may be the same as another, in each folder ordered by source
     */
    static SameBytes of(Map<SourceFile, String> hashes) {
        Map<SourceFile, LeftOut> leftOut = new HashMap<>();
        Map<String, Copies> copies = new LinkedHashMap<>();
        hashes.forEach((file, hash) -> {
            SourceFile earlier = copies.computeIfAbsent(hash, unused -> new Copies()).add(file);
            if (earlier != null) {
                leftOut.put(file, new LeftOut(file.name(), LeftOut.Kind.DUPLICATE, "the same bytes as " + earlier.name()));
            }
        });
        List<String> warnings = new ArrayList<>();
        for (Domain domain : Domain.values()) {
            leaks(domain, copies, leftOut, warnings);
        }
        inBoth(copies, warnings);
        return new SameBytes(leftOut, warnings);
    }

    private static void leaks(Domain domain, Map<String, Copies> copies, Map<SourceFile, LeftOut> leftOut, List<String> warnings) {
        Examples examples = new Examples();
        for (Copies same : copies.values()) {
            SourceFile train = same.first(domain, Split.TRAIN);
            SourceFile test = same.first(domain, Split.TEST);
            if (train != null && test != null) {
                String reason = "the same bytes as " + test.name() + ", which is there to judge by";
                leftOut.put(train, new LeftOut(train.name(), LeftOut.Kind.LEAK, reason));
                examples.add(train, test);
            }
        }
        if (examples.count > 0) {
            warnings.add(String.format("warning: %d of the images in %s are in %s too, byte for byte, and are left out of training: %s",
                    examples.count, SourceFile.folder(domain, Split.TRAIN), SourceFile.folder(domain, Split.TEST), examples));
        }
    }

    private static void inBoth(Map<String, Copies> copies, List<String> warnings) {
        Examples examples = new Examples();
        for (Copies same : copies.values()) {
            SourceFile a = same.first(Domain.A);
            SourceFile b = same.first(Domain.B);
            if (a != null && b != null) {
                examples.add(a, b);
            }
        }
        if (examples.count > 0) {
            warnings.add(String.format("warning: %d of the images are in both domains, byte for byte: %s", examples.count, examples));
        }
    }

    /** Files of one content: the first of each folder. */
    private static final class Copies {
        private final SourceFile[] first = new SourceFile[Domain.values().length * Split.values().length];

        /** The file of the same folder that came first, if this is not it. */
        SourceFile add(SourceFile file) {
            int folder = index(file.domain(), file.split());
            SourceFile earlier = first[folder];
            if (earlier == null) {
                first[folder] = file;
            }
            return earlier;
        }

        SourceFile first(Domain domain, Split split) {
            return first[index(domain, split)];
        }

        SourceFile first(Domain domain) {
            SourceFile train = first(domain, Split.TRAIN);
            return train == null ? first(domain, Split.TEST) : train;
        }

        private static int index(Domain domain, Split split) {
            return domain.ordinal() * Split.values().length + split.ordinal();
        }
    }

    /** How many pairs there are, and the first of them. */
    private static final class Examples {
        private final List<String> pairs = new ArrayList<>();
        private long count;

        void add(SourceFile one, SourceFile other) {
            if (count++ < EXAMPLES) {
                pairs.add(one.name() + " is " + other.name());
            }
        }

        @Override
        public String toString() {
            return String.join(", ", pairs) + (count > EXAMPLES ? " and so on" : "");
        }
    }
}
