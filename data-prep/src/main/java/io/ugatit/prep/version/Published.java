package io.ugatit.prep.version;

import io.ugatit.dataset.DatasetManifest;
import io.ugatit.dataset.DatasetVersions;
import io.ugatit.dataset.Domain;
import io.ugatit.dataset.Partition;
import io.ugatit.dataset.Shard;
import io.ugatit.dataset.Split;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.prep.source.SourceFile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The data set that is at the output already: its newest version, to which the job adds.
 *
 * @param folder the data set's folder, fully qualified
 * @param manifest the newest version's
 * @param isCurrent whether readers get it; not so if a job was killed when all but the manifest in the data set's own folder was in place
 */
public record Published(Path folder, DatasetManifest manifest, boolean isCurrent) {

    /** @throws InvalidRequestException if the output is the root of its file system */
    public static void requireNotRoot(Path output) {
        if (output.isRoot()) {
            throw new InvalidRequestException("--output is " + output + ": must be a folder to make");
        }
    }

    /**
     * Looks for a data set.
     *
     * @param fs the output's file system
     * @param output fully qualified, not the root
     * @return nothing if nothing is there
     * @throws InvalidRequestException if something else is there, or a data set that nothing can be added to
     * @throws IOException if the file system fails
     */
    public static Optional<Published> find(FileSystem fs, Path output) throws IOException {
        if (!fs.exists(output)) {
            return Optional.empty();
        }
        DatasetManifest current;
        try {
            current = DatasetVersions.manifest(fs, output);
        } catch (FileNotFoundException e) {
            throw new InvalidRequestException("--output is " + output + ": exists already; delete it or choose another --output", e);
        }
        if (current.formatVersion() < DatasetManifest.FORMAT_VERSION) {
            throw new InvalidRequestException("--output is " + output + ": a data set of formatVersion " + current.formatVersion()
                    + ", which does not list its files, so that nothing can be added: prepare it anew, with another --output");
        }
        List<Integer> versions = DatasetVersions.list(fs, output);
        int newest = versions.isEmpty() ? 0 : versions.get(versions.size() - 1);
        if (newest < current.version()) {
            throw new InvalidRequestException("--output is " + output + ": a data set without its " + DatasetVersions.FOLDER + "/"
                    + current.version() + ", so that nothing can be added: prepare it anew, with another --output");
        }
        DatasetManifest manifest = newest == current.version() ? current
                : DatasetVersions.manifest(fs, DatasetVersions.folder(output, newest));
        return Optional.of(new Published(output, manifest, newest == current.version()));
    }

    /**
     * The shards of a domain and split, in order; none if there are none.
     *
     * @param domain the domain
     * @param split the split
     */
    public List<Shard> shards(Domain domain, Split split) {
        return manifest.shards(domain, split);
    }

    /**
     * Reads what the version remembers of its files.
     *
     * @param fs the file system of the data set
     * @return ordered by folder and source
     * @throws InvalidRequestException if the list is missing, damaged, or does not go with the manifest
     * @throws IOException if the file system fails
     */
    public List<KnownFile> files(FileSystem fs) throws IOException {
        Path list = new Path(DatasetVersions.folder(folder, manifest.version()), FileList.FILE);
        List<KnownFile> files;
        try (FSDataInputStream in = fs.open(list)) {
            files = FileList.read(in, list.toString());
        } catch (FileNotFoundException e) {
            throw new InvalidRequestException(list + " is missing: prepare the dataset anew, with another --output", e);
        }
        requireRows(files, list);
        return files;
    }

    /** Makes sure that the list and the manifest tell of the same images. */
    private void requireRows(List<KnownFile> files, Path list) {
        Map<String, List<Rows>> rows = new HashMap<>(); // of each folder's shards
        Map<String, Long> images = new HashMap<>();
        for (KnownFile file : files) {
            StoredImage image = file.stored();
            if (image != null) {
                String folder = SourceFile.folder(file.file().domain(), file.file().split());
                List<Rows> shards = rows.computeIfAbsent(folder, unused -> shards(file.file().domain(), file.file().split()).stream()
                        .map(shard -> new Rows(shard.rows(), new BitSet())).toList());
                if (image.shard() >= shards.size() || !shards.get(image.shard()).take(image.row())) {
                    throw damaged(list, file.file().name() + " is in a row that cannot be");
                }
                images.merge(folder, file.leftOut() == null ? 1L : 0L, Long::sum);
            }
        }
        for (Partition partition : manifest.partitions()) {
            String folder = SourceFile.folder(partition.domain(), partition.split());
            if (images.getOrDefault(folder, 0L) != partition.images()) {
                throw damaged(list, "it has " + images.getOrDefault(folder, 0L) + " images of " + folder + ", the manifest "
                        + partition.images());
            }
        }
    }

    /**
     * The rows of a shard.
     *
     * @param count how many there are
     * @param taken those that a file has
     */
    private record Rows(long count, BitSet taken) {
        /** Gives a row to a file; false if there is none such, or another file has it. */
        boolean take(int row) {
            boolean free = row < count && !taken.get(row);
            if (free) {
                taken.set(row);
            }
            return free;
        }
    }

    private static InvalidRequestException damaged(Path list, String reason) {
        return new InvalidRequestException(list + " is damaged (" + reason + "): prepare the dataset anew, with another --output");
    }
}
