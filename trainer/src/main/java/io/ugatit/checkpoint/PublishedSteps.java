package io.ugatit.checkpoint;

import io.ugatit.publish.Publishing;
import io.ugatit.storage.ObjectStore;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Which steps a run has checkpoints of. On disks a folder is one, as it appears whole. In a store of objects its manifest makes it one, and
 * since a new one may be listed late, that which {@code LATEST} names counts without being listed.
 *
 * @param run the run; need not exist yet
 */
record PublishedSteps(RunDirectory run) {
    private static final Pattern FOLDER = Pattern.compile("step-(\\d{8,18})");
    private static final int MAX_NAME_BYTES = 256;

    /** The step of a checkpoint's folder; empty if that is not what a name is. */
    static Optional<Long> stepOf(String name) {
        Matcher matcher = FOLDER.matcher(name);
        return matcher.matches() ? Optional.of(Long.parseLong(matcher.group(1))) : Optional.empty();
    }

    /** The line in a file that names a checkpoint; empty if the file is too long to be one line. */
    String name(Path file) throws IOException {
        FileStatus status = Publishing.fileSystem(configuration(), file).getFileStatus(file);
        return status.isFile() && status.getLen() > MAX_NAME_BYTES ? ""
                : new String(Publishing.read(configuration(), file, MAX_NAME_BYTES), StandardCharsets.UTF_8).strip();
    }

    /** The steps, oldest first; a fresh list. */
    List<Long> list() throws IOException {
        FileSystem fileSystem = Publishing.fileSystem(configuration(), run.path());
        TreeSet<Long> steps = new TreeSet<>(listed(fileSystem));
        if (ObjectStore.is(fileSystem)) {
            latest(fileSystem).ifPresent(steps::add);
            List<Long> there = new ArrayList<>();
            for (long step : steps) {
                if (isThere(run.checkpoint(step))) {
                    there.add(step);
                }
            }
            return there;
        }
        return new ArrayList<>(steps);
    }

    private List<Long> listed(FileSystem fileSystem) throws IOException {
        List<Long> steps = new ArrayList<>();
        for (FileStatus status : Publishing.list(fileSystem, run.checkpoints())) {
            stepOf(status.getPath().getName()).ifPresent(steps::add);
        }
        steps.sort(Comparator.naturalOrder());
        return steps;
    }

    private Optional<Long> latest(FileSystem fileSystem) throws IOException {
        try (FSDataInputStream in = fileSystem.open(run.latest())) {
            return stepOf(new String(in.readNBytes(MAX_NAME_BYTES), StandardCharsets.UTF_8).strip());
        } catch (FileNotFoundException e) {
            return Optional.empty(); // before the first checkpoint
        }
    }

    /** Whether a folder is a checkpoint, damaged or not. */
    boolean isThere(Path folder) throws IOException {
        FileSystem fileSystem = Publishing.fileSystem(configuration(), folder);
        return fileSystem.exists(ObjectStore.is(fileSystem) ? new Path(folder, Manifest.NAME) : folder);
    }

    /** Deletes what killed writers left in a store of objects: folders that are no checkpoints. Only for the one that writes. */
    void removeUncommitted() throws IOException {
        FileSystem fileSystem = Publishing.fileSystem(configuration(), run.path());
        if (ObjectStore.is(fileSystem)) {
            for (long step : listed(fileSystem)) {
                if (!isThere(run.checkpoint(step))) {
                    fileSystem.delete(run.checkpoint(step), true);
                }
            }
        }
    }

    private Configuration configuration() {
        return run.configuration();
    }
}
