package io.ugatit.prep;

import io.ugatit.dataset.Domain;
import io.ugatit.dataset.Partition;
import io.ugatit.dataset.Shard;
import io.ugatit.dataset.Split;
import io.ugatit.input.FolderContents;
import io.ugatit.input.LeftOut;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What is to be made of one input folder.
 *
 * @param domain the folder's domain
 * @param split the folder's split
 * @param listed what was left out when the folder was listed
 * @param sameBytes the files left out because of another one with the same bytes
 * @param shards the others, cut into shards
 */
record FolderPlan(Domain domain, Split split, List<LeftOut> listed, List<LeftOut> sameBytes, List<ShardPlan> shards) {

    /**
     * Plans a folder.
     *
     * @param folder what it holds
     * @param sameBytes what to leave out of this and other folders
     * @param side side in pixels of the stored images
     * @throws InvalidRequestException if this leaves nothing of a train folder
     */
    static FolderPlan of(Listing folder, SameBytes sameBytes, int side) {
        List<SourceFile> wanted = folder.files().stream().filter(file -> !sameBytes.leftOut().containsKey(file))
                .sorted(SourceFile.IN_READING_ORDER).toList();
        List<LeftOut> repeated = folder.files().stream().map(sameBytes.leftOut()::get).filter(Objects::nonNull).toList();
        if (wanted.isEmpty() && folder.split() == Split.TRAIN) {
            String train = SourceFile.folder(folder.domain(), Split.TRAIN);
            String test = SourceFile.folder(folder.domain(), Split.TEST);
            throw new InvalidRequestException("--input holds the same images in " + train + " and " + test
                    + ", byte for byte: no image must be both learnt from and judged by; take those of " + train + " out of " + test);
        }
        return new FolderPlan(folder.domain(), folder.split(), folder.leftOut(), repeated, ShardPlan.cut(wanted, side));
    }

    /** How many files are to be read. */
    long files() {
        return shards.stream().mapToLong(shard -> shard.files().size()).sum();
    }

    /**
     * The manifest's entry for what became of the plan.
     *
     * @param outcomes one for each shard, in order
     * @param maxRejects the share of the images that may be unreadable
     * @param seeAll how to see all that were left out, for the message
     * @throws JobFailedException if more are, or no image of a train folder is left
     */
    Partition partition(List<ShardOutcome> outcomes, double maxRejects, String seeAll) {
        List<Shard> written = outcomes.stream().map(ShardOutcome::shard).filter(Objects::nonNull).toList();
        List<LeftOut> rejects = allLeftOut(outcomes).filter(file -> file.kind() == LeftOut.Kind.REJECTED).toList();
        long images = written.stream().mapToLong(Shard::rows).sum();
        String folder = SourceFile.folder(domain, split);
        if (images == 0 && split == Split.TRAIN) {
            List<LeftOut> reasons = Stream.of(rejects, sameBytes, allLeftOut(outcomes).toList())
                    .filter(some -> !some.isEmpty()).findFirst().orElse(List.of());
            throw new JobFailedException("no image in " + folder + " could be read: " + FolderContents.examples(reasons)
                    + "; " + seeAll + "; nothing was published");
        }
        if (rejects.size() > maxRejects * (images + rejects.size())) {
            throw new JobFailedException(rejects.size() + " of " + (images + rejects.size()) + " images in " + folder
                    + " are unreadable, more than --max-rejects " + maxRejects + " allows: " + FolderContents.examples(rejects)
                    + "; " + seeAll + "; nothing was published");
        }
        Map<LeftOut.Kind, Long> counts = new EnumMap<>(LeftOut.Kind.class);
        allLeftOut(outcomes).forEach(file -> counts.merge(file.kind(), 1L, Long::sum));
        return new Partition(domain, split, images,
                counts.getOrDefault(LeftOut.Kind.DUPLICATE, 0L),
                counts.getOrDefault(LeftOut.Kind.REJECTED, 0L),
                counts.getOrDefault(LeftOut.Kind.NOT_AN_IMAGE, 0L),
                counts.getOrDefault(LeftOut.Kind.LEAK, 0L),
                counts.getOrDefault(LeftOut.Kind.HIDDEN, 0L),
                counts.getOrDefault(LeftOut.Kind.LINK, 0L),
                counts.getOrDefault(LeftOut.Kind.NO_REGULAR_FILE, 0L),
                written);
    }

    /** Everything that did not become an image: what the listing and then what the tasks left out, ordered by source, then the repeated. */
    Stream<LeftOut> allLeftOut(List<ShardOutcome> outcomes) {
        return Stream.concat(listed.stream(),
                Stream.concat(outcomes.stream().flatMap(outcome -> outcome.leftOut().stream()), sameBytes.stream()));
    }
}
