package io.ugatit.retrain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ugatit.checkpoint.Promotion;
import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.dataset.ImageDataset;
import io.ugatit.job.FileFailure;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import io.ugatit.job.PathOption;
import io.ugatit.publish.Publishing;
import io.ugatit.publish.Removal;
import io.ugatit.retrain.sample.NightSamples;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Where the cycles keep what: {@code datasets/NNNN}, of which one may have a version for each of several cycles, {@code runs/NNNN},
 * {@code cycles/NNNN.json} and {@code PROMOTED}, one line that names a run. Everything appears in one piece, so that what is there says how
 * far a killed job came.
 *
 * @param configuration finds the file system
 * @param path the workspace's folder, fully qualified
 */
record Workspace(Configuration configuration, Path path) {

    /**
     * One that is there.
     *
     * @param value of {@code --workspace}
     * @throws InvalidRequestException if no night has begun there, or none that came so far as to say so
     */
    static Workspace existing(Configuration configuration, String value) {
        Workspace workspace = new Workspace(configuration, PathOption.folder(configuration, "--workspace", value));
        try {
            if (workspace.cycleNumbers().isEmpty() && workspace.nights().numbers().isEmpty()) {
                throw new InvalidRequestException("--workspace is " + value + ": retrain has begun no cycle there; must be the workspace in"
                        + " retrain's file");
            }
            return workspace;
        } catch (IOException e) {
            throw new JobFailedException("--workspace is " + value + ": cannot be read: " + FileFailure.reason(e), e);
        }
    }

    Path datasets() {
        return new Path(path, "datasets");
    }

    /** A data set by its name, that of the first cycle that had it. */
    Path dataset(String name) {
        return new Path(datasets(), name);
    }

    /**
     * A cycle's images.
     *
     * @throws InvalidRequestException if they are gone or damaged
     */
    ImageDataset images(Cycle cycle) {
        String folder = dataset(cycle.dataFolder()).toString();
        return cycle.dataVersion().map(version -> ImageDataset.open(folder, version, configuration))
                .orElseGet(() -> ImageDataset.open(folder, configuration));
    }

    private Promotion promotion() {
        return new Promotion(configuration, path);
    }

    /** A run by its name. */
    RunDirectory run(String name) {
        return promotion().run(name);
    }

    private Path runs() {
        return promotion().runs();
    }

    private Records<Cycle> cycles() {
        return new Records<>(configuration, new Path(path, "cycles"), Cycle.class, Workspace::outcomeOfOldRecord);
    }

    /** What every night came to. */
    Records<Night> nights() {
        return new Records<>(configuration, new Path(path, "nights"), Night.class);
    }

    /** What the runs of cycles, and those they began with, make of the same test images. */
    Records<NightSamples> samples() {
        return new Records<>(configuration, new Path(path, "samples"), NightSamples.class);
    }

    /** The promotions that were taken back. */
    Records<Rollback> rollbacks() {
        return new Records<>(configuration, new Path(path, "rollbacks"), Rollback.class);
    }

    /** The file of a cycle's record. */
    Path record(int number) {
        return cycles().file(number);
    }

    /** The file that names the promoted run. */
    Path promotedFile() {
        return promotion().file();
    }

    /** The name of the promoted run, if one is. */
    Optional<String> promoted() throws IOException {
        return promotion().name();
    }

    /** The names of all runs, in order, with commas in between. */
    String runNames() throws IOException {
        return promotion().names();
    }

    /** Names the promoted run from now on. */
    void promote(String name) throws IOException {
        promotion().promote(name);
    }

    /** The highest number that is a run's name, whoever has put it there; 0 if there is none. */
    int highestRun() throws IOException {
        return names(runs()).stream().filter(name -> name.matches(Promotion.NAME)).mapToInt(Integer::parseInt).max().orElse(0);
    }

    /** The numbers of all cycles that have begun, newest first. */
    List<Integer> cycleNumbers() throws IOException {
        List<Integer> numbers = new ArrayList<>(cycles().numbers());
        Collections.reverse(numbers);
        return numbers;
    }

    /** A cycle's record; empty if there is none. */
    Optional<Cycle> cycle(int number) throws IOException {
        Optional<Cycle> cycle = cycles().read(number);
        if (cycle.isPresent() && cycle.get().number() != number) {
            throw new InvalidRequestException(record(number) + " is damaged: it does not hold the record of cycle " + number);
        }
        return cycle;
    }

    /** Before cycles could fail, a record said only whether its run was promoted. */
    private static void outcomeOfOldRecord(ObjectNode record) {
        JsonNode promoted = record.remove("promoted");
        if (promoted != null && promoted.isBoolean()) {
            record.put("outcome", promoted.booleanValue() ? "promoted" : "kept");
        }
    }

    /** Publishes a cycle's record, in place of the one before. */
    void publish(Cycle cycle) throws IOException {
        cycles().publish(cycle.number(), cycle);
    }

    /**
     * Carries a verdict out. It is recorded first, so that a job that is killed in here is finished by the next, whatever that is asked for:
     * see {@link #finishPromotion}.
     *
     * @param judged the newest cycle, promoted or kept
     */
    void carryOut(Cycle judged) throws IOException {
        if (judged.outcome() == Cycle.Outcome.PROMOTED) {
            publish(judged.promoting());
            promote(judged.name());
        }
        publish(judged);
    }

