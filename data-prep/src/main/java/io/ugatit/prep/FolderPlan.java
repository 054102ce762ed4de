package io.ugatit.prep;

import io.ugatit.dataset.Domain;
import io.ugatit.dataset.Partition;
import io.ugatit.dataset.Shard;
import io.ugatit.dataset.Split;
import io.ugatit.job.JobFailedException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is to be made of one input folder.
 *
 * @param duplicates the files left out because they repeat an earlier one
 * @param shards the others, cut into shards
 */
record FolderPlan(List<LeftOut> duplicates, List<ShardPlan> shards) {
    private static final int REJECTS_TO_NAME = 3;

    /**
     * Plans a folder.
     *
     * @param files all of one domain and split, at least 1, ordered by source
     * @param duplicates files that repeat an earlier one, perhaps of other folders too
     * @param side side in pixels of the stored images
     */
    static FolderPlan of(List<SourceFile> files, List<LeftOut> duplicates, int side) {
        SourceFile any = files.get(0);
        List<LeftOut> own = duplicates.stream()
                .filter(repeat -> repeat.file().domain() == any.domain() && repeat.file().split() == any.split())
                .toList();
        Set<SourceFile> repeated = own.stream().map(LeftOut::file).collect(Collectors.toSet());
        List<SourceFile> wanted = files.stream().filter(file -> !repeated.contains(file)).toList();
        return new FolderPlan(own, ShardPlan.cut(wanted, side));
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
     * @throws JobFailedException if more are, or no image of a train folder is left
     */
    Partition partition(List<ShardOutcome> outcomes, double maxRejects) {
        List<Shard> written = outcomes.stream().map(ShardOutcome::shard).filter(Objects::nonNull).toList();
        List<LeftOut> rejects = leftOut(outcomes).filter(file -> file.kind() == LeftOut.Kind.REJECTED).toList();
        long notImages = leftOut(outcomes).filter(file -> file.kind() == LeftOut.Kind.NOT_AN_IMAGE).count();
        long images = written.stream().mapToLong(Shard::rows).sum();
        String folder = SourceFile.folder(domain(), split());
        if (images == 0 && split() == Split.TRAIN) {
            throw new JobFailedException("no image in " + folder + " could be read: " + examples(rejects) + "; nothing was published");
        }
        if (rejects.size() > maxRejects * (images + rejects.size())) {
            throw new JobFailedException(rejects.size() + " of " + (images + rejects.size()) + " images in " + folder
                    + " are unreadable, more than --max-rejects " + maxRejects + " allows: " + examples(rejects)
                    + "; nothing was published");
        }
        return new Partition(domain(), split(), images, duplicates.size(), rejects.size(), notImages, written);
    }

    /** Every file that did not become an image: those the tasks left out, ordered by source, then the duplicates. */
    Stream<LeftOut> allLeftOut(List<ShardOutcome> outcomes) {
        return Stream.concat(leftOut(outcomes), duplicates.stream());
    }

    private static Stream<LeftOut> leftOut(List<ShardOutcome> outcomes) {
        return outcomes.stream().flatMap(outcome -> outcome.leftOut().stream());
    }

    private static String examples(List<LeftOut> rejects) {
        String named = rejects.stream()
                .limit(REJECTS_TO_NAME)
                .map(file -> file.source() + " (" + file.reason() + ")")
                .collect(Collectors.joining(", "));
        return rejects.size() > REJECTS_TO_NAME ? named + " and others" : named;
    }

    private Domain domain() {
        return shards.get(0).domain();
    }

    private Split split() {
        return shards.get(0).split();
    }
}
