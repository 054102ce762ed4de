package io.ugatit.dataset;

import io.ugatit.job.FileFailure;
import io.ugatit.job.JobFailedException;
import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.Path;

/**
 * Reads the images of one domain and split by their index, in the order that {@link Partition} tells. Whole row groups are read and kept, the
 * least recently used dropped first when the cache is full; a dataset that fits is read from disk once. With a smaller cache, reading in
 * the order of the index reads every row group once, and reading at random reads one for nearly every image.
 *
 * <p>Not thread-safe: one reader for each worker. Allocates a row group when it is first used, and nothing for a cached image.
 */
public final class ImageReader implements Closeable {
    /** Each holds a connection and a footer. */
    private static final int MAX_OPEN_SHARDS = 8;

    private final Path folder;
    private final List<Shard> shards;
    private final int side;
    private final Store store;
    private final Configuration conf;
    private final long cacheBytes;
    /** Per shard the index of its first image; one more at the end, the number of images. */
    private final long[] shardStart;
    private final Map<Integer, ShardFile> open = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<Group, DatasetImage[]> cache = new LinkedHashMap<>(16, 0.75f, true);
    private long cachedBytes;

    /**
     * Opens the images of a domain and split. No file is touched before the first image is read.
     *
     * @param dataset the dataset
     * @param domain the domain
     * @param split the split
     * @param conf the Hadoop configuration
     * @param cacheBytes how many bytes of pixels may be kept, 0 or more; the row group read last, at most 16 MB or one image, is kept
     *     anyway
     */
    public ImageReader(ImageDataset dataset, Domain domain, Split split, Configuration conf, long cacheBytes) {
        if (cacheBytes < 0) {
            throw new IllegalArgumentException("cacheBytes is " + cacheBytes + ": must be 0 or more");
        }
        this.folder = new Path(dataset.path(), DatasetManifest.folder(domain, split));
        this.shards = dataset.manifest().shards(domain, split);
        this.side = dataset.manifest().side(split);
        this.store = dataset.manifest().store();
        this.conf = conf;
        this.cacheBytes = cacheBytes;
        this.shardStart = new long[shards.size() + 1];
        for (int i = 0; i < shards.size(); i++) {
            shardStart[i + 1] = shardStart[i] + shards.get(i).images();
        }
    }

    /** How many images there are; 0 if the dataset has none of this domain and split. */
    public long count() {
        return shardStart[shards.size()];
    }

    /**
     * Reads an image.
     *
     * @param index from 0 to {@code count() - 1}
     * @return the image, whose pixels are shared with the cache
     * @throws IndexOutOfBoundsException if there is no such image
     * @throws JobFailedException if a shard is gone or damaged; the message names it
     */
    public DatasetImage read(long index) {
        Objects.checkIndex(index, count());
        int shard = shardOf(index);
        long row = rowOf(index - shardStart[shard], shards.get(shard).absent());
        int groupRows = ShardFormat.rowGroupRows(side);
        DatasetImage[] images = cached(new Group(shard, (int) (row / groupRows)));
        return images[(int) (row % groupRows)];
    }

    /** The last shard that starts at or before the index: one of which all is absent starts where the next one does. */
    private int shardOf(long index) {
        int low = 0;
        int high = shards.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (shardStart[middle] <= index) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /** The row of the image with a number among a shard's images. */
    private static long rowOf(long number, List<Integer> absent) {
        int low = 0;
        int high = absent.size();
        while (low < high) { // for the absent rows before it: before the i-th of them lie absent[i] - i images
            int middle = (low + high) >>> 1;
            if (absent.get(middle) - middle <= number) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return number + low;
    }

    /** Closes the files and empties the cache. */
    @Override
    public void close() throws IOException {
        cache.clear();
        cachedBytes = 0;
        List<ShardFile> files = new ArrayList<>(open.values());
        open.clear();
        for (ShardFile file : files) {
            file.close();
        }
    }

    private DatasetImage[] cached(Group group) {
        DatasetImage[] images = cache.get(group);
        if (images == null) {
            int groupRows = ShardFormat.rowGroupRows(side);
            long rows = Math.min(groupRows, shards.get(group.shard()).rows() - (long) group.number() * groupRows);
            makeRoom(rows * ShardFormat.pixelBytes(side));
            images = load(group);
            cache.put(group, images);
            cachedBytes += bytesOf(images);
        }
        return images;
    }

    private void makeRoom(long bytes) {
        Iterator<DatasetImage[]> leastRecentFirst = cache.values().iterator();
        while (cachedBytes + bytes > cacheBytes && leastRecentFirst.hasNext()) {
            cachedBytes -= bytesOf(leastRecentFirst.next());
            leastRecentFirst.remove();
        }
    }

    private long bytesOf(DatasetImage[] images) {
        return images.length * ShardFormat.pixelBytes(side);
    }

    private DatasetImage[] load(Group group) {
        Path file = new Path(folder, shards.get(group.shard()).file());
        try {
            ShardFile shard = open.get(group.shard());
            if (shard == null) {
                closeLeastRecent();
                shard = new ShardFile(file, shards.get(group.shard()), side, store, conf);
                open.put(group.shard(), shard);
            }
            return shard.read(group.number());
        } catch (FileNotFoundException e) {
            throw new JobFailedException("the shard " + file + " is gone although the manifest names it: prepare the dataset again", e);
        } catch (IOException | RuntimeException | FSError e) {
            // Parquet meets damage with unchecked exceptions too
            throw new JobFailedException(
                    "cannot read the shard " + file + " (" + FileFailure.reason(e) + "): if it is damaged, prepare the dataset again", e);
        }
    }

    private void closeLeastRecent() throws IOException {
        if (open.size() == MAX_OPEN_SHARDS) {
            Iterator<ShardFile> leastRecentFirst = open.values().iterator();
            ShardFile file = leastRecentFirst.next();
            leastRecentFirst.remove();
            file.close();
        }
    }

    /** A row group: the place of its shard in the manifest, and its own in the shard. */
    private record Group(int shard, int number) {}
}
