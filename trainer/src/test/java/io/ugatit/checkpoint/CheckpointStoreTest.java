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
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import io.ugatit.safetensors.SafetensorsFile;
import io.ugatit.storage.Faults;
import io.ugatit.storage.FaultyDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class CheckpointStoreTest {
    @TempDir
    private Path run;
    private CheckpointStore store;
    private final List<String> warnings = new ArrayList<>();

    @BeforeEach
    void openStore() {
        store = new CheckpointStore(new RunDirectory(new Configuration(), new org.apache.hadoop.fs.Path(run.toUri())));
    }

    @Test
    void aRunWithoutCheckpointsHasNone() {
        assertThat(store.latestWhole(warnings::add)).isEmpty();
        assertThat(store.steps()).isEmpty();
        assertThat(store.prune(1)).isEmpty();
        assertThat(warnings).isEmpty();
    }

    @Test
    void whatIsPublishedIsReadBackWithItsPosition() throws IOException {
        publish(store, 12);

        Checkpoint latest = store.latestWhole(warnings::add).orElseThrow();

        assertHolds(latest, 12);
        assertThat(latest.position().get("ratio").asDouble()).isEqualTo(1.0 / 3);
        assertThat(latest.directory().toString()).endsWith("/checkpoints/step-00000012");
        assertThat(Files.readString(run.resolve("LATEST"))).isEqualTo("step-00000012\n");
        assertThat(names(run.resolve("checkpoints/step-00000012")))
                .containsExactly("manifest.json", "moments.safetensors", "parameters.safetensors");
        assertThat(warnings).isEmpty();
    }

    @Test
    void theManifestHoldsLengthAndSha256OfEveryFile() throws Exception {
        publish(store, 1);

        JsonNode manifest = new ObjectMapper().readTree(file(1, "manifest.json").toFile());

        assertThat(manifest.get("format").asInt()).isEqualTo(1);
        assertThat(manifest.get("step").asInt()).isEqualTo(1);
        for (String name : List.of("moments.safetensors", "parameters.safetensors")) {
            byte[] bytes = Files.readAllBytes(file(1, name));
            assertThat(manifest.at("/files/" + name + "/length").asLong()).isEqualTo(bytes.length);
            assertThat(manifest.at("/files/" + name + "/sha256").asText())
                    .isEqualTo(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"parameters.safetensors", "moments.safetensors", "manifest.json"})
    void aCheckpointWithOneFlippedBitIsNamedSkippedAndTheOneBeforeItUsed(String name) throws IOException {
        publish(store, 1);
        publish(store, 2);
        byte[] bytes = Files.readAllBytes(file(2, name));
        bytes[bytes.length - 20] ^= 4;
        Files.write(file(2, name), bytes);

        assertHolds(store.latestWhole(warnings::add).orElseThrow(), 1);

        assertThat(warnings).singleElement().asString()
                .startsWith("The checkpoint file:" + run + "/checkpoints/step-00000002 is damaged and skipped: " + name)
                .doesNotContain("\n");
    }

    @Test
    void aFlippedDigitInThePositionIsNoticed() throws IOException {
        publish(store, 2);
        Path manifest = file(2, "manifest.json");
        Files.writeString(manifest, Files.readString(manifest).replace("\"round\" : 1", "\"round\" : 3"));

        assertThat(store.latestWhole(warnings::add)).isEmpty();
        assertThat(warnings).singleElement().asString().endsWith("damaged and skipped: manifest.json does not match its own sha256");
    }

    @Test
    void truncatedMissingAndForeignCheckpointsAreNamedAndSkipped() throws IOException {
        for (int step = 1; step <= 5; step++) {
            publish(store, step);
        }
        Files.write(file(2, "moments.safetensors"), new byte[10]);
        Files.delete(file(3, "parameters.safetensors"));
        Files.delete(file(4, "manifest.json"));
        Files.move(run.resolve("checkpoints/step-00000005"), run.resolve("checkpoints/step-00000009"));
        Files.createFile(run.resolve("checkpoints/step-00000010"));

        assertHolds(store.latestWhole(warnings::add).orElseThrow(), 1);

        assertThat(warnings).hasSize(6);
        assertThat(warnings.get(0)).endsWith("LATEST names step-00000005, which is not there");
        assertThat(warnings.get(1)).contains("step-00000010 is damaged and skipped: ");
        assertThat(warnings.get(2)).endsWith("step-00000009 is damaged and skipped: manifest.json is that of step 5");
        assertThat(warnings.get(3)).contains("step-00000004 is damaged and skipped: a file is missing").contains("manifest.json");
        assertThat(warnings.get(4)).contains("step-00000003 is damaged and skipped: a file is missing").contains("parameters.safetensors");
        assertThat(warnings.get(5)).contains("step-00000002 is damaged and skipped: moments.safetensors is 10 bytes long, published were ");
    }

    @Test
    void aWholeCheckpointThatIsNewerThanLatestIsUsed() throws IOException {
        publish(store, 1);
        publish(store, 2);
        Files.writeString(run.resolve("LATEST"), "step-00000001\n");

        assertHolds(store.latestWhole(warnings::add).orElseThrow(), 2);
        assertThat(warnings).isEmpty();
    }

    @Test
    void publishingAStepAgainKeepsTheWholeOneAndMendsLatest() throws IOException {
        publish(store, 1);
        publish(store, 2);
        Files.delete(run.resolve("LATEST"));
        Object before = Files.getLastModifiedTime(file(2, "manifest.json"));

        publish(store, 2);

        assertThat(Files.getLastModifiedTime(file(2, "manifest.json"))).isEqualTo(before);
        assertThat(Files.readString(run.resolve("LATEST"))).isEqualTo("step-00000002\n");
    }

    @Test
    void publishingAStepAgainReplacesADamagedOne() throws IOException {
        publish(store, 2);
        Files.write(file(2, "moments.safetensors"), new byte[10]);

        assertHolds(publish(store, 2), 2);

        assertThat(names(run.resolve("checkpoints"))).containsExactly("step-00000002");
    }

    @Test
    void publishingRemovesWhatAKilledWriterLeft() throws IOException {
        Path left = run.resolve("checkpoints/.tmp-step-00000001-00000000-0000-0000-0000-000000000001");
        Files.createDirectories(left);
        Files.write(left.resolve("parameters.safetensors"), new byte[3]);

        publish(store, 2);

        assertThat(names(run.resolve("checkpoints"))).containsExactly("step-00000002");
    }

    @Test
    void aTensorThatDoesNotFitIsNamedBeforeAnyArrayIsChanged() {
        Checkpoint checkpoint = publish(store, 3);
        Map<String, INDArray> parameters = parameters(0);
        Map<String, INDArray> wrong = Map.of("exp_avg.genA2B.weight", Nd4j.zeros(DataType.FLOAT, 10, 500));

        assertThatThrownBy(() -> checkpoint.readInto(parameters, wrong))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage(checkpoint.directory()
                        + "/moments.safetensors: tensor \"exp_avg.genA2B.weight\" has shape [500, 10], expected [10, 500]");
        assertThat(parameters).isEqualTo(parameters(0));
    }

    @Test
    void aCheckpointWithoutMomentsIsReadAsSuch() throws IOException {
        Checkpoint checkpoint = store.publish(0, parameters(7), Map.of(), position(0));

        try (SafetensorsFile moments = checkpoint.openMoments()) {
            assertThat(moments.tensors()).isEmpty();
        }
        Map<String, INDArray> read = parameters(0);
        checkpoint.readInto(read, Map.of());
        assertThat(read).isEqualTo(parameters(7));
        assertThatThrownBy(() -> checkpoint.readInto(read, moments(0))).hasMessageContaining("exp_avg.genA2B.weight\" is missing");
    }

    @Test
    void pruningKeepsTheNewestOnes() {
        for (int step = 1; step <= 5; step++) {
            publish(store, step);
        }

        assertThat(store.prune(5)).isEmpty();
        assertThat(store.prune(2)).containsExactly(3L, 2L, 1L);
        assertThat(store.steps()).containsExactly(4L, 5L);
        assertThat(store.prune(1)).containsExactly(4L);
        assertHolds(store.latestWhole(warnings::add).orElseThrow(), 5);
    }

    @Test
    void pruningNeverCountsOnADamagedCheckpoint() throws IOException {
        for (int step = 1; step <= 5; step++) {
            publish(store, step);
        }
        byte[] bytes = Files.readAllBytes(file(5, "parameters.safetensors"));
        bytes[bytes.length - 1] ^= 1;
        Files.write(file(5, "parameters.safetensors"), bytes);
        Files.write(file(3, "parameters.safetensors"), new byte[1]);

        assertThat(store.prune(2)).containsExactly(3L, 1L);

        assertThat(store.steps()).containsExactly(2L, 4L, 5L);
        assertHolds(store.latestWhole(warnings::add).orElseThrow(), 4);
    }

    /** Skipped as damaged, it would be lost to the version that published it. */
    @Test
    void aCheckpointOfAnotherFormatIsRefusedAndNotSkipped() throws Exception {
        publish(store, 1);
        publish(store, 2);
        ObjectMapper json = new ObjectMapper();
        ObjectNode manifest = (ObjectNode) json.readTree(file(2, "manifest.json").toFile());
        manifest.put("format", 2).remove("sha256");
        manifest.put("sha256", HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(json.writeValueAsBytes(manifest))));
        json.writeValue(file(2, "manifest.json").toFile(), manifest);

        assertThatThrownBy(() -> store.latestWhole(line -> { })).isInstanceOf(InvalidRequestException.class)
                .hasMessage("file:" + file(2, "manifest.json")
                        + " has format 2, this program reads 1: use the version that made the run, or give another --run");
    }

    @Test
    void nothingIsPrunedWhenNothingIsWhole() throws IOException {
        for (int step = 1; step <= 3; step++) {
            publish(store, step);
            Files.write(file(step, "parameters.safetensors"), new byte[1]);
        }

        assertThat(store.prune(1)).isEmpty();
        assertThat(store.steps()).containsExactly(1L, 2L, 3L);
    }

    @Test
    void aRunFolderThatIsAFileFailsTheJobInOneLine() throws IOException {
        Files.createFile(run.resolve("checkpoints"));

        assertThatThrownBy(() -> publish(store, 1)).isInstanceOf(JobFailedException.class)
                .hasMessageStartingWith("Cannot publish the checkpoint file:" + run + "/checkpoints/step-00000001: ")
                .hasMessageNotContaining("\n");
    }

    private CheckpointStore faulty() {
        Configuration configuration = new Configuration();
        FaultyDisk.register(configuration);
        return new CheckpointStore(new RunDirectory(configuration, new org.apache.hadoop.fs.Path("faulty:" + run)));
    }

    @Test
    void anErrorThatPassesIsNoDamage() {
        publish(store, 1);
        publish(store, 2);
        int operation = 0;
        do {
            Faults.after(operation++, Faults.Kind.ERROR, true);
            try {
                assertThat(faulty().latestWhole(line -> { }).orElseThrow().step()).isEqualTo(2);
            } catch (JobFailedException e) {
                assertThat(e).hasMessageStartingWith("Cannot list ").hasMessageEndingWith("injected");
            } finally {
                Faults.end();
            }
        } while (Faults.happened());
        assertThat(operation).isGreaterThan(5);
    }

    @Test
    void aFileSystemThatFailsIsNotTakenForARunWithoutCheckpoints() {
        publish(store, 1);
        for (int operation = 0; operation < 5; operation++) {
            Faults.after(operation, Faults.Kind.KILL, true);
            try {
                assertThatThrownBy(() -> faulty().requireWhole(line -> { })).isInstanceOf(JobFailedException.class)
                        .hasMessageStartingWith("Cannot ").hasMessageEndingWith("killed").hasMessageNotContaining("\n");
            } finally {
                Faults.end();
            }
        }
    }

    @Test
    void theNewestCheckpointIsNamedUnlessItIs() throws IOException {
        publish(store, 1);
        Files.writeString(run.resolve("LATEST"), "step-00000000\n");
        store.nameLatest(1);
        assertThat(run.resolve("LATEST")).hasContent("step-00000001\n");
        Files.delete(run.resolve("LATEST"));
        store.nameLatest(1);
        assertThat(run.resolve("LATEST")).hasContent("step-00000001\n");
    }

    @Test
    void aLatestThatIsTooLongToBeANameIsReplaced() throws IOException {
        publish(store, 1);
        Files.writeString(run.resolve("LATEST"), "x".repeat(1000));
        store.latestWhole(warnings::add);
        assertThat(warnings).containsExactly("file:" + run.resolve("LATEST") + " does not name a checkpoint");
        store.nameLatest(1);
        assertThat(run.resolve("LATEST")).hasContent("step-00000001\n");
    }

    @Test
    void aBestThatIsTooLongToBeANameIsRefused() throws IOException {
        publish(store, 1);
        Files.writeString(run.resolve("BEST"), "x".repeat(1000));
        assertThatThrownBy(store::best).isInstanceOf(InvalidRequestException.class).hasMessage("file:" + run.resolve("BEST")
                + " does not name a checkpoint: it must hold a line such as step-00001000; delete it if you do not know which");
    }

    /** Jackson takes what begins with three zeros for UTF-32. */
    @Test
    void aManifestThatIsNoTextIsDamaged() throws IOException {
        publish(store, 1);
        publish(store, 2);
        byte[] manifest = Files.readAllBytes(file(2, "manifest.json"));
        System.arraycopy(new byte[] {0, 0, 0, ' '}, 0, manifest, 0, 4);
        Files.write(file(2, "manifest.json"), manifest);

        assertHolds(store.latestWhole(warnings::add).orElseThrow(), 1);
        assertThat(warnings).singleElement().asString().endsWith("step-00000002 is damaged and skipped: manifest.json is not valid JSON");
    }

    private Path file(long step, String name) {
        return run.resolve(String.format("checkpoints/step-%08d/%s", step, name));
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
