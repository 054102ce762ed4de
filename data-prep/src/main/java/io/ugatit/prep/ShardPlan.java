package io.ugatit.prep;

import io.ugatit.dataset.Domain;
import io.ugatit.dataset.Split;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * The files that become one shard: a run of the files of a domain and split in reading order. How files fall into shards depends on their
 * number and the image size only, never on the cluster, so the same input gives the same shards everywhere.
 *
 * @param number the shard's number in its domain and split, from 0
 * @param side side in pixels of the stored images
 * @param files at least 1, in reading order
 */
record ShardPlan(int number, int side, List<SourceFile> files) implements Serializable {
    /** Up to this size of pixels (before compression) shards grow with the corpus. */
    private static final long MAX_SHARD_BYTES = 256L << 20;

    /** A small corpus is cut into this many shards, so that it is spread over a cluster too... */
    private static final int SHARDS_WANTED = 64;

    /** ...unless they would have fewer images than this. */
    private static final int MIN_SHARD_IMAGES = 16;

    /**
     * Cuts the files of one domain and split into shards of equal size.
     *
     * @param files in reading order
     * @param side side in pixels of the stored images
     */
    static List<ShardPlan> cut(List<SourceFile> files, int side) {
        long most = Math.max(1, MAX_SHARD_BYTES / (3L * side * side));
        long spread = Math.max(MIN_SHARD_IMAGES, (files.size() + SHARDS_WANTED - 1) / SHARDS_WANTED);
        int each = (int) Math.min(most, spread);
        List<ShardPlan> plans = new ArrayList<>();
        for (int from = 0; from < files.size(); from += each) {
            plans.add(new ShardPlan(plans.size(), side, new ArrayList<>(files.subList(from, Math.min(files.size(), from + each)))));
        }
        return plans;
    }

    Domain domain() {
        return files.get(0).domain();
    }

    Split split() {
        return files.get(0).split();
    }

    String fileName() {
        return String.format("part-%05d.zstd.parquet", number);
    }
}
