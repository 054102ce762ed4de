package io.ugatit.prep;

import io.ugatit.dataset.DatasetVersions;
import io.ugatit.job.JobFailedException;
import io.ugatit.storage.Renames;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Fills a hidden sibling of the output, {@code .tmp-NAME-*}, and renames it at the end, or what is in it. Unfinished files of tasks stay
 * outside the part that is renamed, so that not even a task that outlives the job leaves a trace in the result. Closing removes the hidden
 * folder, published or not.
 */
final class HiddenPublication extends Publication {
    private boolean published;

    HiddenPublication(FileSystem fs, Path output) {
        super(fs, output, HexFormat.of().toHexDigits(new SecureRandom().nextLong()));
    }

    /** What is in the output's place appeared there in one step. */
    @Override
    boolean removeUnpublished() {
        return false;
    }

    @Override
    List<Path> removeStale() throws IOException {
        Pattern stale = Pattern.compile(Pattern.quote(prefix(output)) + "[0-9a-f]{16}");
        FileStatus[] found;
        try {
            found = fs.listStatus(output.getParent(), path -> stale.matcher(path.getName()).matches());
        } catch (FileNotFoundException e) {
            return List.of(); // the parent is still to be made
        }
        for (FileStatus folder : found) {
            fs.delete(folder.getPath(), true);
        }
        return Stream.of(found).map(FileStatus::getPath).toList();
    }

    @Override
    void begin() throws IOException {
        fs.mkdirs(folder());
        fs.mkdirs(attempts());
    }

    @Override
    Path folder() {
        return new Path(workFolder, "dataset");
    }

    /** On the same file system. */
    @Override
    Path attempts() {
        return new Path(workFolder, "attempts");
    }

    @Override
    Path copies() {
        return new Path(workFolder, "copies");
    }

    @Override
    ShardPlace shards() {
        return new ShardPlace(folder().toString(), attempts().toString(), null);
    }

    /** Makes the shards' folders, as tasks make none. */
    @Override
    void expect(List<String> names) throws IOException {
        Set<String> folders = new HashSet<>();
        for (String name : names) {
            String around = name.substring(0, name.lastIndexOf('/'));
            if (folders.add(around)) {
                makeFolder(around);
            }
        }
    }

    /** Late tasks write into the hidden folder, if it is still there. */
    @Override
    void expectNoMore() { }

    @Override
    void write(String name, Content content) throws IOException {
        write(new Path(folder(), name), content);
    }

    @Override
    void publish() throws IOException {
        try {
            Renames.toFree(fs, folder(), output);
            published = true;
        } catch (FileAlreadyExistsException e) {
            throw new JobFailedException("cannot publish " + output + ": it appeared while the job ran and was left as it is", e);
        }
    }

    /** First the new shards, which no version names yet; then, by one rename, the version's folder, which makes it whole. */
    @Override
    void publish(int version, List<String> shards) throws IOException {
        Set<Path> folders = new HashSet<>();
        for (String shard : shards) {
            Path to = new Path(output, shard);
            if (folders.add(to.getParent())) {
                fs.mkdirs(to.getParent());
            }
            Renames.toFree(fs, new Path(folder(), shard), to);
        }
        Renames.toFree(fs, DatasetVersions.folder(folder(), version), DatasetVersions.folder(output, version));
        published = true;
    }

    @Override
    void replace(String name, Content content) throws IOException {
        write(name, content);
        Renames.over(fs, new Path(folder(), name), new Path(output, name));
    }

    @Override
    List<Path> removeUnpublishedVersions() {
        return List.of(); // versions appear whole
    }

    /** @throws IOException if the hidden folder of an output that was not published cannot be removed */
    @Override
    public void close() throws IOException {
        removeWork(published);
    }
}
