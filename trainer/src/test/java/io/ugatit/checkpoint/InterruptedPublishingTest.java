package io.ugatit.checkpoint;

import static io.ugatit.checkpoint.CheckpointFixture.assertHolds;
import static io.ugatit.checkpoint.CheckpointFixture.moments;
import static io.ugatit.checkpoint.CheckpointFixture.parameters;
import static io.ugatit.checkpoint.CheckpointFixture.position;
import static io.ugatit.checkpoint.CheckpointFixture.publish;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.ugatit.job.JobFailedException;
import io.ugatit.publish.FragileFileSystem;
import io.ugatit.publish.Publishing;
import io.ugatit.publish.Removal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Pulls the plug after the first change to the disk, after the second, and so on until the work gets through. */
class InterruptedPublishingTest {
    private static final int MORE_CHANGES_THAN_NEEDED = 500;

    @TempDir
    private Path folder;
    private final Configuration configuration = FragileFileSystem.configuration();

    @AfterEach
    void repair() {
        FragileFileSystem.repair();
    }

    @Test
    void whereverPublishingStopsTheNewestWholeCheckpointIsReadAndPublishingAgainWorks() throws IOException {
        int interruptions = 0;
        for (boolean done = false; !done; interruptions++) {
            CheckpointStore store = store(interruptions);
            publish(store, 1);

            done = survives(interruptions, () -> publish(store, 2));

            List<String> warnings = new ArrayList<>();
            Checkpoint latest = store.latestWhole(warnings::add).orElseThrow();
            assertHolds(latest, done ? 2 : latest.step());
            assertThat(warnings).isEmpty();
            publish(store, 2);
            assertHolds(store.latestWhole(warnings::add).orElseThrow(), 2);
            assertThat(names(folder.resolve(interruptions + "/checkpoints"))).containsExactly("step-00000001", "step-00000002");
        }
        assertThat(interruptions).isGreaterThan(20);
    }

    @Test
    void whereverPublishingAveragesAndTheBestStopsBothAreOfOneStep() throws IOException {
        int interruptions = 0;
        for (boolean done = false; !done; interruptions++) {
            CheckpointStore store = store(interruptions);
            publishBestWithAverages(store, 1);

            done = survives(interruptions, () -> publishBestWithAverages(store, 2));

            Checkpoint latest = store.latestWhole(warning -> fail(warning)).orElseThrow();
            Map<String, INDArray> averages = parameters(0);
            latest.readAverages(averages);
            assertThat(averages).isEqualTo(parameters(-latest.step()));
            assertThat(store.requireBest().step()).isLessThanOrEqualTo(latest.step()).isGreaterThanOrEqualTo(done ? 2 : 1);
        }
        assertThat(interruptions).isGreaterThan(20);
    }

    private static void publishBestWithAverages(CheckpointStore store, long step) {
        store.publish(step, parameters(step), moments(step), parameters(-step), position(step));
        store.publishBest(step);
    }

    @Test
    void whereverReplacingADamagedCheckpointStopsTheOneBeforeItIsRead() throws IOException {
        int interruptions = 0;
        for (boolean done = false; !done; interruptions++) {
            CheckpointStore store = store(interruptions);
            publish(store, 1);
            publish(store, 2);
            Files.write(folder.resolve(interruptions + "/checkpoints/step-00000002/moments.safetensors"), new byte[1]);

            done = survives(interruptions, () -> publish(store, 2));

            Checkpoint latest = store.latestWhole(warning -> { }).orElseThrow();
            assertHolds(latest, done ? 2 : latest.step());
            assertHolds(publish(store, 2), 2);
        }
        assertThat(interruptions).isGreaterThan(20);
    }

    @Test
    void whereverPruningStopsWhatIsLeftIsWhole() throws IOException {
        int interruptions = 0;
        for (boolean done = false; !done; interruptions++) {
            CheckpointStore store = store(interruptions);
            for (int step = 1; step <= 4; step++) {
                publish(store, step);
            }

            done = survives(interruptions, () -> store.prune(1));

            for (long step : store.steps()) {
                List<String> warnings = new ArrayList<>();
                assertHolds(store.latestWhole(warnings::add).orElseThrow(), 4);
                assertThat(Files.exists(folder.resolve(String.format("%d/checkpoints/step-%08d/manifest.json", interruptions, step)))).isTrue();
                assertThat(warnings).isEmpty();
            }
        }
        assertThat(interruptions).isGreaterThan(3);
    }

    @Test
    void aFileIsTheOldOneOrTheNewOneWhereverReplacingItStops() throws IOException {
        Path file = folder.resolve("report.html");
        org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path("fragile://" + file);
        Publishing.write(configuration, path, "old".getBytes(StandardCharsets.UTF_8));
        for (int changes = 0; Files.readString(file).equals("old"); changes++) {
            assertThat(changes).isLessThan(MORE_CHANGES_THAN_NEEDED);
            FragileFileSystem.failAfter(changes);
            try {
                Publishing.write(configuration, path, "the new one".getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                assertThat(e).hasMessage("the plug was pulled");
                assertThat(Files.readString(file)).isEqualTo("old");
            }
        }
        assertThat(Files.readString(file)).isEqualTo("the new one");
        FragileFileSystem.repair();
        Removal.removeStale(configuration, path.getParent());
        assertThat(names(folder)).containsExactly("report.html");
    }

    /** @return whether the work got through before the plug was pulled */
    private static boolean survives(int changes, Runnable work) {
        if (changes > MORE_CHANGES_THAN_NEEDED) {
            fail("the work never gets through");
        }
        FragileFileSystem.failAfter(changes);
        try {
            work.run();
            return true;
        } catch (JobFailedException e) {
            assertThat(e).hasMessageStartingWith("Cannot ").hasMessageEndingWith(": the plug was pulled");
            return false;
        } finally {
            FragileFileSystem.repair();
        }
    }

    private CheckpointStore store(int attempt) {
        return new CheckpointStore(new RunDirectory(configuration, new org.apache.hadoop.fs.Path("fragile://" + folder.resolve("" + attempt))));
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
