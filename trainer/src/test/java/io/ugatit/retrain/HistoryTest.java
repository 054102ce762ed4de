package io.ugatit.retrain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class HistoryTest {
    private static final CycleOptions OPTIONS = new CycleOptions(Map.of("train.lr", "1.0", "tolerance", "0.05"));
    private static final CycleOptions OTHER_RATE = new CycleOptions(Map.of("train.lr", "0.5", "tolerance", "0.05"));
    private static final CycleOptions OTHER_TOLERANCE = new CycleOptions(Map.of("train.lr", "1.0", "tolerance", "1.0"));

    private final Cycle first = Cycle.begun(1, "old", null, OPTIONS).judged(OPTIONS, 0.3, null, true, "the first");
    private final Cycle second = Cycle.begun(2, "new", "0001", OPTIONS);
    private final Cycle kept = second.judged(OPTIONS, 0.4, 0.3, false, "worse");
    private final Cycle promoted = second.judged(OPTIONS, 0.2, 0.3, true, "better");

    @Test
    void theSameImagesAndOptionsAreNothingNewWhateverTheyCameTo() {
        assertThat(new History("0002", promoted, promoted, promoted).nothingNew("new", OPTIONS))
                .contains("nothing new: images and options are those of cycle 0002, which was promoted");
        assertThat(new History("0001", kept, kept, first).nothingNew("new", OPTIONS))
                .contains("nothing new: images and options are those of cycle 0002, which was not promoted: worse");
        Cycle failed = second.failed("diverged");
        assertThat(new History("0001", failed, failed, first).nothingNew("new", OPTIONS))
                .contains("nothing new: images and options are those of cycle 0002, which failed: diverged");
        Cycle firstFailed = Cycle.begun(1, "old", null, OPTIONS).failed("diverged");
        assertThat(new History(null, firstFailed, firstFailed, null).nothingNew("old", OPTIONS))
                .contains("nothing new: images and options are those of cycle 0001, which failed: diverged");
        assertThat(new History("0001", kept, kept, first).nothingNew("old", OPTIONS)).as("what the promoted run was trained on")
                .contains("nothing new: images and options are those of cycle 0001, which was promoted");
    }

    @Test
    void whatFailedLastIsStuckUntilImagesOrOptionsAreOthersOrSomebodyPromotesByHand() {
        Cycle failed = second.failed("diverged");
        History history = new History("0001", failed, failed, first);
        assertThat(history.isStuck("new", OPTIONS)).isTrue();
        assertThat(history.isStuck("newer", OPTIONS)).isFalse();
        assertThat(history.isStuck("new", OTHER_RATE)).isFalse();
        assertThat(history.isStuck("old", OPTIONS)).as("what is promoted was trained on these").isFalse();
        assertThat(new History("0000", failed, failed, null).isStuck("new", OPTIONS)).as("by hand").isFalse();
        assertThat(new History("0001", kept, kept, first).isStuck("new", OPTIONS)).isFalse();
        assertThat(new History("0002", promoted, promoted, promoted).isStuck("new", OPTIONS)).isFalse();
    }

    @Test
    void anotherCheckpointToStartFromIsNewUnlessTheRecordKnowsOfNone() {
        CycleOptions latest = OPTIONS.with(CycleOptions.CHECKPOINT, "latest");
        CycleOptions best = OPTIONS.with(CycleOptions.CHECKPOINT, "best");
        Cycle tried = Cycle.begun(2, "new", "0001", latest).judged(latest, 0.4, 0.3, false, "worse");
        assertThat(new History("0001", tried, tried, first).nothingNew("new", latest)).isPresent();
        assertThat(new History("0001", tried, tried, first).nothingNew("new", best)).isEmpty();
        assertThat(new History("0001", tried, tried, first).otherOptions("new", best)).contains("checkpoint is best, was latest");
        assertThat(new History("0001", kept, kept, first).nothingNew("new", best)).as("a version that kept none").isPresent();
        Cycle begun = Cycle.begun(2, "new", "0001", latest);
        assertThat(new History("0001", begun, first, first).obstacle(begun, best)).isEmpty();
    }

    @Test
    void otherImagesOrOptionsAreNew() {
        History history = new History("0001", kept, kept, first);
        assertThat(history.nothingNew("newer", OPTIONS)).isEmpty();
        assertThat(history.otherOptions("newer", OTHER_RATE)).isEmpty();
        assertThat(history.nothingNew("new", OTHER_RATE)).isEmpty();
        assertThat(history.otherOptions("new", OTHER_RATE)).contains("train.lr is 0.5, was 1.0");
        assertThat(history.nothingNew("new", OTHER_TOLERANCE)).isEmpty();
        assertThat(new History(null, null, null, null).nothingNew("new", OPTIONS)).isEmpty();
    }

    @Test
    void anAbandonedCycleHasTriedNothing() {
        Cycle abandoned = second.abandoned("train.lr is 0.5, was 1.0");
        History history = new History("0001", abandoned, first, first);
        assertThat(history.nothingNew("new", OPTIONS)).isEmpty();
        assertThat(history.nextNumber()).isEqualTo(3);
    }

    @Test
    void aRunPromotedByHandStandsUntilThereAreOtherImages() {
        History rolledBack = new History("0001", promoted, promoted, first);
        String stands = "nothing new: run 0001 was promoted by hand, which stands until there are other images than those of cycle 000";
        assertThat(rolledBack.nothingNew("new", OPTIONS)).contains(stands + "2");
        assertThat(rolledBack.nothingNew("new", OTHER_RATE)).contains(stands + "2");
        assertThat(rolledBack.nothingNew("old", OTHER_RATE)).contains(stands + "1");
        assertThat(rolledBack.nothingNew("newer", OPTIONS)).isEmpty();
        History forward = new History("0002", kept, kept, kept);
        assertThat(forward.nothingNew("new", OTHER_RATE)).contains(
                "nothing new: run 0002 was promoted by hand, which stands until there are other images than those of cycle 0002");
        History none = new History(null, promoted, promoted, null);
        assertThat(none.nothingNew("new", OPTIONS)).as("somebody deleted PROMOTED to begin from scratch").isEmpty();
    }

    @Test
    void anUnfinishedCycleGoesOnUnlessItsTrainingOrItsStartIsAnotherNow() {
        History history = new History("0001", second, first, first);
        assertThat(history.unfinished()).contains(second);
        assertThat(history.obstacle(second, OPTIONS)).isEmpty();
        assertThat(history.obstacle(second, OTHER_TOLERANCE)).as("judged by the new one").isEmpty();
        assertThat(history.obstacle(second, OTHER_RATE)).contains("train.lr is 0.5, was 1.0");
        assertThat(new History("0002", second, first, second).obstacle(second, OPTIONS)).as("killed after the promotion").isEmpty();
        assertThat(new History("0000", second, first, null).obstacle(second, OPTIONS))
                .contains("run 0000 is promoted now, it began with run 0001");
        assertThat(new History(null, second, first, null).obstacle(second, OPTIONS))
                .contains("no run is promoted now, it began with run 0001");
        Cycle ofOldVersion = Cycle.begun(2, "new", "0001", null);
        assertThat(new History("0001", ofOldVersion, first, first).obstacle(ofOldVersion, OPTIONS))
                .contains("a version of the program began it that did not record its options");
    }

    @Test
    void judgedCyclesOfOldVersionsCountByTheirImages() {
        Cycle old = Cycle.begun(2, "new", "0001", null).judged(null, 0.4, 0.3, false, "worse");
        History history = new History("0001", old, old, first);
        assertThat(history.nothingNew("new", OTHER_RATE))
                .contains("nothing new: images and options are those of cycle 0002, which was not promoted: worse");
        assertThat(history.otherOptions("new", OTHER_RATE)).isEmpty();
    }

    @Test
    void aRunFromElsewhereMayBePromoted() {
        History history = new History("0007", null, null, null);
        assertThat(history.nothingNew("new", OPTIONS)).isEmpty();
        assertThat(history.nextNumber()).isEqualTo(8);
    }
}
