package io.ugatit.retrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.ugatit.checkpoint.CheckpointStore;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.publish.FragileFileSystem;
import io.ugatit.publish.Publishing;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkspaceTest {
    private static final CycleOptions OPTIONS = new CycleOptions(Map.of("train.lr", "1.0"));
    @TempDir
    Path folder;
    private Workspace workspace;

    @BeforeEach
    void open() {
        workspace = new Workspace(FragileFileSystem.configuration(), new org.apache.hadoop.fs.Path("fragile://" + folder));
    }

    @AfterEach
    void repair() {
        FragileFileSystem.repair();
    }

    /** A cycle with a run of two files and a data set of one. */
    private void add(Cycle cycle) throws IOException {
        write("runs/" + cycle.name() + "/config.json", "{}");
        write("runs/" + cycle.name() + "/checkpoints/state", "state");
        write("datasets/" + cycle.name() + "/manifest.json", "{}");
        workspace.publish(cycle);
    }

    private void write(String file, String content) throws IOException {
        Files.createDirectories(folder.resolve(file).getParent());
        Files.writeString(folder.resolve(file), content);
    }

    private static Cycle kept(int number, String start) {
        return Cycle.begun(number, "images", start, OPTIONS).judged(OPTIONS, 0.2, 0.1, false, "worse");
    }

    private static Cycle promoted(int number, String start) {
        return Cycle.begun(number, "images", start, OPTIONS).judged(OPTIONS, 0.1, 0.2, true, "better");
    }

    private List<String> names(String part) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve(part))) {
            return files.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void theNewestThePromotedAndWhatItBeganWithStay() throws IOException {
        add(promoted(1, null));
        add(promoted(2, "0001"));
        add(promoted(3, "0002"));
        for (int number = 4; number < 8; number++) {
            add(kept(number, "0003"));
        }
        write("runs/by-hand/config.json", "{}");
        workspace.promote("0003");
        assertThat(prune(2)).containsExactly("0001", "0004", "0005");
        assertThat(names("runs")).containsExactly("0002", "0003", "0006", "0007", "by-hand");
        assertThat(names("datasets")).containsExactly("0002", "0003", "0006", "0007");
        assertThat(names("cycles")).as("the history").hasSize(7);
        assertThat(prune(9)).isEmpty();
        assertThat(names("runs")).hasSize(5);

        write("PROMOTED", "0001\n");
        assertThatThrownBy(workspace::promoted).isInstanceOf(InvalidRequestException.class).hasMessageEndingWith(
                "PROMOTED names '0001', which is no run of the workspace: must be the name of a folder in fragile:" + folder
                        + "/runs, which are 0002, 0003, 0006, 0007");
    }

    @Test
    void anUnfinishedCycleAndItsStartStay() throws IOException {
        add(promoted(1, null));
        add(kept(2, "0001"));
        add(Cycle.begun(3, "images", "0001", OPTIONS));
        // killed after the promotion and before the record of it
        workspace.promote("0003");
        prune(1);
        assertThat(names("runs")).containsExactly("0001", "0003");
        assertThat(names("datasets")).containsExactly("0001", "0003");
    }

    private Set<String> prune(int keep) throws IOException {
        Set<String> deleted = new TreeSet<>();
        workspace.prune(keep, deleted);
        return deleted;
    }

    /** Somebody deleted the file by mistake: the next night trains from scratch, which says nothing against the champion. */
    @Test
    void whatWasPromotedLastStaysWithoutTheFileUntilAnotherIsPromoted() throws IOException {
        add(promoted(1, null));
        for (int number = 2; number < 6; number++) {
            add(kept(number, "0001"));
        }
        assertThat(prune(1)).containsExactly("0002", "0003", "0004");
        assertThat(names("runs")).containsExactly("0001", "0005");
        assertThat(names("datasets")).containsExactly("0001", "0005");

        add(Cycle.begun(6, "images", null, OPTIONS));
        prune(1);
        assertThat(names("runs")).as("a first cycle has begun").containsExactly("0001", "0006");
        workspace.carryOut(promoted(6, null));
        prune(1);
        assertThat(names("runs")).containsExactly("0006");
    }

    @Test
    void whatWasPromotedByHandLastStaysWithoutTheFile() throws IOException {
        add(promoted(1, null));
        add(promoted(2, "0001"));
        workspace.rollbacks().add(new Rollback("0002", "0001", 2, "2026-11-01T02:00:00Z"));
        add(kept(3, "0001"));
        add(kept(4, "0001"));
        assertThat(prune(1)).containsExactly("0002", "0003");
        assertThat(names("runs")).containsExactly("0001", "0004");
    }

    @Test
    void oneThatCannotBeDeletedKeepsNoOther() throws IOException {
        for (int number = 1; number < 5; number++) {
            add(kept(number, null));
        }
        FragileFileSystem.refuseToMove("/runs/0001$");
        assertThatThrownBy(() -> prune(1)).isInstanceOf(IOException.class).hasMessageEndingWith("/runs/0001: Operation not permitted");
        assertThat(names("runs")).containsExactly("0001", "0004");
        assertThat(names("datasets")).containsExactly("0004");
    }

    @Test
    void aRollbackNeedsNoPromotedRunIfItIsToldWhichToPromote() throws IOException {
        add(promoted(1, null));
        add(kept(2, "0001"));
        assertThatThrownBy(() -> rollback(null)).isInstanceOf(InvalidRequestException.class).hasMessage("--workspace is " + workspace.path()
                + ": no run is promoted there, so there is nothing to take back; --to promotes one of 0001, 0002");
        assertThatThrownBy(() -> rollback("0003")).hasMessageStartingWith("--to is 0003: is no run of the workspace");
        new CheckpointStore(workspace.run("0001")).publish(0, Map.of(), Map.of(), JsonNodeFactory.instance.objectNode());
        assertThat(rollback("0001")).isEqualTo(new RollbackResult(null, "0001", workspace.run("0001").path().toString()));
        assertThat(workspace.promoted()).contains("0001");
        assertThat(new HistoryJob(workspace.configuration(), new HistoryOptions(workspace.path().toString(), null, false), System.out).run()
                .table().rows().get(2)).contains("rolled back", "run 0001 was promoted in the place of none by hand");
    }

    private RollbackResult rollback(String to) {
        return new RollbackJob(workspace.configuration(), new RollbackOptions(workspace.path().toString(), to), System.out).run();
    }

    @Test
    void aPromotionThatIsCutShortAnywhereIsFinishedOnceAndThenTakenBackForGood() throws IOException {
        Cycle begun = Cycle.begun(2, "images", "0001", OPTIONS);
        int kills = 0;
        int finished = 0;
        for (boolean cut = true; cut; kills++) {
            add(promoted(1, null));
            add(begun);
            workspace.promote("0001");
            FragileFileSystem.failAfter(kills);
            try {
                workspace.carryOut(promoted(2, "0001"));
                cut = false;
            } catch (IOException e) {
                assertThat(e).hasMessageContaining("the plug was pulled");
            }
            FragileFileSystem.repair();
            Optional<Cycle> over = workspace.finishPromotion();
            finished += over.isPresent() ? 1 : 0;
            if (workspace.cycle(2).orElseThrow().equals(begun)) {
                assertThat(workspace.promoted()).as("no verdict after " + kills + " changes").contains("0001");
                continue;
            }
            assertThat(over.orElse(promoted(2, "0001"))).isEqualTo(promoted(2, "0001"));
            assertThat(workspace.cycle(2)).contains(promoted(2, "0001"));
            assertThat(workspace.promoted()).as("after " + kills + " changes").contains("0002");
            workspace.promote("0001");
            assertThat(workspace.finishPromotion()).isEmpty();
            assertThat(workspace.promoted()).contains("0001");
        }
        assertThat(finished).as("of " + kills).isGreaterThan(3);
    }

    @Test
    void aPromotionThatIsCutShortGivesWayToOneByHandAndNeedsItsRun() throws IOException {
        add(promoted(1, null));
        add(promoted(2, "0001").promoting());
        write("runs/0007/config.json", "{}");
        workspace.promote("0007");
        assertThat(workspace.finishPromotion()).contains(
                Cycle.begun(2, "images", "0001", OPTIONS).abandoned("run 0007 is promoted now, it began with run 0001"));
        assertThat(workspace.promoted()).contains("0007");

        workspace.publish(promoted(2, "0001").promoting());
        workspace.promote("0001");
        Files.delete(folder.resolve("runs/0002/config.json"));
        assertThat(workspace.finishPromotion().orElseThrow().reason()).isEqualTo("fragile:" + folder + "/runs/0002 is gone");
        assertThat(workspace.promoted()).contains("0001");
    }

    @Test
    void killedWhileItDeletesItLeavesWholeRunsAndTheNextJobDeletesTheRest() throws IOException {
        for (int number = 1; number < 6; number++) {
            add(kept(number, null));
        }
        workspace.promote("0001");
        int kills = 0;
        while (true) {
            FragileFileSystem.failAfter(kills);
            try {
                prune(1);
                break;
            } catch (IOException e) {
                kills++;
            }
            FragileFileSystem.repair();
            assertThat(names("runs")).contains("0001", "0005");
            for (String run : names("runs")) {
                if (!run.startsWith(Publishing.TEMPORARY_PREFIX)) {
                    assertThat(names("runs/" + run)).as("after " + kills + " kills").containsExactly("checkpoints", "config.json");
                }
            }
        }
        FragileFileSystem.repair();
        assertThat(kills).as("every change was the last once").isGreaterThan(2);
        workspace.removeStale();
        assertThat(names("runs")).containsExactly("0001", "0005");
        assertThat(names("datasets")).containsExactly("0001", "0005");
    }

    @Test
    void recordsAreReadAsTheyWereWrittenAndThoseOfOldVersionsToo() throws IOException {
        for (Cycle cycle : List.of(Cycle.begun(1, "images", null, OPTIONS), promoted(1, null), kept(1, "0001"), promoted(1, "0001").promoting(),
                Cycle.begun(1, "images", null, OPTIONS).failed("diverged"), Cycle.begun(1, "images", null, OPTIONS).abandoned("changed"))) {
            workspace.publish(cycle);
            assertThat(workspace.cycle(1)).contains(cycle);
        }
        assertThat(Files.readString(folder.resolve("cycles/0001.json"))).isEqualTo(
                "{\"number\":1,\"dataset\":\"images\",\"options\":{\"train.lr\":\"1.0\"},\"outcome\":\"abandoned\",\"reason\":\"changed\"}");

        write("cycles/0002.json", "{\"number\":2,\"dataset\":\"images\",\"start\":\"0001\",\"kid\":0.2,\"start_kid\":0.1,\"promoted\":false,"
                + "\"reason\":\"worse\"}");
        assertThat(workspace.cycle(2)).contains(new Cycle(2, "images", "0001", null, Cycle.Outcome.KEPT, 0.2, 0.1, "worse", null));
        write("cycles/0003.json", "{\"number\":3,\"dataset\":\"images\",\"start\":\"0001\",\"promoted\":true}");
        assertThat(workspace.cycle(3).orElseThrow().outcome()).isEqualTo(Cycle.Outcome.PROMOTED);
        write("cycles/0004.json", "{\"number\":4,\"dataset\":\"images\"}");
        assertThat(workspace.cycle(4).orElseThrow().isOver()).isFalse();
        assertThat(workspace.cycleNumbers()).containsExactly(4, 3, 2, 1);
        assertThat(workspace.cycle(5)).isEmpty();
    }

    @Test
    void damagedRecordsAreNamed() throws IOException {
        for (String damaged : new TreeSet<>(List.of("", "null", "[]", "{\"number\":1", "{\"dataset\":\"images\"}",
                "{\"number\":2,\"dataset\":\"images\"}", "{\"number\":1,\"dataset\":null}", "{\"number\":1,\"dataset\":\"images\",\"start\":\"the best\"}",
                "\0\0\0 {\"number\":1}", "{\"number\":1,\"dataset\":\"images\",\"outcome\":\"won\"}"))) {
            write("cycles/0001.json", damaged);
            assertThatThrownBy(() -> workspace.cycle(1)).as(damaged).isInstanceOf(InvalidRequestException.class)
                    .hasMessageStartingWith("fragile:" + folder + "/cycles/0001.json is damaged: ");
        }
    }

    /** A night would else look for cycle 3 and not find it. */
    @Test
    void aCopyOfARecordIsNone() throws IOException {
        add(promoted(1, null));
        write("cycles/0000001.json", Files.readString(folder.resolve("cycles/0001.json")));
        write("cycles/00003.json", "{}");
        assertThat(workspace.cycleNumbers()).containsExactly(1);
        assertThat(History.of(workspace).newest()).isEqualTo(promoted(1, null));
    }

    @Test
    void whatHistoryCannotReadOfNightsAndRollbacksIsLeftOutWithALine() throws IOException {
        add(promoted(1, null));
        write("nights/0001.json", "{\"outcome\":null,\"began\":\"2026-11-30T00:00:00Z\"}");
        write("nights/0002.json", "{\"outcome\":\"promoted\",\"began\":\"2026-11-30T00:00:00Z\"}");
        write("nights/0003.json", " ".repeat((1 << 20) + 1));
        write("rollbacks/0001.json", "{\"from\":\"0001\",\"to\":\"0001\",\"after\":1,\"at\":null}");
        ByteArrayOutputStream said = new ByteArrayOutputStream();

        HistoryResult history = new HistoryJob(workspace.configuration(), new HistoryOptions(workspace.path().toString(), null, false),
                new PrintStream(said, true, StandardCharsets.UTF_8)).run();

        assertThat(history.nights()).extracting(Night::outcome).containsExactly("promoted");
        assertThat(history.lines()).endsWith("no run is promoted");
        assertThat(said.toString(StandardCharsets.UTF_8).lines()).hasSize(3)
                .anySatisfy(line -> assertThat(line).startsWith("cannot read ").contains("nights/0003.json: ").endsWith("; it is left out"))
                .anySatisfy(line -> assertThat(line).contains("rollbacks/0001.json is damaged: ").endsWith("; it is left out"))
                .anySatisfy(line -> assertThat(line).contains("nights/0001.json is damaged: ").endsWith("; it is left out"));
    }

    @Test
    void whatANightFailedOfHasNothingThatTerminalsObey() throws IOException {
        workspace.nights().add(Night.failed(new IOException("no image: \u001b[2J\u0007a\u009bb"), null, 1, Instant.EPOCH));
        assertThat(new HistoryJob(workspace.configuration(), new HistoryOptions(workspace.path().toString(), null, false), System.out).run()
                .lines()).anyMatch(line -> line.endsWith(" failed: no image: ?[2J?a?b"));
    }

    @Test
    void aPageWhoseNameIsNoPathIsRefused() throws IOException {
        add(promoted(1, null));
        HistoryOptions options = new HistoryOptions(workspace.path().toString(), "nights:page.html", false);
        assertThatThrownBy(() -> new HistoryJob(workspace.configuration(), options, System.out).run())
                .isInstanceOf(InvalidRequestException.class).hasMessageStartingWith("--output is nights:page.html: ");
    }

    @Test
    void aPageDoesNotTakeThePlaceOfTheWorkspacesOwnFiles() throws IOException {
        add(promoted(1, null));
        for (String name : List.of("PROMOTED", "cycles/0001.json")) {
            String output = workspace.path() + "/" + name;
            assertThatThrownBy(() -> new HistoryJob(workspace.configuration(), new HistoryOptions(workspace.path().toString(), output, false),
                    System.out).run()).isInstanceOf(InvalidRequestException.class)
                    .hasMessage("--output is " + output + ": in the workspace it must end in .html, other files there are its own");
        }
        String page = workspace.path() + "/history.html";
        new HistoryJob(workspace.configuration(), new HistoryOptions(workspace.path().toString(), page, false), System.out).run();
        assertThat(workspace.path().getFileSystem(workspace.configuration()).exists(new org.apache.hadoop.fs.Path(page))).isTrue();
    }
}
