package io.ugatit.retrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ugatit.checkpoint.CheckpointStore;
import io.ugatit.cluster.TrainingProgress;
import io.ugatit.evaluate.TinyImages;
import io.ugatit.job.JobFailedException;
import io.ugatit.lock.HeldException;
import io.ugatit.process.JavaProcess;
import io.ugatit.retrain.NightDisk.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Thirty nights that nobody watches, on images that grow, with one of everything that nights bring. */
@Tag("slow")
class MonthOfNightsTest extends Nights {
    private static final int KEEP = 3;
    private static final double TOLERANCE = 0;

    private final Configuration configuration = NightDisk.register(new Configuration());
    private final Random random = new Random(20);
    private final Map<Stage, Integer> changes = new EnumMap<>(Stage.class);
    private int added;
    private int nights;
    private int killed;

    /** A night in a JVM of its own. */
    static final class KilledNight {
        private KilledNight() { }

        public static void main(String[] args) {
            SparkSession spark = SparkSession.builder().master("local[1]").config("spark.ui.enabled", "false")
                    .config("spark.driver.host", "127.0.0.1").getOrCreate();
            NightDisk.register(spark.sparkContext().hadoopConfiguration());
            new RetrainJob(spark, new RetrainOptions(args[0]), new TrainingProgress(System.out), System.out).run();
        }
    }

    @BeforeEach
    void workspaceOnAWatchedDisk() {
        NightDisk.register(spark.sparkContext().hadoopConfiguration());
        conf.put("workspace", "night:" + workspace).put("keep", KEEP).put("tolerance", TOLERANCE).set("train", sound());
    }

    @AfterEach
    void repairTheDisk() {
        NightDisk.fillUpFor(null);
    }

    private static ObjectNode sound() {
        return JSON.createObjectNode().put("ch", 2).put("res-blocks", 1).put("global-layers", 3).put("local-layers", 3).put("steps", 4)
                .put("averaging-frequency", 2).put("checkpoint-every", 1).put("samples", 1).put("lr", 1e-3);
    }

    /** One more image in each folder. */
    private void grow() throws IOException {
        added++;
        TinyImages.write(folder.resolve("new"), 1, 100 + added);
        for (String part : List.of("trainA", "trainB", "testA", "testB")) {
            Files.move(folder.resolve("new").resolve(part).resolve("0.png"), image(part, added));
        }
    }

    private Path image(String part, int number) {
        return input.resolve(part).resolve("new-" + number + ".png");
    }

    /** A night that ends in a verdict. */
    private RetrainResult judged() throws IOException {
        Stream.of(Stage.values()).forEach(stage -> stage.changes.set(0));
        nights++;
        RetrainResult result = night();
        assertThat(result.outcome()).as(result.reason()).isIn(RetrainResult.Outcome.PROMOTED, RetrainResult.Outcome.KEPT);
        requirePromotedIsWhole();
        return result;
    }

    private void goodNight() throws IOException {
        grow();
        judged();
        Stream.of(Stage.values()).forEach(stage -> changes.put(stage, stage.changes.get()));
    }

    private void nothingNew() throws IOException {
        nights++;
        assertThat(night().outcome()).isEqualTo(RetrainResult.Outcome.NOTHING_NEW);
        requirePromotedIsWhole();
    }

    private void fails(String message) throws IOException {
        String before = promoted();
        nights++;
        assertThatThrownBy(this::night).isInstanceOf(JobFailedException.class).hasMessageContaining(message).hasMessageNotContaining("\n")
                .hasMessageContaining("run " + before.strip() + " stays promoted");
        assertThat(promoted()).isEqualTo(before);
        requirePromotedIsWhole();
    }

    private void isKilledIn(Stage stage, int number) throws Exception {
        grow();
        nights++;
        killed++;
        Path file = Files.writeString(folder.resolve("conf.json"), conf.toString());
        Path output = folder.resolve("killed-" + stage);
        try (JavaProcess night = JavaProcess.start(output, List.of("-Dnight.stage=" + stage, "-Dnight.change=" + number), KilledNight.class,
                file.toString())) {
            assertThat(night.await()).as("killed at change " + number + " of " + stage + ": " + night.said()).isEqualTo(NightDisk.DEAD);
        }
        requirePromotedIsWhole();
    }

