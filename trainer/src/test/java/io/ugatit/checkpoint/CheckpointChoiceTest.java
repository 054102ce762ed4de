package io.ugatit.checkpoint;

import static io.ugatit.checkpoint.CheckpointFixture.assertHolds;
import static io.ugatit.checkpoint.CheckpointFixture.moments;
import static io.ugatit.checkpoint.CheckpointFixture.parameters;
import static io.ugatit.checkpoint.CheckpointFixture.position;
import static io.ugatit.checkpoint.CheckpointFixture.publish;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ugatit.job.InvalidRequestException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The newest checkpoint, the best one, that of a step; with averages of the generators and without. */
class CheckpointChoiceTest {
    @TempDir
    private Path run;
    private CheckpointStore store;
    private final List<String> warnings = new ArrayList<>();

    @BeforeEach
    void openStore() {
        store = new CheckpointStore(new RunDirectory(new Configuration(), new org.apache.hadoop.fs.Path("file:" + run)));
    }

    private Checkpoint find(String choice) {
        return new CheckpointChoice(choice, false).find(store, warnings::add);
    }

    private void assertRefused(String choice, String message) {
        assertThatThrownBy(() -> find(choice)).isInstanceOf(InvalidRequestException.class)
                .hasMessage(message.replace("RUN", "file:" + run));
    }

    @Test
    void latestIsTheNewestWholeOneAndANumberThatOfTheStep() throws Exception {
        publish(store, 10);
        publish(store, 20);
        publish(store, 30);
        Files.delete(run.resolve("checkpoints/step-00000030/moments.safetensors"));
        assertHolds(find("latest"), 20);
        assertThat(warnings).singleElement().asString().contains("step-00000030 is damaged and skipped");
        assertHolds(find("10"), 10);
        assertRefused("11", "--checkpoint is 11: RUN has those of steps 10, 20, 30");
        assertThat(new CheckpointChoice(null, false)).isEqualTo(CheckpointChoice.NEWEST);
    }

    @Test
    void bestIsTheOneThatTheRunsFileNames() throws Exception {
        publish(store, 10);
        publish(store, 20);
        assertRefused("best", "--checkpoint is best: RUN has none yet: train it with --evaluate-every ROUNDS, which finds it, or take latest"
                + " or a step");
        store.publishBest(10);
        assertThat(run.resolve("BEST")).hasContent("step-00000010\n");
        assertHolds(find("best"), 10);
        Files.delete(run.resolve("checkpoints/step-00000010/parameters.safetensors"));
        assertThatThrownBy(() -> find("best")).isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("--checkpoint is best, which is that of step 10 by file:" + run + "/BEST: file:" + run
                        + "/checkpoints/step-00000010 is damaged: ").hasMessageEndingWith("; take another, or latest for the newest that is whole");
        store.publishBest(15);
        assertRefused("best", "--checkpoint is best, which is that of step 15 by RUN/BEST: RUN has those of steps 10, 20");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "step-20", "../../etc/passwd", "step-00000020\nstep-00000010"})
    void aFileThatNamesNoCheckpointIsRefused(String content) throws Exception {
        publish(store, 20);
        Files.writeString(run.resolve("BEST"), content);
        String message = "RUN/BEST does not name a checkpoint: it must hold a line such as step-00001000; delete it if you do not know which";
        assertRefused("best", message);
        publish(store, 30);
        assertThatThrownBy(() -> store.prune(1)).isInstanceOf(InvalidRequestException.class).hasMessage(message.replace("RUN", "file:" + run));
        assertThat(store.steps()).containsExactly(20L, 30L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "newest", "BEST", "-1", "1.5", "9999999999999999999"})
    void anythingElseIsRefused(String value) {
        assertThatThrownBy(() -> new CheckpointChoice(value, false)).isInstanceOf(InvalidRequestException.class)
                .hasMessage("--checkpoint is " + value + ": must be latest, best or a step");
    }

    @Test
    void theBestIsNeverPruned() {
        for (int step = 10; step <= 50; step += 10) {
            publish(store, step);
        }
        store.publishBest(20);
        assertThat(store.prune(2)).containsExactly(30L, 10L);
        assertThat(store.steps()).containsExactly(20L, 40L, 50L);
        store.publishBest(50);
        assertThat(store.prune(2)).containsExactly(20L);
    }

    @Test
    void averagesAreTakenUnlessTheyAreNotWanted() throws Exception {
        Map<String, INDArray> averages = parameters(7);
        Checkpoint checkpoint = store.publish(10, parameters(10), moments(10), averages, position(10));
        assertHolds(checkpoint, 10);
        assertThat(checkpoint.hasAverages()).isTrue();
        Map<String, INDArray> read = parameters(0);
        checkpoint.readAverages(read);
        assertThat(read).isEqualTo(averages);
        assertThat(CheckpointChoice.NEWEST.generators(checkpoint).getName()).isEqualTo("ema.safetensors");
        assertThat(new CheckpointChoice("10", true).generators(checkpoint).getName()).isEqualTo("parameters.safetensors");
        Checkpoint without = publish(store, 20);
        assertThat(CheckpointChoice.NEWEST.generators(without)).isEqualTo(without.allParameters()).isEqualTo(without.parameters());
    }

    /** Earlier versions know no averages: they name the format and do not take the checkpoint for a damaged one. */
    @Test
    void onlyACheckpointWithAveragesIsOfTheSecondFormat() throws Exception {
        store.publish(10, parameters(10), moments(10), parameters(7), position(10));
        publish(store, 20);
        assertThat(manifest(10).get("format").asInt()).isEqualTo(2);
        assertThat(manifest(20).get("format").asInt()).isEqualTo(1);
        assertThat(manifest(10).get("files").has("ema.safetensors")).isTrue();
    }

    private JsonNode manifest(int step) throws Exception {
        return new ObjectMapper().readTree(run.resolve("checkpoints/step-000000" + step + "/manifest.json").toFile());
    }

    @Test
    void aDamagedAverageMakesADamagedCheckpoint() throws Exception {
        publish(store, 10);
        store.publish(20, parameters(20), moments(20), parameters(7), position(20));
        Path file = run.resolve("checkpoints/step-00000020/ema.safetensors");
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1] ^= 1;
        Files.write(file, bytes);
        assertHolds(find("latest"), 10);
        assertThat(warnings).singleElement().asString().endsWith("is damaged and skipped: ema.safetensors does not match its sha256");
        Files.delete(file);
        assertThatThrownBy(() -> find("20")).isInstanceOf(InvalidRequestException.class).hasMessageContaining("is damaged: a file is missing: ");
    }
}
