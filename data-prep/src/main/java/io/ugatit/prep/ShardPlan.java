package io.ugatit.prep;

import io.ugatit.dataset.Domain;
import io.ugatit.dataset.Shard;
import io.ugatit.dataset.ShardWriter;
import io.ugatit.dataset.Split;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.prep.source.SourceFile;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The files that become one shard: a run of the files of a domain and split in reading order. How files fall into shards depends on their
 * number, the image size and whether there are shards already, never on the cluster, so the same input gives the same shards everywhere.
 *
 * @param number the shard's number in its domain and split, from 0, those published before counted
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

    /** What is added night by night would become too many shards of so few. */
    private static final int MIN_ADDED_IMAGES = 256;

    private static final Pattern NAME = Pattern.compile("part-(\\d{5,9})\\..+");

    /**
     * Cuts the files of one domain and split into shards of equal size.
     *
     * @param files in reading order
     * @param side side in pixels of the stored images
     * @param first the number of the first shard
     */
    static List<ShardPlan> cut(List<SourceFile> files, int side, int first) {
        long most = Math.max(1, MAX_SHARD_BYTES / (3L * side * side));
        long least = first == 0 ? MIN_SHARD_IMAGES : MIN_ADDED_IMAGES;
        long spread = Math.max(least, (files.size() + SHARDS_WANTED - 1) / SHARDS_WANTED);
        int each = (int) Math.min(most, spread);
        int group = ShardWriter.rowGroupRows(side);
        each -= each > group ? each % group : 0; // a row group that is not full is read for less
        List<ShardPlan> plans = new ArrayList<>();
        for (int from = 0; from < files.size(); from += each) {
            List<SourceFile> own = new ArrayList<>(files.subList(from, Math.min(files.size(), from + each)));
            plans.add(new ShardPlan(first + plans.size(), side, own));
        }
        return plans;
    }

    /**
     * The number of the first shard to be added.
     *
     * @param published the shards that are there, in order
     */
    static int next(List<Shard> published) {
        if (published.isEmpty()) {
            return 0;
        }
        String last = published.get(published.size() - 1).file();
        Matcher name = NAME.matcher(last);
        if (!name.matches()) {
            throw new InvalidRequestException("the shard " + last + " has no number in its name: prepare the dataset anew, with another --output");
        }
        return Integer.parseInt(name.group(1)) + 1;
    }

    Domain domain() {
        return files.get(0).domain();
    }

    Split split() {
        return files.get(0).split();
    }

    String fileName() {
        return String.format(Locale.ROOT, "part-%05d.zstd.parquet", number);
    }
}
