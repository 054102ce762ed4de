package io.ugatit.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.ugatit.checkpoint.Checkpoint;
import io.ugatit.checkpoint.CheckpointStore;
import io.ugatit.checkpoint.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RemovalTest {
    private final Configuration configuration = FragileFileSystem.configuration();
    @TempDir
    private Path folder;
    private org.apache.hadoop.fs.Path named;

    @BeforeEach
    void name() {
        named = new org.apache.hadoop.fs.Path("fragile:" + folder);
    }

    @AfterEach
    void repair() {
        FragileFileSystem.repair();
    }

    private String unfinished() throws IOException {
        String name = ".tmp-" + UUID.randomUUID();
        Files.writeString(folder.resolve(name), "half");
        return name;
    }

    @Test
    void whatADiskDoesNotDeleteIsNamedAndKeepsNothingElse() throws IOException {
        String stays = unfinished();
        String goes = unfinished();
        FragileFileSystem.refuseToDelete(stays);
        assertThatThrownBy(() -> Removal.removeStale(configuration, named)).isInstanceOf(IOException.class)
                .hasMessage("fragile:" + folder + "/" + stays + ": cannot be deleted");
        assertThat(folder.resolve(stays)).exists();
        assertThat(folder.resolve(goes)).doesNotExist();

        Files.createDirectories(folder.resolve("run/checkpoints"));
        FragileFileSystem.refuseToDelete("\\.tmp-");
        assertThatThrownBy(() -> Removal.remove(configuration, new org.apache.hadoop.fs.Path(named, "run"))).isInstanceOf(IOException.class)
                .hasMessageMatching("fragile:" + folder + "/\\.tmp-\\S+: cannot be deleted");
        assertThat(folder.resolve("run")).as("out of sight").doesNotExist();

        FragileFileSystem.repair();
        Removal.removeStale(configuration, named);
        assertThat(folder).isEmptyDirectory();
        Removal.remove(configuration, new org.apache.hadoop.fs.Path(named, "run"));
    }

    @Tag("slow")
    @Test
    void whatIsLeftBehindEndsNoTrainingThatGoesOn() throws IOException {
        Files.createDirectories(folder.resolve("checkpoints"));
        String stays = unfinished();
        Files.move(folder.resolve(stays), folder.resolve("checkpoints").resolve(stays));
        FragileFileSystem.refuseToDelete("/checkpoints/\\.tmp-");
        RunDirectory run = new RunDirectory(configuration, named);
        run.removeStale();
        CheckpointStore store = new CheckpointStore(run);
        for (long step = 1; step < 4; step++) {
            store.publish(step, Map.of(), Map.of(), JsonNodeFactory.instance.objectNode());
        }
        assertThat(store.prune(1)).containsExactly(2L, 1L);
        assertThat(store.steps()).containsExactly(3L);
        Files.writeString(folder.resolve("checkpoints/step-00000003/manifest.json"), "damaged");
        store.publish(3, Map.of(), Map.of(), JsonNodeFactory.instance.objectNode());
        assertThat(store.latestWhole(line -> { })).map(Checkpoint::step).contains(3L);
        assertThat(folder.resolve("checkpoints").resolve(stays)).exists();
    }
}