    /**
     * Promotes the run whose promotion was cut short, unless somebody has promoted another by hand since. For the holder of the lock, before
     * it looks at what is promoted; after that there is nothing to finish any more.
     *
     * @return the cycle, which is over by now; empty if no promotion was cut short
     */
    Optional<Cycle> finishPromotion() throws IOException {
        List<Integer> numbers = cycleNumbers();
        Optional<Cycle> cut = numbers.isEmpty() ? Optional.empty()
                : cycle(numbers.get(0)).filter(cycle -> cycle.outcome() == Cycle.Outcome.PROMOTING);
        if (cut.isEmpty()) {
            return cut;
        }
        Cycle cycle = cut.get();
        Optional<String> obstacle = cycle.outdated(promoted().orElse(null))
                .or(() -> run(cycle.name()).exists() ? Optional.empty() : Optional.of(run(cycle.name()).path() + " is gone"));
        Cycle over = obstacle.map(cycle::abandoned).orElseGet(() -> cycle.with(Cycle.Outcome.PROMOTED));
        if (obstacle.isEmpty()) {
            promote(cycle.name());
        }
        publish(over);
        return Optional.of(over);
    }

    /**
     * Deletes what killed jobs left unfinished.
     *
     * @throws IOException if something cannot be deleted; all else is deleted by then
     */
    void removeStale() throws IOException {
        List<Removal.Deletion> deletions = new ArrayList<>();
        deletions.add(() -> Removal.removeAbandoned(configuration, path)); // history may write its page here beside a night
        for (Path folder : List.of(datasets(), runs(), cycles().folder(), nights().folder(), rollbacks().folder(), samples().folder())) {
            deletions.add(() -> Removal.removeStale(configuration, folder));
        }
        Removal.all(deletions);
    }

    /** Makes room where a run or data set is to be. */
    void remove(Path folder) throws IOException {
        Removal.asFarAsPossible(() -> Removal.remove(configuration, folder));
    }

    /**
     * Deletes runs and data sets of all cycles but the newest {@code keep}, the promoted run's, that with which the promoted run began, and
     * an unfinished one with its start. If no run is promoted, that which was so last stays until another takes its place. May be killed at
     * any time: what is half deleted is out of sight, and deleted by the next job.
     *
     * @param keep at least 1
     * @param deleted gets the names of those it has deleted something of, whatever else fails
     * @throws IOException if something cannot be deleted; all else is deleted by then
     */
    void prune(int keep, Set<String> deleted) throws IOException {
        List<Integer> numbers = cycleNumbers();
        Set<String> stay = new HashSet<>();
        for (int number : numbers.subList(0, Math.min(keep, numbers.size()))) {
            stay.add(Cycle.name(number));
        }
        Optional<Cycle> newest = numbers.isEmpty() ? Optional.empty() : cycle(numbers.get(0));
        newest.filter(cycle -> !cycle.isOver()).map(Cycle::start).ifPresent(stay::add);
        Optional<String> promoted = promoted();
        if (promoted.isEmpty()) {
            promoted = promotedLast(numbers);
        }
        if (promoted.isPresent()) {
            stay.add(promoted.get());
            cycle(Integer.parseInt(promoted.get())).map(Cycle::start).ifPresent(stay::add);
        }
        Set<String> ofCycles = new HashSet<>();
        numbers.forEach(number -> ofCycles.add(Cycle.name(number)));
        Set<String> data = new HashSet<>();
        for (String name : stay) {
            data.add(cycle(Integer.parseInt(name)).map(Cycle::dataFolder).orElse(name));
        }
        List<Removal.Deletion> deletions = allBut(stay, runs(), ofCycles, deleted);
        deletions.addAll(allBut(data, datasets(), ofCycles, deleted));
        Removal.all(deletions);
    }

    /**
     * Which run was promoted last, as the newest cycle that left one so says, or a promotion that was taken back after it: somebody may have
     * deleted {@code PROMOTED} by mistake.
     */
    private Optional<String> promotedLast(List<Integer> newestFirst) throws IOException {
        for (int number : newestFirst) {
            Optional<String> left = cycle(number).map(Cycle::leftPromoted);
            if (left.isPresent()) {
                return takenBackAfter(number).or(() -> left);
            }
        }
        return Optional.empty();
    }

    /** The run that somebody promoted by hand since a cycle. */
    private Optional<String> takenBackAfter(int number) throws IOException {
        List<Integer> numbers = rollbacks().numbers();
        return numbers.isEmpty() ? Optional.empty()
                : rollbacks().read(numbers.get(numbers.size() - 1)).filter(rollback -> rollback.after() >= number).map(Rollback::to);
    }

    /** Deletions of what is a cycle's and does not stay. @param deleted gets the name of each that is deleted */
    private List<Removal.Deletion> allBut(Set<String> stay, Path folder, Set<String> ofCycles, Set<String> deleted) throws IOException {
        List<Removal.Deletion> deletions = new ArrayList<>();
        for (String name : names(folder)) {
            if (ofCycles.contains(name) && !stay.contains(name)) {
                deletions.add(() -> {
                    Removal.remove(configuration, new Path(folder, name));
                    deleted.add(name);
                });
            }
        }
        return deletions;
    }

    /** The names of what a folder holds, in order; none if it is missing. */
    private Collection<String> names(Path folder) throws IOException {
        Set<String> names = new TreeSet<>();
        FileSystem fileSystem = Publishing.fileSystem(configuration, folder);
        if (fileSystem.exists(folder)) {
            for (FileStatus file : fileSystem.listStatus(folder)) {
                names.add(file.getPath().getName());
            }
        }
        return names;
    }
}
