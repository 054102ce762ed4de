package io.ugatit.dataset;

import io.ugatit.job.InvalidRequestException;
import io.ugatit.storage.Numbers;
import io.ugatit.storage.ObjectStore;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The versions of a dataset. {@code versions/N} in its folder holds the manifest of version N and what else belongs to it; the manifest in
 * the folder itself is a copy of the current version's.
 */
public final class DatasetVersions {
    /** The folder of all versions, in the dataset's. */
    public static final String FOLDER = "versions";

    /** A manifest names a shard in about 150 bytes; more than this is no manifest. */
    private static final int MAX_MANIFEST_BYTES = 256 << 20;

    private DatasetVersions() {}

    /**
     * The folder of a version.
     *
     * @param dataset the dataset's folder
     * @param version which, from 1
     */
    public static Path folder(Path dataset, int version) {
        return new Path(dataset, FOLDER + "/" + version);
    }

    /**
     * Which versions there are.
     *
     * @param fs the dataset's file system
     * @param dataset its folder
     * @return in ascending order; none of a dataset of the first format, which had one only
     * @throws IOException if the file system fails
     */
    public static List<Integer> list(FileSystem fs, Path dataset) throws IOException {
        FileStatus[] found;
        try {
            found = fs.listStatus(new Path(dataset, FOLDER), path -> path.getName().matches("[1-9]\\d{0,8}"));
        } catch (FileNotFoundException e) {
            found = new FileStatus[0];
        }
        List<Integer> listed = Stream.of(found).map(status -> Integer.valueOf(status.getPath().getName())).sorted().toList();
        return ObjectStore.is(fs) ? there(fs, dataset, listed) : listed;
    }

    /** Its manifest makes a folder a version where folders do not appear in one step. */
    private static List<Integer> there(FileSystem fs, Path dataset, List<Integer> listed) throws IOException {
        return Numbers.there(listed, version -> fs.exists(new Path(folder(dataset, version), DatasetManifest.FILE)));
    }

    /**
     * Reads the manifest in a folder.
     *
     * @param fs the folder's file system
     * @param folder a dataset's, or that of one of its versions
     * @throws FileNotFoundException if there is none
     * @throws InvalidRequestException if it is damaged or of another format
     * @throws IOException if the file system fails
     */
    public static DatasetManifest manifest(FileSystem fs, Path folder) throws IOException {
        return manifest(fs, folder, MAX_MANIFEST_BYTES);
    }

    /** What the file system says of its length may be of another manifest, which this one has replaced. */
    static DatasetManifest manifest(FileSystem fs, Path folder, int most) throws IOException {
        Path file = new Path(folder, DatasetManifest.FILE);
        try (FSDataInputStream in = fs.open(file)) {
            byte[] bytes = in.readNBytes(most + 1);
            if (bytes.length > most) {
                throw new InvalidRequestException(
                        file + " is damaged: more than " + most + " bytes are no manifest; prepare the dataset again");
            }
            return DatasetManifest.parse(bytes, file.toString());
        }
    }
}
