package io.ugatit.checkpoint;

import static io.ugatit.checkpoint.CheckpointFixture.assertHolds;
import static org.assertj.core.api.Assertions.assertThat;

import io.ugatit.process.JavaProcess;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A JVM of its own publishes and prunes without a pause and is killed (SIGKILL) at moments of chance. */
@Tag("slow")
class KilledWriterTest {
    private static final int KILLS = 6;

    @TempDir
    private Path folder;

    @Test
    void whateverIsKilledAndWhenTheNewestCheckpointIsWholeAndNoStepIsLost() throws Exception {
        CheckpointStore store = store(folder.resolve("run").toUri().toString());
        Random random = new Random(11);
        long published = -1;
        for (int kill = 0; kill < KILLS; kill++) {
            long start = System.currentTimeMillis();
            File newest = folder.resolve("run/LATEST").toFile();
            try (JavaProcess writer = JavaProcess.start(folder.resolve("output-" + kill), List.of("-Xmx256m"), Writer.class,
                    folder.resolve("run").toUri().toString())) {
                writer.await("a checkpoint is published", () -> newest.lastModified() >= start);
                Thread.sleep(random.nextInt(400)); // whatever it does then
            }

            List<String> warnings = new ArrayList<>();
            Optional<Checkpoint> latest = store.latestWhole(warnings::add);
            assertThat(warnings).isEmpty();
            long named = Long.parseLong(Files.readString(folder.resolve("run/LATEST")).strip().substring("step-".length()));
            assertThat(latest.orElseThrow().step()).isGreaterThan(published).isGreaterThanOrEqualTo(named);
            published = latest.get().step();
            assertHolds(latest.get(), published);
        }
    }

    private static CheckpointStore store(String run) {
        return new CheckpointStore(new RunDirectory(new Configuration(), new org.apache.hadoop.fs.Path(run)));
    }

    /** The process that is killed: goes on after the newest whole checkpoint, as training does. */
    static final class Writer {
        private Writer() {
        }

        public static void main(String[] args) {
            CheckpointStore store = store(args[0]);
            long step = store.latestWhole(System.out::println).map(Checkpoint::step).orElse(-1L);
            while (true) {
                step++;
                CheckpointFixture.publish(store, step);
                store.prune(2);
            }
        }
    }
}
