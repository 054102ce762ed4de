package io.ugatit.checkpoint;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ugatit.job.FileFailure;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import io.ugatit.publish.Publishing;
import io.ugatit.publish.Publishing.Fingerprint;
import io.ugatit.publish.Removal;
import io.ugatit.safetensors.SafetensorsWriter;
import io.ugatit.storage.ObjectStore;
import io.ugatit.storage.Renames;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The checkpoints of a run. A checkpoint is <em>whole</em> if its manifest and every file's length and sha256 are as they were published;
 * the newest whole one counts, whatever was killed and when. {@code BEST} may name the one that was found best. One
 * process may publish and prune at a time, any number may read.
 */
public final class CheckpointStore {
    private final RunDirectory run;
    private final PublishedSteps published;
    private final Configuration configuration;

    /** @param run the run; need not exist yet */
    public CheckpointStore(RunDirectory run) {
        this.run = run;
        this.published = new PublishedSteps(run);
        this.configuration = run.configuration();
    }

    /** Publishes a checkpoint without averages, as {@link #publish(long, Map, Map, Map, ObjectNode)} does. */
    public Checkpoint publish(long step, Map<String, INDArray> parameters, Map<String, INDArray> moments, ObjectNode position) {
        return publish(step, parameters, moments, Map.of(), position);
    }

    /**
     * Publishes a checkpoint: files, then manifest under a hidden name, then a rename, then {@code LATEST}; in a store of objects under their
     * final names, where the manifest makes them a checkpoint. A whole checkpoint of this step
     * that is there already is kept, since a run that is resumed repeats the same bits; a damaged one is replaced.
     *
     * @param step the last step that went into the parameters, at least 0
     * @param parameters FLOAT arrays by name, elements one after the other in 'c' order; streamed, never copied
     * @param moments likewise, under names of the caller's choice; may be empty
     * @param averages of the generators' parameters, likewise under their names; empty for none
     * @param position where training goes on
     * @throws JobFailedException if the file system fails; the checkpoints published before are safe
     */
    public Checkpoint publish(long step, Map<String, INDArray> parameters, Map<String, INDArray> moments, Map<String, INDArray> averages,
            ObjectNode position) {
        if (step < 0) {
            throw new IllegalArgumentException("the step must be at least 0: " + step);
        }
        Path target = run.checkpoint(step);
        try {
            FileSystem fileSystem = Publishing.fileSystem(configuration, target);
            Removal.asFarAsPossible(() -> Removal.removeStale(configuration, run.checkpoints()));
            published.removeUncommitted();
            if (!fileSystem.exists(target) || !isWhole(step)) {
                boolean inPlace = ObjectStore.is(fileSystem);
                Path folder = inPlace ? target : Publishing.temporary(run.checkpoints());
                try {
                    if (inPlace) {
                        Removal.asFarAsPossible(() -> Removal.remove(configuration, target));
                    }
                    writeFiles(fileSystem, folder, step, parameters, moments, averages, position);
                    if (!inPlace) {
                        replace(fileSystem, folder, target);
                    }
                } catch (IOException | RuntimeException | Error failure) {
                    if (inPlace) { // it may be there, whatever the store has said
                        Publishing.discard(fileSystem, new Path(folder, Manifest.NAME), failure);
                    }
                    Publishing.discard(fileSystem, folder, failure);
                    throw failure;
                }
            }
            Publishing.write(configuration, run.latest(), line(step));
            return Checkpoint.open(configuration, target, step);
        } catch (IOException | DamagedCheckpointException e) {
            throw new JobFailedException("Cannot publish the checkpoint " + target + ": " + FileFailure.reason(e), e);
        }
    }

