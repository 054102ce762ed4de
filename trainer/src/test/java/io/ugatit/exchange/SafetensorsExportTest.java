package io.ugatit.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.ugatit.checkpoint.CheckpointChoice;
import io.ugatit.checkpoint.CheckpointStore;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.model.Network;
import io.ugatit.model.Pixels;
import io.ugatit.model.UgatitGraph;
import io.ugatit.safetensors.SafetensorsFile;
import io.ugatit.translate.Direction;
import io.ugatit.translate.GeneratorRequest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class SafetensorsExportTest extends ExportFixture {
    private Map<String, float[]> read(Path path) throws Exception {
        return read(path, 12);
    }

    private Map<String, float[]> read(Path path, int step) throws Exception {
        Map<String, float[]> tensors = new TreeMap<>();
        try (SafetensorsFile file = SafetensorsFile.open(configuration, new org.apache.hadoop.fs.Path("file:" + path))) {
            for (String name : file.tensors().keySet()) {
                INDArray tensor = Nd4j.create(DataType.FLOAT, file.tensors().get(name).shape());
                file.read(name, tensor);
                tensors.put(name, Pixels.floats(tensor));
            }
            assertThat(file.metadata()).containsEntry("format", "pt").containsEntry("step", String.valueOf(step)).containsEntry("network.size", "32");
        }
        return tensors;
    }

    @Test
    void allNetworksComeBackByImportWithTheSameBits() throws Exception {
        train(FULL, 12);
        assertThat(exportFile("safetensors")).isEqualTo(new ExportResult(12, List.of(Network.values()), "file:" + output(), null));
        read(output());
        Path imported = folder.resolve("imported");
        new ImportJob(configuration, new ImportOptions(output().toString(), imported.toString(), null)).run();
        assertThat(imported.resolve("checkpoints/step-00000000/parameters.safetensors")).satisfies(file -> assertThat(data(file))
                .isEqualTo(data(runFolder().resolve("checkpoints/step-00000012/parameters.safetensors"))));
    }

    /** What follows a safetensors header. */
    private static byte[] data(Path file) throws Exception {
        byte[] bytes = Files.readAllBytes(file);
        int header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt();
        return Arrays.copyOfRange(bytes, Long.BYTES + header, bytes.length);
    }

    @Test
    void oneGeneratorHasTheBareKeysOfItsModule() throws Exception {
        UgatitGraph graph = train(LIGHT, 12);
        assertThat(exportFile("safetensors", "--direction", "b2a").networks()).containsExactly(Network.GEN_B2A);
        Map<String, float[]> found = read(output());
        Map<String, float[]> expected = new TreeMap<>();
        graph.namedParameters().forEach((name, value) -> {
            if (name.startsWith("genB2A.")) {
                expected.put(name.substring("genB2A.".length()), Pixels.floats(value));
            }
        });
        assertThat(found.keySet()).isEqualTo(expected.keySet()).contains("DownBlock.1.weight", "UpBlock2.8.rho");
        expected.forEach((key, value) -> assertThat(found.get(key)).as(key).isEqualTo(value));
    }

    @Test
    void oneGeneratorTranslatesInItsDirectionOnly() throws Exception {
        train(LIGHT, 12);
        exportFile("safetensors", "--direction", "b2a");
        assertThat(request(Direction.B2A, null).find(configuration, line -> { }).options()).satisfies(found -> {
            assertThat(found.size()).isEqualTo(32);
            assertThat(found.ch()).isEqualTo(LIGHT.ch());
        });
        assertThatThrownBy(() -> request(Direction.A2B, null).find(configuration, line -> { })).isInstanceOf(InvalidRequestException.class)
                .hasMessage("--direction is a2b: file:" + output() + " holds genB2A alone, which translates b2a");
        assertThat(request(Direction.B2A, 64).find(configuration, line -> { }).options().size()).as("a light model's is a choice").isEqualTo(64);
    }

    private GeneratorRequest request(Direction direction, Integer size) {
        return new GeneratorRequest(null, output().toString(), size, direction, CheckpointChoice.NEWEST);
    }

    @Test
    void aLightModelKeepsItsSizeByImport() {
        train(LIGHT, 12);
        exportFile("safetensors");
        String imported = folder.resolve("imported").toString();
        assertThat(new ImportJob(configuration, new ImportOptions(output().toString(), imported, null)).run().network()).isEqualTo(LIGHT);
    }

    @Test
    void theNewestCheckpointIsTakenUnlessAStepIsAskedFor() throws Exception {
        UgatitGraph old = train(LIGHT, 12);
        publish(graph(LIGHT, 13), 40);
        assertThat(exportFile("safetensors").step()).isEqualTo(40);
        Files.delete(output());
        assertThat(exportFile("safetensors", "--checkpoint", "12").step()).isEqualTo(12);
        assertThat(read(output()).get("disLB.conv.weight_v")).isEqualTo(Pixels.floats(old.namedParameters().get("disLB.conv.weight_v")));
    }

    @Test
    void theBestCheckpointIsTakenIfAskedFor() {
        UgatitGraph graph = train(LIGHT, 12);
        publish(graph, 40);
        new CheckpointStore(run()).publishBest(12);
        assertThat(exportFile("safetensors", "--checkpoint", "best").step()).isEqualTo(12);
    }

    @Test
    void generatorsAreTheAveragesIfThereAreAnyAndDiscriminatorsAreAsTrained() throws Exception {
        UgatitGraph graph = train(LIGHT, 12);
        UgatitGraph other = graph(LIGHT, 13);
        Map<String, INDArray> averages = new TreeMap<>(other.namedParameters());
        averages.keySet().removeIf(name -> !name.startsWith("gen"));
        new CheckpointStore(run()).publish(40, graph.namedParameters(), Map.of(), averages, JsonNodeFactory.instance.objectNode());
        exportFile("safetensors");
        Map<String, float[]> averaged = read(output(), 40);
        assertThat(averaged.get("genB2A.conv1x1.bias")).isEqualTo(Pixels.floats(other.namedParameters().get("genB2A.conv1x1.bias")));
        assertThat(averaged.get("disLB.conv.weight_v")).isEqualTo(Pixels.floats(graph.namedParameters().get("disLB.conv.weight_v")));
        Files.delete(output());
        exportFile("dl4j", "--direction", "a2b");
        assertThat(Pixels.floats(ComputationGraph.load(output().toFile(), false).getLayer("genA2B").getParam("conv1x1.weight")))
                .isEqualTo(Pixels.floats(other.namedParameters().get("genA2B.conv1x1.weight")));
        Files.delete(output());
        exportFile("safetensors", "--no-ema");
        Map<String, float[]> plain = read(output(), 40);
        graph.namedParameters().forEach((name, value) -> assertThat(plain.get(name)).as(name).isEqualTo(Pixels.floats(value)));
    }

    @Test
    void aDamagedCheckpointIsSkippedAndNamed() throws Exception {
        train(LIGHT, 12);
        publish(graph(LIGHT, 13), 40);
        Path damaged = runFolder().resolve("checkpoints/step-00000040/parameters.safetensors");
        byte[] bytes = Files.readAllBytes(damaged);
        bytes[bytes.length - 1] ^= 1;
        Files.write(damaged, bytes);
        assertRefused("--checkpoint is 40: file:" + damaged.getParent() + " is damaged: parameters.safetensors does not match its sha256; take"
                + " another, or latest for the newest that is whole", "--output", output().toString(), "--format", "onnx", "--checkpoint", "40");
        assertThat(exportFile("safetensors").step()).isEqualTo(12);
        assertThat(printed.toString()).contains("step-00000040 is damaged and skipped");
    }
}