    private int anywhereIn(Stage stage) {
        // the last two may be missing in another night, and after the very last one there is nothing left to do
        return 1 + random.nextInt(changes.get(stage) - 2);
    }

    private void requirePromotedIsWhole() throws IOException {
        Workspace read = new Workspace(configuration, new org.apache.hadoop.fs.Path("night:" + workspace));
        assertThat(new CheckpointStore(read.run(read.promoted().orElseThrow())).latestWhole(line -> { })).isPresent();
        assertThat(names("runs").size()).isLessThanOrEqualTo(KEEP + 3);
    }

    @Test
    void thirtyNightsEndWithTheBestModelATrueStoryAndBoundedStorage() throws Exception {
        goodNight();
        goodNight();
        goodNight();
        newImagesAreAllBroken();
        goodNight();
        for (Stage stage : List.of(Stage.PREPARE, Stage.TRAIN, Stage.EVALUATE, Stage.PROMOTE)) {
            isKilledIn(stage, anywhereIn(stage));
            judged();
        }
        isKilledIn(Stage.PRUNE, 1); // the images of all nights are in one data set, so a run is all that goes
        nothingNew();

        grow();
        training().put("cam-weight", 1e38);
        fails("training diverged in steps 1 to 2: ");
        conf.set("train", sound());
        goodNight();
        collapses();
        conf.set("train", sound());
        goodNight();
        findsTheDiskFull();
        judged();
        runsTwiceAtOnce();
        hasAClockThatJumpsBack();
        nothingNew();
        findsThePromotedCheckpointDamaged();
        goodNight();
        nothingNew();
        isWorse();
        goodNight();
        goodNight();

        assertThat(nights).isEqualTo(30);
        theBestIsPromoted();
        theStoryIsTold();
        nothingIsLeftOver();
    }

    private void newImagesAreAllBroken() throws IOException {
        added++;
        for (String part : List.of("trainA", "trainB", "testA", "testB")) {
            Files.writeString(image(part, added), "no image at all");
        }
        fails("no cycle has begun: ");
        for (String part : List.of("trainA", "trainB", "testA", "testB")) {
            Files.delete(image(part, added));
        }
    }

    private void collapses() throws IOException {
        grow();
        for (String loss : List.of("adv-weight", "cycle-weight", "identity-weight", "cam-weight")) {
            training().put(loss, 0);
        }
        training().put("weight-decay", 1).put("lr", 0.01).put("steps", 2000).put("averaging-frequency", 10).put("checkpoint-every", 20);
        fails(" draws the same picture whatever it is given: ");
    }

    private void isWorse() throws IOException {
        training().put("lr", 0.1).put("steps", 6);
        grow();
        assertThat(judged().outcome()).isEqualTo(RetrainResult.Outcome.KEPT);
        conf.set("train", sound());
    }

    private void findsTheDiskFull() throws IOException {
        grow();
        NightDisk.fillUpFor("/runs/\\d{4}/checkpoints/\\S+/moments");
        fails("No space left on device");
        NightDisk.fillUpFor(null);
    }

    private void runsTwiceAtOnce() throws IOException {
        List<Throwable> refused = new ArrayList<>();
        atCheckpoint = () -> {
            atCheckpoint = () -> { };
            assertThatThrownBy(this::night).isInstanceOf(HeldException.class).satisfies(refused::add)
                    .hasMessageContaining("the retrain job that process " + ProcessHandle.current().pid());
        };
        goodNight();
        assertThat(refused).hasSize(1);
    }

    private void hasAClockThatJumpsBack() throws IOException {
        grow();
        for (String part : List.of("trainA", "trainB", "testA", "testB")) {
            Files.setLastModifiedTime(image(part, added), FileTime.from(Instant.EPOCH));
        }
        clock = Clock.offset(clock, Duration.ofDays(-400));
        judged();
        clock = Clock.systemUTC();
    }

