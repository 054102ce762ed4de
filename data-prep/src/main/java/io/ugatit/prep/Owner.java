package io.ugatit.prep;

import io.ugatit.job.JobFailedException;
import io.ugatit.storage.ObjectStore;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A small object beside an output that is written under its final name: which job does, and whether the output is all its own. So the next
 * job knows what a killed one left, and tasks of a job that has failed know that they are late.
 *
 * @param file the object
 * @param job a name that no other job has
 * @param isNew whether there was no data set: all there is without a manifest is this job's
 */
record Owner(String file, String job, boolean isNew) implements Serializable {
    private static final int MAX_BYTES = 256;
    private static final String NOBODY = "nobody";
    private static final String NEW = "new";
    private static final String ADDS = "adds";

    /** Reads the object; empty if there is none. What is no such object is of a job that added. */
    static Optional<Owner> read(FileSystem fs, Path file) throws IOException {
        try (FSDataInputStream in = fs.open(file)) {
            String[] words = new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8).strip().split(" ");
            return Optional.of(new Owner(file.toString(), words[0], words.length == 2 && words[1].equals(NEW)));
        } catch (FileNotFoundException e) {
            return Optional.empty();
        }
    }

    /** The same of nobody: whoever asks is late. */
    Owner ended() {
        return new Owner(file, NOBODY, isNew);
    }

    /** Whether the job that wrote here has ended, without publishing. */
    boolean isOfNobody() {
        return job.equals(NOBODY);
    }

    /** Writes the object, in place of another job's. */
    void write(FileSystem fs) throws IOException {
        ObjectStore.write(fs.create(new Path(file), true), (job + " " + (isNew ? NEW : ADDS) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** @throws JobFailedException if the object is another job's, or gone */
    void require(FileSystem fs) throws IOException {
        if (!read(fs, new Path(file)).map(Owner::job).equals(Optional.of(job))) {
            throw new JobFailedException("another job has begun to write what this task was for; nothing was published by it");
        }
    }
}
