package io.ugatit.prep;

import io.ugatit.dataset.ContentHash;
import io.ugatit.dataset.DatasetManifest;
import io.ugatit.dataset.Partition;
import io.ugatit.dataset.Shard;
import io.ugatit.input.LeftOut;
import io.ugatit.prep.source.Listing;
import io.ugatit.prep.source.SourceFile;
import io.ugatit.prep.version.FileTable;
import io.ugatit.prep.version.Published;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What the next version of a data set is to be made of, and what it became: all folders. Not thread-safe. */
final class VersionPlan {
    private final PrepOptions options;
    private final FileTable files;
    private final List<FolderPlan> folders;

    /**
     * Plans a version.
     *
     * @param options what is asked for
     * @param folders what was found, ordered by domain and split, those without files too
     * @param files all files, those left out that have the same bytes as others
     * @param before the version before, if there is one
     */
    VersionPlan(PrepOptions options, List<Listing> folders, FileTable files, Optional<Published> before) {
        this.options = options;
        this.files = files;
        this.folders = folders.stream()
                .map(folder -> new FolderPlan(folder, files,
                        before.map(published -> published.shards(folder.domain(), folder.split())).orElse(List.of()),
                        options.side(folder.split())))
                .filter(folder -> !folder.isEmpty())
                .toList();
    }

    /**
     * Makes sure that what is left out already allows a version, before hours are spent on the rest.
     *
     * @param seeAll how to see all that were left out, for messages
     * @throws io.ugatit.job.JobFailedException as {@link #manifest} will, whatever else is found
     */
    void requireEnough(String seeAll) {
        folders.forEach(folder -> folder.requireEnough(options.maxRejects(), seeAll));
    }

    /** The shards to write, in order. */
    List<ShardPlan> shards() {
        return folders.stream().flatMap(folder -> folder.plans().stream()).toList();
    }

    /**
     * Takes in what became of the shards.
     *
     * @param outcomes one for each shard, in order
     * @return the shards that were written, as paths relative to the data set
     */
    List<String> take(Iterator<ShardOutcome> outcomes) {
        List<String> written = new ArrayList<>();
        for (FolderPlan folder : folders) {
            for (Shard shard : folder.take(outcomes)) {
                written.add(DatasetManifest.folder(folder.domain(), folder.split()) + "/" + shard.file());
            }
        }
        return written;
    }

    /**
     * The version's manifest, when all is known.
     *
     * @param version its number
     * @param seeAll how to see all that were left out, for messages
     * @throws io.ugatit.job.JobFailedException if too many images are unreadable, or no image of a train folder is left
     */
    DatasetManifest manifest(int version, String seeAll) {
        List<Partition> partitions = folders.stream().map(folder -> folder.partition(options.maxRejects(), seeAll)).toList();
        ContentHash hash = new ContentHash(options.size(), options.loadSize(), options.resize(), options.store());
        for (int i = 0; i < files.size(); i++) {
            if (files.isImage(i)) {
                SourceFile file = files.file(i);
                hash.add(file.domain(), file.split(), file.source(), files.digest(i).hex());
            }
        }
        return new DatasetManifest(DatasetManifest.FORMAT_VERSION, version, options.size(), options.loadSize(), options.resize(),
                options.store(), partitions, hash.hex());
    }

    /** Everything that is no image of the version, folder by folder. */
    Stream<LeftOut> leftOut() {
        return folders.stream().flatMap(FolderPlan::leftOut);
    }
}