    private void findsThePromotedCheckpointDamaged() throws IOException {
        String run = promoted().strip();
        Path parameters = workspace.resolve("runs/" + run + "/checkpoints/step-00000004/parameters.safetensors");
        byte[] bytes = Files.readAllBytes(parameters);
        bytes[bytes.length / 2] ^= 1;
        Files.write(parameters, bytes);
        goodNight();
        assertThat(said()).anyMatch(line -> line.contains("step-00000004") && line.contains("damaged"));
        Cycle newest = new HistoryJob(configuration, new HistoryOptions("night:" + workspace, null, false), System.out).run().cycles().stream()
                .reduce((earlier, later) -> later).orElseThrow();
        assertThat(newest.start()).isEqualTo(run);
        assertThat(parameters(newest.name(), 0)).as("what is whole").isEqualTo(parameters(run, 2));
    }

    /** Follows the records: every verdict is the tolerance's, every cycle began with what was promoted. */
    private void theBestIsPromoted() throws IOException {
        String best = null;
        List<Cycle.Outcome> outcomes = new ArrayList<>();
        for (Cycle cycle : history().cycles()) {
            outcomes.add(cycle.outcome());
            assertThat(cycle.start()).as("start of " + cycle).isEqualTo(best);
            if (cycle.kid() != null) {
                boolean better = best == null || cycle.kid() <= cycle.startKid() + TOLERANCE * Math.abs(cycle.startKid());
                assertThat(cycle.outcome()).as(cycle.toString()).isEqualTo(better ? Cycle.Outcome.PROMOTED : Cycle.Outcome.KEPT);
                best = better ? cycle.name() : best;
            } else {
                assertThat(cycle.outcome()).isEqualTo(Cycle.Outcome.FAILED);
            }
        }
        assertThat(outcomes).contains(Cycle.Outcome.PROMOTED, Cycle.Outcome.KEPT).filteredOn(Cycle.Outcome.FAILED::equals).hasSize(2);
        assertThat(promoted()).isEqualTo(best + "\n");
    }

    private HistoryResult history() {
        return new HistoryJob(configuration, new HistoryOptions("night:" + workspace, folder.resolve("history.html").toString(), false), System.out)
                .run();
    }

    private void theStoryIsTold() throws IOException {
        HistoryResult history = history();
        assertThat(history.nights()).as("those that were killed could say nothing").hasSize(nights - killed);
        assertThat(history.nights().stream().filter(night -> night.outcome().equals("failed")).map(Night::reason)).satisfiesExactly(
                reason -> assertThat(reason).startsWith("no cycle has begun: "),
                reason -> assertThat(reason).contains("training diverged in steps 1 to 2: "),
                reason -> assertThat(reason).contains("draws the same picture whatever it is given: its translations of steps "),
                reason -> assertThat(reason).contains("No space left on device"));
        assertThat(history.nights().stream().filter(night -> night.outcome().equals("nothing_new"))).hasSize(3);
        assertThat(history.lines()).last().isEqualTo("promoted: run " + history.promoted());
        assertThat(folder.resolve("history.html")).content().contains("<h1>workspace</h1>", "No space left on device");
    }

    private void nothingIsLeftOver() throws IOException {
        try (Stream<Path> files = Files.walk(workspace)) {
            assertThat(files.filter(file -> file.getFileName().toString().startsWith("."))).isEmpty();
        }
        List<String> all = history().cycles().stream().map(Cycle::name).toList();
        List<String> stay = new ArrayList<>(all.subList(all.size() - KEEP, all.size()));
        stay.add(history().promoted());
        stay.add(cycle(history().promoted()).path("start").asText());
        assertThat(names("runs")).isSubsetOf(stay);
        List<String> data = new ArrayList<>();
        for (String name : stay) {
            data.add(name.equals("null") ? name : cycle(name).at("/images/folder").asText());
        }
        assertThat(names("datasets")).isSubsetOf(data);
        assertThat(names("samples").size()).isLessThanOrEqualTo(HistoryPage.MOST_SAMPLES);
    }
}
