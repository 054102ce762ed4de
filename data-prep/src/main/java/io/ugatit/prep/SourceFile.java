package io.ugatit.prep;

import io.ugatit.dataset.Domain;
import io.ugatit.dataset.Split;
import io.ugatit.input.InputFile;
import io.ugatit.input.PathOrder;
import io.ugatit.job.FileFailure;
import io.ugatit.job.JobFailedException;
import java.io.IOException;
import java.io.Serializable;
import java.util.Comparator;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;

/**
 * A file of the input.
 *
 * @param domain the domain of its folder
 * @param split the split of its folder
 * @param source its path relative to that folder, with {@code /} between names
 * @param length in bytes, when it was listed
 * @param modified when it was last written, in milliseconds since 1970, when it was listed
 */
record SourceFile(Domain domain, Split split, String source, long length, long modified) implements Serializable {
    /** The order of everything that lists files. */
    static final Comparator<SourceFile> BY_FOLDER_AND_SOURCE = Comparator.comparing(SourceFile::domain).thenComparing(SourceFile::split)
            .thenComparing(SourceFile::source, PathOrder.BY_CODE_POINT);

    /** The input folder of a domain and split: {@code trainA} and so on. */
    static String folder(Domain domain, Split split) {
        return split.label() + domain;
    }

    /** Whether two files are of one domain and split. */
    static boolean isSameFolder(SourceFile one, SourceFile other) {
        return one.domain() == other.domain() && one.split() == other.split();
    }

    /** The path relative to the input: what messages show. */
    String name() {
        return folder(domain, split) + "/" + source;
    }

    /** What a task throws when the file system fails it: the file may be readable on the next attempt, so it is no reject. */
    JobFailedException unreadable(Throwable cause) {
        return new JobFailedException("cannot read " + name() + " (" + FileFailure.reason(cause) + "); nothing was published", cause);
    }

    /**
     * Opens the file.
     *
     * @param input the input folder, fully qualified
     * @param conf the Hadoop configuration
     * @throws java.nio.file.AccessDeniedException if this user may not read it
     * @throws IOException if the file system cannot
     */
    FSDataInputStream open(Path input, Configuration conf) throws IOException {
        // from parts: parsing a string would take a colon in a file's name for the end of a scheme
        Path path = new Path(input.toUri().getScheme(), input.toUri().getAuthority(), input.toUri().getPath() + "/" + name());
        return InputFile.open(input.getFileSystem(conf), path);
    }
}
