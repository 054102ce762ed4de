package io.ugatit.storage;

import io.ugatit.job.InvalidRequestException;
import java.io.IOException;
import java.util.Locale;
import java.util.Set;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSDataOutputStreamBuilder;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.StreamCapabilities;

/**
 * Stores of objects, which have no rename: it copies there, object by object, and deletes then. What has them as its file system publishes
 * without: an object is seen whole, when its stream is closed, or not at all, so a file is written under its final name; a folder's files
 * are, too, and the one that makes it a folder of its kind, its manifest, is written last and deleted first.
 */
public final class ObjectStore {
    /** Behind it comes a scheme. Says how its file system renames: {@code atomic} or {@code copies}. */
    public static final String RENAME_KEY = "ugatit.rename.";

    private static final Set<String> SCHEMES = Set.of("s3a", "s3", "s3n", "gs", "oss", "cosn", "obs", "tos", "oci", "swift", "wasb", "wasbs",
            "abfs", "abfss");
    /** Azure's storage has one or the other; what keeps its tag when it is renamed was not copied. */
    private static final Set<String> EITHER = Set.of("abfs", "abfss");
    private static final String KEEPS_ETAGS = "fs.capability.etags.preserved.in.rename";
    /** Since Hadoop 3.4.2; older ones look, and write then. */
    private static final String CONDITIONAL = "fs.option.create.conditional.overwrite";

    private ObjectStore() {
    }

    /**
     * Whether a file system is such a store: by the configuration's {@link #RENAME_KEY}, else by its scheme.
     *
     * @throws InvalidRequestException if the configuration says neither atomic nor copies
     * @throws IOException if the file system cannot be asked
     */
    public static boolean is(FileSystem fs) throws IOException {
        String scheme = String.valueOf(fs.getUri().getScheme()).toLowerCase(Locale.ROOT);
        String said = fs.getConf() == null ? null : fs.getConf().getTrimmed(RENAME_KEY + scheme);
        if (said == null) {
            return SCHEMES.contains(scheme) && !(EITHER.contains(scheme) && fs.hasPathCapability(new Path("/"), KEEPS_ETAGS));
        }
        return switch (said) {
            case "copies" -> true;
            case "atomic" -> false;
            default -> throw new InvalidRequestException(RENAME_KEY + scheme + " is " + said + ": must be atomic or copies");
        };
    }

    /**
     * Begins an object that must not be there: in one step where the store can, which shows when it is closed; else it is looked for first.
     *
     * @throws FileAlreadyExistsException if it is there, and the store looks first
     * @throws IOException if it cannot be begun
     */
    public static FSDataOutputStream createNew(FileSystem fs, Path object) throws IOException {
        if (fs.hasPathCapability(object, CONDITIONAL)) {
            FSDataOutputStreamBuilder<?, ?> builder = fs.createFile(object).recursive().overwrite(true);
            builder.must(CONDITIONAL, true);
            return builder.build();
        }
        return fs.create(object, false);
    }

    /**
     * Writes all of an object, and closes it; what fails before that is given up.
     *
     * @param out its stream, just begun
     * @throws IOException if it cannot be written; when closing fails it may be there all the same
     */
    public static void write(FSDataOutputStream out, byte[] content) throws IOException {
        try {
            out.write(content);
        } catch (IOException | RuntimeException | Error failure) {
            giveUp(out);
            throw failure;
        }
        out.close();
    }

    /**
     * Gives up an object that is being written, so that no part of it is ever seen. Where a stream cannot be aborted it stays open: closing
     * would publish what there is.
     *
     * @param out its stream
     * @throws IOException if it cannot be released; nothing is seen of it all the same
     */
    public static void giveUp(FSDataOutputStream out) throws IOException {
        if (out.hasCapability(StreamCapabilities.ABORTABLE_STREAM)) {
            out.abort();
            out.close(); // which publishes nothing any more
        }
    }
}
