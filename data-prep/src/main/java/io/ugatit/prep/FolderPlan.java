package io.ugatit.prep;

import io.ugatit.dataset.Domain;
import io.ugatit.dataset.Partition;
import io.ugatit.dataset.Shard;
import io.ugatit.dataset.Split;
import io.ugatit.input.FolderContents;
import io.ugatit.input.LeftOut;
import io.ugatit.input.LeftOut.Kind;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import io.ugatit.prep.source.Listing;
import io.ugatit.prep.source.SourceFile;
import io.ugatit.prep.version.FileTable;
import io.ugatit.prep.version.StoredImage;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What is to be made of one input folder, and what became of it. Shards that were published stay; what is new goes into shards after them.
 * Not thread-safe.
 */
final class FolderPlan {
    /** Of a file alone; the others follow from other files. */
    private static final Set<Kind> UNUSABLE = EnumSet.of(Kind.REJECTED, Kind.NOT_AN_IMAGE);
    private static final Set<Kind> REPEATED = EnumSet.of(Kind.DUPLICATE, Kind.LEAK);

    private final Domain domain;
    private final Split split;
    private final FileTable files;
    private final List<LeftOut> listed;
    /** The folder's files are those from here... */
    private final int from;
    /** ...to before this. */
    private final int to;
    private final int[] toWrite;
    private final List<ShardPlan> plans;
    private final List<Shard> shards;

    /**
     * Plans a folder.
     *
     * @param folder what was found there
     * @param files all files, those left out that have the same bytes as others
     * @param published shards of the version before, in order
     * @param side side in pixels of the stored images
     * @throws InvalidRequestException if nothing is left of a train folder because all of it is in test
     */
    FolderPlan(Listing folder, FileTable files, List<Shard> published, int side) {
        this.domain = folder.domain();
        this.split = folder.split();
        this.files = files;
        this.listed = folder.leftOut();
        this.from = files.firstOf(domain, split);
        this.to = files.endOf(domain, split);
        this.toWrite = own().filter(files::isToWrite).boxed()
                .sorted(Comparator.comparing(files::file, SourceFile.IN_READING_ORDER)).mapToInt(Integer::intValue).toArray();
        this.shards = new ArrayList<>(published);
        this.plans = ShardPlan.cut(IntStream.of(toWrite).mapToObj(files::file).toList(), side, ShardPlan.next(published));
        if (split == Split.TRAIN && own().allMatch(i -> files.leftOut(i) != null) && own().anyMatch(i -> isLeak(files.leftOut(i)))) {
            String train = SourceFile.folder(domain, Split.TRAIN);
            String test = SourceFile.folder(domain, Split.TEST);
            throw new InvalidRequestException("--input holds the same images in " + train + " and " + test
                    + ", byte for byte: no image must be both learnt from and judged by; take those of " + train + " out of " + test);
        }
    }

    private static boolean isLeak(LeftOut leftOut) {
        return leftOut.kind() == Kind.LEAK;
    }

    private IntStream own() {
        return IntStream.range(from, to);
    }

    Domain domain() {
        return domain;
    }

    Split split() {
        return split;
    }

    /** Whether there is and was nothing. */
    boolean isEmpty() {
        return from == to && listed.isEmpty() && shards.isEmpty();
    }

    /** What is to be written. */
    List<ShardPlan> plans() {
        return plans;
    }

    /**
     * Takes in what became of the shards.
     *
     * @param outcomes one for each shard, in order; others may follow
     * @return the shards that were written
     */
    List<Shard> take(Iterator<ShardOutcome> outcomes) {
        List<Shard> written = new ArrayList<>();
        int next = 0;
        for (ShardPlan plan : plans) {
            ShardOutcome outcome = outcomes.next();
            Iterator<LeftOut> leftOut = outcome.leftOut().iterator();
            LeftOut out = leftOut.hasNext() ? leftOut.next() : null;
            int row = 0;
            for (SourceFile file : plan.files()) {
                int i = toWrite[next++];
                if (out != null && out.source().equals(file.name())) {
                    files.leaveOut(i, out);
                    out = leftOut.hasNext() ? leftOut.next() : null;
                } else {
                    WrittenImage image = outcome.images().get(row);
                    files.written(i, image.digest(), new StoredImage(shards.size(), row++, image.look()));
                }
            }
            if (outcome.shard() != null) {
                shards.add(outcome.shard());
                written.add(outcome.shard());
            }
        }
        return written;
    }

