package io.ugatit.prep;

import io.ugatit.dataset.DatasetManifest;
import io.ugatit.dataset.Domain;
import io.ugatit.dataset.Split;
import io.ugatit.input.LeftOutList;
import io.ugatit.job.FileFailure;
import io.ugatit.job.JobFailedException;
import io.ugatit.prep.version.Published;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Adds a version to a data set that is there, whose readers go on meanwhile: first the new shards, which no version names yet; then the
 * version's folder, which makes it whole; at last the files in the data set's own folder, each replaced at once, the manifest after the
 * others. A job that is killed in between leaves the version before as it was; the next one removes what no version names, or
 * makes a version current that is whole. For the job that holds the output's lock.
 */
final class Addition {
    private static final String LEFT = ", which a killed job left";

    private final FileSystem fs;
    private final Path dataset;
    private final Publication publication;

    /**
     * @param fs the data set's file system
     * @param dataset its folder, fully qualified
     * @param publication holds what is to be added, in the places where it goes
     */
    Addition(FileSystem fs, Path dataset, Publication publication) {
        this.fs = fs;
        this.dataset = dataset;
        this.publication = publication;
    }

    /**
     * Brings a data set in order that a killed job may have left unfinished.
     *
     * @param newest its newest version
     * @return a line for each thing done
     * @throws IOException if the file system fails
     */
    List<String> repair(Published newest) throws IOException {
        List<String> done = new ArrayList<>();
        if (!newest.isCurrent()) {
            makeCurrent(newest.manifest().version());
            done.add("made version " + newest.manifest().version() + " of " + dataset + " the current one, which a killed job had not");
        }
        for (Path folder : publication.removeUnpublishedVersions()) {
            done.add("removed " + folder + LEFT);
        }
        for (Domain domain : Domain.values()) {
            for (Split split : Split.values()) {
                Set<String> named = new HashSet<>();
                newest.shards(domain, split).forEach(shard -> named.add(shard.file()));
                for (FileStatus file : list(new Path(dataset, DatasetManifest.folder(domain, split)))) {
                    // a file that begins with a dot is a checksum of Hadoop's
                    if (!named.contains(file.getPath().getName()) && !file.getPath().getName().startsWith(".")) {
                        fs.delete(file.getPath(), true);
                        done.add("removed " + file.getPath() + LEFT);
                    }
                }
            }
        }
        return done;
    }

    /**
     * Publishes the version.
     *
     * @param version its number, one more than the newest
     * @param shards its new shards, relative to the data set
     * @throws JobFailedException if the version is whole but could not be made the current one
     * @throws IOException if the file system fails before that; what readers see has not changed
     */
    void publish(int version, List<String> shards) throws IOException {
        publication.publish(version, shards);
        try {
            makeCurrent(version);
        } catch (IOException | FSError e) {
            throw new JobFailedException("version " + version + " of " + dataset + " is whole, but could not be made the current one: "
                    + FileFailure.reason(e) + "; the next prep onto it does that, until then readers get the version before", e);
        }
    }

    private void makeCurrent(int version) throws IOException {
        for (String name : List.of(LeftOutList.FILE, DatasetManifest.FILE)) {
            publication.makeCurrent(version, name);
        }
    }

    private FileStatus[] list(Path folder) throws IOException {
        try {
            return fs.listStatus(folder);
        } catch (FileNotFoundException e) {
            return new FileStatus[0];
        }
    }
}
