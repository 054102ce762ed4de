package io.ugatit.retrain;

import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the cycles so far say about the next one.
 *
 * @param promoted name of the promoted run; null if none is
 * @param newest the cycle that began last; null before the first
 * @param tried the newest cycle that came to its end, judged or failed; null if none has
 * @param ofPromoted the cycle of the promoted run; null if none is, or if it is a run from elsewhere
 */
record History(String promoted, Cycle newest, Cycle tried, Cycle ofPromoted) {

    /** Reads it from a workspace. */
    static History of(Workspace workspace) throws IOException {
        String promoted = workspace.promoted().orElse(null);
        Cycle newest = null;
        Cycle tried = null;
        for (int number : workspace.cycleNumbers()) {
            Cycle cycle = workspace.cycle(number).orElseThrow();
            newest = newest == null ? cycle : newest;
            if (cycle.isOver() && cycle.outcome() != Cycle.Outcome.ABANDONED) {
                tried = cycle;
                break;
            }
        }
        return new History(promoted, newest, tried, promoted == null ? null : workspace.cycle(Integer.parseInt(promoted)).orElse(null));
    }

    /** The cycle that has begun and is not over. */
    Optional<Cycle> unfinished() {
        return Optional.ofNullable(newest).filter(cycle -> !cycle.isOver());
    }

    /** The number of the next cycle: nothing of this name is there. */
    int nextNumber() {
        return 1 + Math.max(newest == null ? 0 : newest.number(), promoted == null ? 0 : Integer.parseInt(promoted));
    }

    /**
     * Why the unfinished cycle cannot go on, if so.
     *
     * @param now the options asked for
     */
    Optional<String> obstacle(Cycle unfinished, CycleOptions now) {
        Optional<String> outdated = unfinished.outdated(promoted);
        if (outdated.isPresent()) {
            return outdated;
        }
        if (unfinished.options() == null) {
            return Optional.of("a version of the program began it that did not record its options");
        }
        String changes = now.ofTheRun().changesSince(unfinished.options());
        return changes.isEmpty() ? Optional.empty() : Optional.of(changes);
    }

    /**
     * Why there is nothing to do, if so: images and options were tried before, whatever they came to, or somebody has promoted another run
     * by hand, which stands until there are new images.
     *
     * @param dataset content hash of the images there are now
     * @param now the options asked for
     */
    Optional<String> nothingNew(String dataset, CycleOptions now) {
        boolean byHand = isByHand();
        return triedBefore(dataset, now).map(cycle -> byHand
                ? "nothing new: run " + promoted + " was promoted by hand, which stands until there are other images than those of"
                        + " cycle " + cycle.name()
                : "nothing new: images and options are those of cycle " + cycle.name() + ", which " + cameTo(cycle));
    }

    /** Whether there is nothing to do because what was tried last failed, and would fail again. */
    boolean isStuck(String dataset, CycleOptions now) {
        return !isByHand() && triedBefore(dataset, now).filter(cycle -> cycle.outcome() == Cycle.Outcome.FAILED).isPresent();
    }

    private boolean isByHand() {
        return newest != null && !Objects.equals(promoted, newest.leftPromoted());
    }

    private Optional<Cycle> triedBefore(String dataset, CycleOptions now) {
        if (promoted == null && newest != null && newest.leftPromoted() != null) {
            return Optional.empty(); // somebody deleted the name: from scratch, then
        }
        return sameImages(dataset).filter(cycle -> isByHand() || changes(cycle, now).isEmpty()).findFirst();
    }

    /** What is new if the images are not: options. */
    Optional<String> otherOptions(String dataset, CycleOptions now) {
        return sameImages(dataset).findFirst().map(cycle -> changes(cycle, now)).filter(changes -> !changes.isEmpty());
    }

    private Stream<Cycle> sameImages(String dataset) {
        return Stream.of(Optional.ofNullable(tried), Optional.ofNullable(ofPromoted)).flatMap(Optional::stream)
                .filter(cycle -> cycle.dataset().equals(dataset));
    }

    private static String changes(Cycle cycle, CycleOptions now) {
        return cycle.options() == null ? "" : now.changesSince(cycle.options());
    }

    private static String cameTo(Cycle cycle) {
        return switch (cycle.outcome()) {
            case PROMOTED -> "was promoted";
            case KEPT -> "was not promoted: " + cycle.reason();
            default -> "failed: " + cycle.reason();
        };
    }
}
