package io.ugatit.prep.version;

import io.ugatit.dataset.Domain;
import io.ugatit.dataset.Split;
import io.ugatit.image.PerceptualHash;
import io.ugatit.input.LeftOut;
import io.ugatit.prep.source.SourceFile;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Train images that look like a test image of their domain: copies that were compressed, scaled or brightened, and views of one thing.
 * Whoever is judged by what is almost what it learnt from is judged too well.
 */
public final class NearDuplicates {
    /**
     * In how many of the 64 bits the perceptual hashes of two images may differ, for them to look alike. Measured on the images of the demo:
     * of copies that were halved, brightened or compressed to JPEG's quality 50 it finds 94 % in domain A and 80 % in B, where half of an
     * image is the mirror of the other; of pairs of different emoji it takes 0.1 % for copies, which are the same drawing in other colours.
     * With 6 bits that would be 99 %, 88 % and 0.3 %. Comparing the brightness of neighbours (dHash) takes five times as many.
     */
    static final int DISTANCE = 4;

    private NearDuplicates() {}

    /**
     * Compares the version's images.
     *
     * @param files of which the train images that look like a test image are left out, if so asked
     * @param policy whether they are
     * @return a line for each domain that has some
     */
    public static List<String> find(FileTable files, NearDuplicatePolicy policy) {
        List<String> lines = new ArrayList<>();
        for (Domain domain : Domain.values()) {
            Examples examples = find(files, domain, policy);
            if (examples.count() > 0) {
                lines.add(String.format("warning: %d of the images in %s %s like one in %s (at most %d of the %d bits of their perceptual "
                        + "hashes differ)%s: %s", examples.count(), SourceFile.folder(domain, Split.TRAIN),
                        examples.count() == 1 ? "looks" : "look", SourceFile.folder(domain, Split.TEST), DISTANCE, PerceptualHash.BITS,
                        policy == NearDuplicatePolicy.DROP ? " and are left out of training"
                                : ", which --near-duplicates drop leaves out of training", examples));
            }
        }
        return lines;
    }

    private static Examples find(FileTable files, Domain domain, NearDuplicatePolicy policy) {
        int[] tests = images(files, domain, Split.TEST);
        LookIndex index = new LookIndex(IntStream.of(tests).mapToLong(i -> files.stored(i).look()).toArray(), DISTANCE);
        Examples examples = new Examples();
        for (int train : images(files, domain, Split.TRAIN)) {
            long look = files.stored(train).look();
            int nearest = index.nearest(look);
            if (nearest >= 0) {
                String test = files.file(tests[nearest]).name();
                int distance = PerceptualHash.distance(look, files.stored(tests[nearest]).look());
                examples.add(files.file(train).name() + " and " + test + " (" + distance + ")");
                if (policy == NearDuplicatePolicy.DROP) {
                    files.leaveOut(train, new LeftOut(files.file(train).name(), LeftOut.Kind.NEAR_DUPLICATE, "looks like " + test
                            + ", which is there to judge by: " + distance + " of " + PerceptualHash.BITS + " bits differ"));
                }
            }
        }
        return examples;
    }

    private static int[] images(FileTable files, Domain domain, Split split) {
        return IntStream.range(files.firstOf(domain, split), files.endOf(domain, split)).filter(files::isImage).toArray();
    }
}
