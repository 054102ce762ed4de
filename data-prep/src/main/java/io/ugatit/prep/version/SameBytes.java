package io.ugatit.prep.version;

import io.ugatit.dataset.Domain;
import io.ugatit.dataset.Split;
import io.ugatit.input.LeftOut;
import io.ugatit.prep.source.SourceFile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What follows from files that are the same byte for byte. In one folder the first by name is the one that counts. An image that is in
 * train and test of a domain stays in test: the model would else be judged by what it learnt from. Images in both domains stay, and are told.
 */
public final class SameBytes {
    private final FileTable files;
    /** Files of one content each, at least two, in order; ordered by their first. */
    private final List<List<Integer>> groups;

    private SameBytes(FileTable files, List<List<Integer>> groups) {
        this.files = files;
        this.groups = groups;
    }

    /**
     * Draws the conclusions.
     *
     * @param files of which those are left out that do not count
     * @return warnings: one line each for leaks from test to train and for images of both domains
     */
    public static List<String> leaveOut(FileTable files) {
        SameBytes same = new SameBytes(files, groups(files));
        same.leaveDuplicatesOut();
        List<String> warnings = new ArrayList<>();
        for (Domain domain : Domain.values()) {
            same.leaveLeaksOut(domain, warnings);
        }
        same.tellOfBothDomains(warnings);
        return warnings;
    }

    /** By sorting, half a hash and the index in eight bytes: a map of a million hashes would take a hundred times that. */
    private static List<List<Integer>> groups(FileTable files) {
        long[] keys = IntStream.range(0, files.size()).filter(i -> files.digest(i) != null)
                .mapToLong(i -> files.digest(i).a() & ~0xFFFFFFFFL | i).sorted().toArray();
        List<List<Integer>> groups = new ArrayList<>();
        for (int from = 0, to; from < keys.length; from = to) {
            for (to = from + 1; to < keys.length && keys[to] >> Integer.SIZE == keys[from] >> Integer.SIZE;) {
                to++;
            }
            if (to - from > 1) {
                Map<FileDigest, List<Integer>> same = new LinkedHashMap<>();
                Arrays.stream(keys, from, to).mapToInt(key -> (int) key)
                        .forEach(i -> same.computeIfAbsent(files.digest(i), unused -> new ArrayList<>()).add(i));
                same.values().stream().filter(group -> group.size() > 1).forEach(groups::add);
            }
        }
        groups.sort(Comparator.comparing(group -> group.get(0)));
        return groups;
    }

    private void leaveDuplicatesOut() {
        for (List<Integer> group : groups) {
            int first = group.get(0);
            for (int i : group) {
                if (SourceFile.isSameFolder(files.file(first), files.file(i))) {
                    if (i != first) {
                        files.leaveOut(i, new LeftOut(files.file(i).name(), LeftOut.Kind.DUPLICATE,
                                "the same bytes as " + files.file(first).name()));
                    }
                } else {
                    first = i;
                }
            }
        }
    }

    private void leaveLeaksOut(Domain domain, List<String> warnings) {
        Examples examples = new Examples();
        for (List<Integer> group : groups) {
            int train = first(group, domain, Split.TRAIN);
            int test = first(group, domain, Split.TEST);
            if (train >= 0 && test >= 0) {
                files.leaveOut(train, new LeftOut(files.file(train).name(), LeftOut.Kind.LEAK,
                        "the same bytes as " + files.file(test).name() + ", which is there to judge by"));
                examples.add(files.file(train).name() + " is " + files.file(test).name());
            }
        }
        if (examples.count() > 0) {
            warnings.add(String.format("warning: %d of the images in %s are in %s too, byte for byte, and are left out of training: %s",
                    examples.count(), SourceFile.folder(domain, Split.TRAIN), SourceFile.folder(domain, Split.TEST), examples));
        }
    }

    private void tellOfBothDomains(List<String> warnings) {
        Examples examples = new Examples();
        for (List<Integer> group : groups) {
            SourceFile a = files.file(group.get(0)); // domain A's come first, train before test
            group.stream().map(files::file).filter(file -> file.domain() != a.domain()).findFirst()
                    .ifPresent(b -> examples.add(a.name() + " is " + b.name()));
        }
        if (examples.count() > 0) {
            warnings.add(String.format("warning: %d of the images are in both domains, byte for byte: %s", examples.count(), examples));
        }
    }

    /** The group's first file of a folder; -1 if it has none there. */
    private int first(List<Integer> group, Domain domain, Split split) {
        return group.stream().mapToInt(i -> i)
                .filter(i -> files.file(i).domain() == domain && files.file(i).split() == split).findFirst().orElse(-1);
    }
}
