package io.ugatit.prep;

import io.ugatit.dataset.DatasetManifest;
import io.ugatit.job.JobFailedException;
import io.ugatit.storage.Renames;
import java.io.IOException;
import java.io.Serializable;
import java.util.UUID;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where tasks put shards: each attempt under a name of its own first, or at once where objects appear whole and renames copy.
 *
 * @param folder of the shards' folders
 * @param attempts where attempts are written; null if they are written at once
 * @param owner says which job writes there; null if the folder is that job's alone
 */
record ShardPlace(String folder, String attempts, Owner owner) implements Serializable {
    private static final Logger LOG = LoggerFactory.getLogger(ShardPlace.class);

    /** Where the task's attempt writes. */
    Path attempt(ShardPlan plan) {
        return attempts == null ? shard(plan) : new Path(attempts, plan.fileName() + "." + UUID.randomUUID());
    }

    private Path shard(ShardPlan plan) {
        return new Path(new Path(folder, DatasetManifest.folder(plan.domain(), plan.split())), plan.fileName());
    }

    /**
     * To be called before a shard may be seen: a task goes on for a while when its job has failed.
     *
     * @throws JobFailedException if another job writes there by now
     * @throws IOException if the file system fails
     */
    void requireOwned(FileSystem fs) throws IOException {
        if (owner != null) {
            owner.require(fs);
        }
    }

    /** Gives an attempt that is whole its name, unless another was first: its bytes are the same. */
    void take(FileSystem fs, Path attempt, ShardPlan plan) throws IOException {
        if (attempts != null) {
            try {
                Renames.toFree(fs, attempt, shard(plan));
            } catch (FileAlreadyExistsException e) {
                LOG.info("{} is there already, written by another attempt", shard(plan));
                long there = fs.getFileStatus(shard(plan)).getLen();
                long here = fs.getFileStatus(attempt).getLen();
                if (there != here) { // as of a file that was read in time by one of them only
                    throw new JobFailedException("two attempts at " + shard(plan) + " have written " + there + " and " + here
                            + " bytes, since images have changed or took too long; nothing was published: start it again");
                }
            }
        }
    }

    /** Removes what is left of an attempt. */
    void clear(FileSystem fs, Path attempt) throws IOException {
        if (attempts != null) {
            fs.delete(attempt, false);
        }
    }
}
