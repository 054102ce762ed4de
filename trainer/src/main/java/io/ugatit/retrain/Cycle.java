package io.ugatit.retrain;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.ugatit.checkpoint.Promotion;
import io.ugatit.dataset.DatasetManifest;
import io.ugatit.dataset.Domain;
import io.ugatit.dataset.ImageDataset;
import io.ugatit.dataset.Split;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.apache.hadoop.fs.Path;

/**
 * One turn of the nightly cycle, as {@code WORKSPACE/cycles/NNNN.json} keeps it: published when it begins, before its run is
 * promoted if it is, and when it is over.
 *
 * @param number from 1
 * @param dataset content hash of its images
 * @param start name of the run whose parameters it began with and is compared to; null in a first cycle
 * @param options what else decides its result; null in records of versions that did not keep it
 * @param outcome what it came to; null until it is judged or over
 * @param kid mean KID of its run on its images; null unless judged
 * @param startKid mean KID of the run it began with on the same images; null unless judged, and in a first cycle
 * @param reason why it came to that, in one line; null without an outcome
 * @param images which it has; null in records of versions that did not keep it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Cycle(
        @JsonProperty(value = "number", required = true) int number,
        @JsonProperty(value = "dataset", required = true) String dataset,
        @JsonProperty("start") String start,
        @JsonProperty("options") CycleOptions options,
        @JsonProperty("outcome") Outcome outcome,
        @JsonProperty("kid") Double kid,
        @JsonProperty("start_kid") Double startKid,
        @JsonProperty("reason") String reason,
        @JsonProperty("images") Images images) {

    /** @throws IllegalArgumentException if it has no images, or its start is no run's name, as in a damaged file */
    Cycle {
        if (dataset == null || start != null && !start.matches(Promotion.NAME)) {
            throw new IllegalArgumentException("a cycle has a dataset, and the name of a run as its start if it has one");
        }
    }

    /** What a cycle came to. */
    enum Outcome {
        /** It is judged, and its run is to take the place of the promoted one: a job was killed there if nobody works at it. */
        @JsonProperty("promoting") PROMOTING,
        /** Its run took the place of the promoted one. */
        @JsonProperty("promoted") PROMOTED,
        /** Its run was worse; the promoted one stayed. */
        @JsonProperty("kept") KEPT,
        /** Its training came to an end that the same images and options always come to. */
        @JsonProperty("failed") FAILED,
        /** It was unfinished when something else was asked for: its images and options were not tried to the end. */
        @JsonProperty("abandoned") ABANDONED
    }

    /**
     * Which images a cycle has: how many of each domain to train on and to judge by, and where they are.
     *
     * @param folder name of the data set; null in records of versions of which every cycle had its own
     * @param version of the data set; null likewise
     */
    record Images(
            @JsonProperty("train_a") long trainA,
            @JsonProperty("train_b") long trainB,
            @JsonProperty("test_a") long testA,
            @JsonProperty("test_b") long testB,
            @JsonProperty("folder") String folder,
            @JsonProperty("version") Integer version) {

        static Images of(ImageDataset dataset) {
            DatasetManifest manifest = dataset.manifest();
            return new Images(manifest.count(Domain.A, Split.TRAIN), manifest.count(Domain.B, Split.TRAIN),
                    manifest.count(Domain.A, Split.TEST), manifest.count(Domain.B, Split.TEST),
                    new Path(dataset.path()).getName(), manifest.version());
        }
    }

    /** A cycle without an outcome. */
    static Cycle begun(int number, String dataset, String start, CycleOptions options) {
        return new Cycle(number, dataset, start, options, null, null, null, null, null);
    }

    /** The cycle with the number of its images. */
    Cycle of(Images its) {
        return new Cycle(number, dataset, start, options, outcome, kid, startKid, reason, its);
    }

    /**
     * The cycle with its verdict.
     *
     * @param judgedBy its options, of which those of the verdict may have changed since it began
     */
    Cycle judged(CycleOptions judgedBy, double ownKid, Double kidOfStart, boolean promoted, String why) {
        return new Cycle(number, dataset, start, judgedBy, promoted ? Outcome.PROMOTED : Outcome.KEPT, ownKid, kidOfStart, why, images);
    }

    /** The cycle, failed for good. */
    Cycle failed(String why) {
        return new Cycle(number, dataset, start, options, Outcome.FAILED, null, null, why, images);
    }

    /** The cycle, given up. */
    Cycle abandoned(String why) {
        return new Cycle(number, dataset, start, options, Outcome.ABANDONED, null, null, why, images);
    }

    /** A promoted cycle as it is recorded before its run is promoted. */
    Cycle promoting() {
        return with(Outcome.PROMOTING);
    }

    /** A cycle with its verdict, with another outcome. */
    Cycle with(Outcome other) {
        return new Cycle(number, dataset, start, options, other, kid, startKid, reason, images);
    }

    /** What a job says that has finished its promotion. */
    String finished() {
        return "cycle " + name() + " was judged, but its promotion was cut short: "
                + (outcome == Outcome.PROMOTED ? "run " + name() + " is promoted now" : reason);
    }

    /** Whether it came to something in which it stays. */
    boolean isOver() {
        return outcome != null && outcome != Outcome.PROMOTING;
    }

    /** The name of the run that was promoted when it was over, unless somebody wrote another; null if none was. */
    String leftPromoted() {
        return outcome == Outcome.PROMOTED ? name() : start;
    }

    /**
     * Why its run is not to be promoted any more, if so: somebody has promoted another than the one it began with. Its own may be promoted
     * already, by a job that was killed right after.
     *
     * @param promoted name of the run that is promoted now; null if none is
     */
    Optional<String> outdated(String promoted) {
        return Objects.equals(promoted, start) || name().equals(promoted) ? Optional.empty()
                : Optional.of(nameOf(promoted) + " is promoted now, it began with " + nameOf(start));
    }

    private static String nameOf(String run) {
        return run == null ? "no run" : "run " + run;
    }

    /** The name of its data set, which other cycles may share. */
    String dataFolder() {
        return images == null || images.folder() == null ? name() : images.folder();
    }

    /** The version of its data set; empty where that has only one. */
    Optional<Integer> dataVersion() {
        return Optional.ofNullable(images).map(Images::version);
    }

    /** The name of its run and its record. */
    String name() {
        return name(number);
    }

    /** The name of a cycle's run, data set and record. */
    static String name(int number) {
        return String.format(Locale.ROOT, "%04d", number);
    }
}