    /**
     * The manifest's entry, when all is known.
     *
     * @param maxRejects the share of the images that may be unreadable
     * @param seeAll how to see all that were left out, for the message
     * @throws JobFailedException if more are, or no image of a train folder is left
     */
    Partition partition(double maxRejects, String seeAll) {
        long images = own().filter(files::isImage).count();
        requireEnough(images, maxRejects, seeAll);
        Map<Kind, Long> counts = new EnumMap<>(Kind.class);
        leftOut().forEach(file -> counts.merge(file.kind(), 1L, Long::sum));
        return new Partition(domain, split, images,
                counts.getOrDefault(Kind.DUPLICATE, 0L),
                counts.getOrDefault(Kind.REJECTED, 0L),
                counts.getOrDefault(Kind.NOT_AN_IMAGE, 0L),
                counts.getOrDefault(Kind.LEAK, 0L),
                counts.getOrDefault(Kind.HIDDEN, 0L),
                counts.getOrDefault(Kind.LINK, 0L),
                counts.getOrDefault(Kind.NO_REGULAR_FILE, 0L),
                counts.getOrDefault(Kind.NEAR_DUPLICATE, 0L),
                shardsOfTheVersion());
    }

    /**
     * Makes sure that enough may be read, before any file is: if each that is to be read becomes an image.
     *
     * @param maxRejects the share of the images that may be unreadable
     * @param seeAll how to see all that were left out, for the message
     * @throws JobFailedException as {@link #partition} will, whatever else is found
     */
    void requireEnough(double maxRejects, String seeAll) {
        requireEnough(own().filter(i -> files.leftOut(i) == null).count(), maxRejects, seeAll);
    }

    private void requireEnough(long images, double maxRejects, String seeAll) {
        List<LeftOut> rejects = leftOut().filter(file -> file.kind() == Kind.REJECTED).toList();
        String folder = SourceFile.folder(domain, split);
        if (images == 0 && split == Split.TRAIN) {
            List<LeftOut> others = Stream.of(REPEATED, EnumSet.of(Kind.NEAR_DUPLICATE))
                    .flatMap(kinds -> leftOut().filter(file -> kinds.contains(file.kind()))).toList();
            List<LeftOut> reasons = Stream.of(rejects, others, leftOut().toList()).filter(some -> !some.isEmpty()).findFirst().orElse(List.of());
            throw new JobFailedException("no image in " + folder + (reasons == others ? " is left: " : " could be read: ")
                    + FolderContents.examples(reasons) + "; " + seeAll + "; nothing was published");
        }
        if (rejects.size() > maxRejects * (images + rejects.size())) {
            throw new JobFailedException(rejects.size() + " of " + (images + rejects.size()) + " images in " + folder
                    + " are unreadable, more than --max-rejects " + maxRejects + " allows: " + FolderContents.examples(rejects)
                    + "; " + seeAll + "; nothing was published");
        }
    }

    /** Absent is every row that no image of the version claims. */
    private List<Shard> shardsOfTheVersion() {
        BitSet[] present = new BitSet[shards.size()];
        for (int i = 0; i < present.length; i++) {
            present[i] = new BitSet();
        }
        own().filter(files::isImage).mapToObj(files::stored).forEach(image -> present[image.shard()].set(image.row()));
        List<Shard> now = new ArrayList<>();
        for (int i = 0; i < present.length; i++) {
            BitSet rows = present[i];
            int count = Math.toIntExact(shards.get(i).rows());
            now.add(shards.get(i).without(IntStream.range(0, count).filter(row -> !rows.get(row)).boxed().toList()));
        }
        return now;
    }

    /**
     * Everything that is no image of the version: what the listing left out, then what could not be used, then what has the same bytes as
     * another, then what looks like another, each ordered by source.
     */
    Stream<LeftOut> leftOut() {
        return Stream.concat(listed.stream(),
                Stream.of(UNUSABLE, REPEATED, EnumSet.of(Kind.NEAR_DUPLICATE)).flatMap(this::leftOut));
    }

    private Stream<LeftOut> leftOut(Set<Kind> kinds) {
        return own().mapToObj(files::leftOut).filter(file -> file != null && kinds.contains(file.kind()));
    }
}