    private static void writeFiles(FileSystem fileSystem, Path folder, long step, Map<String, INDArray> parameters,
            Map<String, INDArray> moments, Map<String, INDArray> averages, ObjectNode position) throws IOException {
        Map<String, String> metadata = Map.of("step", Long.toString(step));
        Map<String, Fingerprint> files = new TreeMap<>();
        files.put(Checkpoint.PARAMETERS, Publishing.writeSynced(fileSystem, new Path(folder, Checkpoint.PARAMETERS),
                out -> SafetensorsWriter.write(out, parameters, metadata)));
        files.put(Checkpoint.MOMENTS, Publishing.writeSynced(fileSystem, new Path(folder, Checkpoint.MOMENTS),
                out -> SafetensorsWriter.write(out, moments, metadata)));
        if (!averages.isEmpty()) {
            files.put(Checkpoint.AVERAGES, Publishing.writeSynced(fileSystem, new Path(folder, Checkpoint.AVERAGES),
                    out -> SafetensorsWriter.write(out, averages, metadata)));
        }
        byte[] manifest = new Manifest(step, position, files).toBytes();
        Publishing.writeSynced(fileSystem, new Path(folder, Manifest.NAME), out -> out.write(manifest));
    }

    /** What a file says that names a checkpoint. */
    private byte[] line(long step) {
        return (run.checkpoint(step).getName() + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private void replace(FileSystem fileSystem, Path temporary, Path target) throws IOException {
        // damaged if it is there, or it would have been kept
        Removal.asFarAsPossible(() -> Removal.remove(configuration, target));
        Renames.toFree(fileSystem, temporary, target);
    }

    private boolean isWhole(long step) {
        try {
            whole(step);
            return true;
        } catch (DamagedCheckpointException e) {
            return false;
        }
    }

    /** Reads all of a checkpoint, once more if the file system fails: an error that passes is no damage. */
    private Checkpoint whole(long step) throws DamagedCheckpointException {
        try {
            return Checkpoint.open(configuration, run.checkpoint(step), step).verified();
        } catch (DamagedCheckpointException e) {
            if (e.isUnreadable()) {
                return Checkpoint.open(configuration, run.checkpoint(step), step).verified();
            }
            throw e;
        }
    }

    /**
     * Finds the newest whole checkpoint, reading every file of each candidate once to compare its hash. One that cannot be read, nor at a
     * second time, counts as damaged.
     *
     * @param warn takes one line for each newer checkpoint that is damaged, saying what is wrong with it, and one if {@code LATEST} names
     *     none that is there
     * @return the checkpoint with the highest step that is whole; empty if there is none
     * @throws InvalidRequestException if another version of this program published the newest one, in another format
     * @throws JobFailedException if the folder cannot be listed, or none is whole and some cannot be read
     */
    public Optional<Checkpoint> latestWhole(Consumer<String> warn) {
        List<Long> newestFirst = steps();
        newestFirst.sort(Comparator.reverseOrder());
        warnIfLatestIsGone(warn);
        Optional<DamagedCheckpointException> unreadable = Optional.empty();
        for (long step : newestFirst) {
            try {
                return Optional.of(whole(step));
            } catch (DamagedCheckpointException e) {
                warn.accept("The checkpoint " + run.checkpoint(step) + " is damaged and skipped: " + FileFailure.reason(e));
                unreadable = unreadable.or(() -> Optional.of(e).filter(DamagedCheckpointException::isUnreadable));
            }
        }
        if (unreadable.isPresent()) { // beginning anew would be the wrong answer to a file system that does not
            throw new JobFailedException("Cannot read a whole checkpoint in " + run.checkpoints() + ": "
                    + FileFailure.reason(unreadable.get()), unreadable.get());
        }
        return Optional.empty();
    }

    /**
     * Finds the newest whole checkpoint of a run that must have one, as {@link #latestWhole} does.
     *
     * @param warn takes one line for each newer checkpoint that is damaged
     * @throws InvalidRequestException if there is no whole checkpoint, or one of another format; one line that says what is wrong with those
     *     there are
     * @throws JobFailedException if the folder cannot be listed, or those there are cannot be read
     */
    public Checkpoint requireWhole(Consumer<String> warn) {
        List<String> damaged = new ArrayList<>();
        Checkpoint checkpoint = latestWhole(damaged::add).orElseThrow(() -> new InvalidRequestException("--run is " + run.path()
                + ": has no whole checkpoint" + (damaged.isEmpty() ? " yet" : ": " + String.join("; ", damaged))));
        damaged.forEach(warn);
        return checkpoint;
    }

    /**
     * The checkpoint of one step, whose files are read once to compare their hashes.
     *
     * @throws InvalidRequestException if there is none of this step, it is damaged or of another format; one line that says which there are
     * @throws JobFailedException if the folder cannot be listed, or the checkpoint cannot be read
     */
    public Checkpoint requireWhole(long step) {
        return requireWhole(step, "--checkpoint is " + step + ": ");
    }

    private Checkpoint requireWhole(long step, String asked) {
        List<Long> published = steps();
        if (!published.contains(step)) {
            throw new InvalidRequestException(asked + run.path() + (published.isEmpty() ? " has none yet"
                    : " has those of " + (published.size() == 1 ? "step " : "steps ")
                            + published.stream().map(String::valueOf).collect(Collectors.joining(", "))));
        }
        try {
            return whole(step);
        } catch (DamagedCheckpointException e) {
            if (e.isUnreadable()) {
                throw new JobFailedException("Cannot read the checkpoint " + run.checkpoint(step) + ": " + FileFailure.reason(e), e);
            }
            throw new InvalidRequestException(asked + run.checkpoint(step) + " is damaged: " + FileFailure.reason(e)
                    + "; take another, or latest for the newest that is whole", e);
        }
    }

    /**
     * The checkpoint that {@code BEST} names, whose files are read once to compare their hashes.
     *
     * @throws InvalidRequestException if the run has none, or it is not there, damaged or of another format; one line that says what would
     *     be right
     * @throws JobFailedException if the file system fails
     */
    public Checkpoint requireBest() {
        long step = best().orElseThrow(() -> new InvalidRequestException("--checkpoint is best: " + run.path()
                + " has none yet: train it with --evaluate-every ROUNDS, which finds it, or take latest or a step"));
        return requireWhole(step, "--checkpoint is best, which is that of step " + step + " by " + run.best() + ": ");
    }

    /**
     * Reads {@code BEST}.
     *
     * @return the step of the checkpoint it names, whether that is there or not; empty if there is no such file
     * @throws InvalidRequestException if it names no checkpoint; one line that says what would be right
     * @throws JobFailedException if the file system fails
     */
    public Optional<Long> best() {
        try {
            return Optional.of(PublishedSteps.stepOf(published.name(run.best())).orElseThrow(() -> new InvalidRequestException(run.best()
                    + " does not name a checkpoint: it must hold a line such as " + run.checkpoint(1000).getName()
                    + "; delete it if you do not know which")));
        } catch (FileNotFoundException e) { // not evaluated yet
            return Optional.empty();
        } catch (IOException e) {
            throw new JobFailedException("Cannot read " + run.best() + ": " + FileFailure.reason(e), e);
        }
    }

    /**
     * Publishes {@code BEST}, in place of one that is there. Its checkpoint is not pruned.
     *
     * @param step of a checkpoint that is there
     * @throws JobFailedException if the file system fails; what it said before it says still
     */
    public void publishBest(long step) {
        try {
            Publishing.write(configuration, run.best(), line(step));
        } catch (IOException e) {
            throw new JobFailedException("Cannot publish " + run.best() + ": " + FileFailure.reason(e), e);
        }
    }

    /**
     * Lets {@code LATEST} name a checkpoint, unless it does.
     *
     * @param step of the newest whole checkpoint
     * @throws JobFailedException if the file system fails; what it said before it says still
     */
    public void nameLatest(long step) {
        try {
            if (!isNamed(step)) {
                Publishing.write(configuration, run.latest(), line(step));
            }
        } catch (IOException e) {
            throw new JobFailedException("Cannot publish " + run.latest() + ": " + FileFailure.reason(e), e);
        }
    }

    private boolean isNamed(long step) throws IOException {
        try {
            return published.name(run.latest()).equals(run.checkpoint(step).getName());
        } catch (FileNotFoundException e) {
            return false; // killed before the first one was named
        }
    }

    /**
     * Opens every checkpoint whose manifest and files' lengths are as published; hashes are not compared, and what is damaged is left out.
     *
     * @return oldest first
     * @throws InvalidRequestException if another version of this program published one, in another format
     * @throws JobFailedException if the folder cannot be listed
     */
    public List<Checkpoint> all() {
        List<Checkpoint> found = new ArrayList<>();
        for (long step : steps()) {
            try {
                found.add(Checkpoint.open(configuration, run.checkpoint(step), step));
            } catch (DamagedCheckpointException e) {
                continue; // or pruned meanwhile, while the run is trained
            }
        }
        return found;
    }

    private void warnIfLatestIsGone(Consumer<String> warn) {
        try {
            String name = published.name(run.latest());
            if (PublishedSteps.stepOf(name).isEmpty()) {
                warn.accept(run.latest() + " does not name a checkpoint");
            } else if (!published.isThere(new Path(run.checkpoints(), name))) {
                warn.accept(run.latest() + " names " + name + ", which is not there");
            }
        } catch (FileNotFoundException e) {
            // before the first checkpoint, or killed between it and LATEST: the folders themselves say what is newest
            return;
        } catch (IOException e) {
            warn.accept(run.latest() + " cannot be read: " + FileFailure.reason(e));
        }
    }

    /**
     * @return the steps of all published checkpoints, whole or damaged, oldest first; a fresh list
     * @throws JobFailedException if the folder cannot be listed
     */
    public List<Long> steps() {
        try {
            return published.list();
        } catch (IOException e) {
            throw new JobFailedException("Cannot list " + run.checkpoints() + ": " + FileFailure.reason(e), e);
        }
    }

    /**
     * Deletes, once there are more than {@code keep}, what a newer whole checkpoint replaces: damaged checkpoints, and whole ones beyond the
     * newest {@code keep}. The newest whole checkpoint is read and its hashes compared before anything older goes; of the others manifest and
     * lengths decide. Nothing newer than it is touched, nor the one that {@code BEST} names.
     *
     * @param keep how many whole checkpoints stay, at least 1
     * @return the steps deleted, newest first
     * @throws InvalidRequestException if {@code BEST} names no checkpoint; nothing was deleted
     * @throws JobFailedException if the file system fails; the newest whole checkpoint is safe
     */
    public List<Long> prune(int keep) {
        if (keep < 1) {
            throw new IllegalArgumentException("at least one checkpoint must be kept: " + keep);
        }
        List<Long> newestFirst = steps();
        if (newestFirst.size() <= keep) {
            return List.of();
        }
        newestFirst.sort(Comparator.reverseOrder());
        Optional<Long> best = best();
        List<Long> doomed = new ArrayList<>();
        int kept = 0;
        for (long step : newestFirst) {
            if (kept > 0 && (kept == keep || !looksWhole(step))) {
                doomed.add(step);
            } else if (kept > 0 || isWhole(step)) {
                kept++;
            }
        }
        best.ifPresent(doomed::remove);
        try {
            for (long step : doomed) {
                Removal.asFarAsPossible(() -> Removal.remove(configuration, run.checkpoint(step)));
            }
        } catch (IOException e) {
            throw new JobFailedException("Cannot delete old checkpoints in " + run.checkpoints() + ": " + FileFailure.reason(e), e);
        }
        return doomed;
    }

    /** What cannot be read for the moment may be. */
    private boolean looksWhole(long step) {
        try {
            Checkpoint.open(configuration, run.checkpoint(step), step);
            return true;
        } catch (DamagedCheckpointException e) {
            return e.isUnreadable();
        }
    }
}
