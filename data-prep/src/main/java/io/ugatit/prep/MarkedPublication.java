package io.ugatit.prep;

import io.ugatit.dataset.DatasetManifest;
import io.ugatit.dataset.DatasetVersions;
import io.ugatit.dataset.Sha256;
import io.ugatit.job.JobFailedException;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Writes everything under its final name, for stores whose renames copy: the manifests, held back until then, are written last. That in a
 * version's folder makes it a version, that in the data set's own makes it a data set. An {@link Owner} beside the output, under a name
 * that is always the same since new objects may be listed late, tells what is written by whom; closing removes whatever was written if nothing
 * was published, and the owner when no task writes any more.
 */
final class MarkedPublication extends Publication {
    private final String job = UUID.randomUUID().toString();
    private final List<Path> written = new ArrayList<>();
    private final Map<String, byte[]> manifests = new LinkedHashMap<>();
    private boolean isNew;
    private boolean begun;
    private boolean tasksMayRun;
    private boolean publishing;
    private boolean published;

    MarkedPublication(FileSystem fs, Path output) {
        super(fs, output, Sha256.hex(output.getName().getBytes(StandardCharsets.UTF_8)).substring(0, 16));
    }

    private Path ownerFile() {
        return new Path(workFolder, "owner");
    }

    private Owner owner() {
        return new Owner(ownerFile().toString(), job, isNew);
    }

    private boolean isOwner() throws IOException {
        return Owner.read(fs, ownerFile()).filter(owner -> owner.job().equals(job)).isPresent();
    }

    private boolean isDataset() throws IOException {
        return fs.exists(new Path(output, DatasetManifest.FILE));
    }

    @Override
    boolean removeUnpublished() throws IOException {
        Optional<Owner> left = Owner.read(fs, ownerFile());
        if (left.isEmpty() || !left.get().isNew() || isDataset()) {
            return false;
        }
        if (left.get().isOfNobody()) { // by now somebody else may have begun something there
            return fs.delete(new Path(output, DatasetManifest.IMAGES), true);
        }
        return fs.delete(output, true);
    }

    @Override
    List<Path> removeStale() throws IOException {
        // with a job that was killed at its end nothing is there, with one that copied rows its copies only
        return fs.delete(workFolder, true) ? List.of(workFolder) : List.of();
    }

    @Override
    void begin() throws IOException {
        isNew = !isDataset();
        owner().write(fs);
        begun = true;
    }

    @Override
    Path folder() {
        return output;
    }

    @Override
    Path attempts() {
        return null;
    }

    /** The job's own, so that none is taken for another's. */
    @Override
    Path copies() {
        return new Path(workFolder, "copies-" + job);
    }

    @Override
    ShardPlace shards() {
        return new ShardPlace(folder().toString(), null, owner());
    }

    @Override
    void expect(List<String> names) {
        tasksMayRun = true;
        names.forEach(name -> written.add(new Path(output, name)));
    }

    @Override
    void expectNoMore() {
        tasksMayRun = false;
    }

    @Override
    void write(String name, Content content) throws IOException {
        if (new Path(name).getName().equals(DatasetManifest.FILE)) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            content.writeTo(bytes);
            manifests.put(name, bytes.toByteArray());
        } else {
            written.add(new Path(output, name));
            replace(name, content);
        }
    }

    @Override
    void publish() throws IOException {
        if (isDataset()) {
            throw new JobFailedException("cannot publish " + output + ": it appeared while the job ran and was left as it is");
        }
        writeManifests();
        published = true;
    }

    @Override
    void publish(int version, List<String> shards) throws IOException {
        if (fs.exists(new Path(DatasetVersions.folder(output, version), DatasetManifest.FILE))) {
            throw new JobFailedException("cannot publish version " + version + " of " + output
                    + ": it appeared while the job ran and was left as it is");
        }
        writeManifests();
        published = true;
    }

    private void writeManifests() throws IOException {
        publishing = true;
        for (Map.Entry<String, byte[]> manifest : manifests.entrySet()) {
            replace(manifest.getKey(), out -> out.write(manifest.getValue()));
        }
    }

    /** An object replaces another when it is closed. */
    @Override
    void replace(String name, Content content) throws IOException {
        write(new Path(output, name), content);
    }

    @Override
    List<Path> removeUnpublishedVersions() throws IOException {
        List<Path> removed = new ArrayList<>();
        for (FileStatus folder : list(new Path(output, DatasetVersions.FOLDER))) {
            if (!fs.exists(new Path(folder.getPath(), DatasetManifest.FILE)) && fs.delete(folder.getPath(), true)) {
                removed.add(folder.getPath());
            }
        }
        return removed;
    }

    private FileStatus[] list(Path folder) throws IOException {
        try {
            return fs.listStatus(folder);
        } catch (FileNotFoundException e) {
            return new FileStatus[0];
        }
    }

    /**
     * Whether a manifest was written that was said not to be, the next job for this output finds out. A task that goes on may still put a
     * shard there, having asked for the owner just before: the owner stays, so that the next job knows whose it is. A job that has lost its
     * lock leaves alone what is another's by now, which has the same names.
     *
     * @throws IOException if what was not published cannot be removed
     */
    @Override
    public void close() throws IOException {
        if (!begun || !isOwner()) {
            fs.delete(copies(), true);
            return;
        }
        if (!publishing && !written.isEmpty()) {
            owner().ended().write(fs);
            for (Path path : written) {
                fs.delete(path, false);
            }
        }
        if (published || !publishing && !tasksMayRun) {
            removeWork(published);
        } else if (!publishing) {
            fs.delete(copies(), true);
        }
    }
}
