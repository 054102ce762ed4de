package io.ugatit.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.checkpoint.CheckpointStore;
import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.golden.GoldenWeights;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.model.Network;
import io.ugatit.model.NetworkOptions;
import io.ugatit.model.UgatitGraph;
import io.ugatit.weights.WeightsFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The checkpoints are PyTorch's own, made by the script beside them. */
class TorchImportTest {
    private static final NetworkOptions LIGHT = new NetworkOptions(16, 1, 1, true, false, 3, 3);

    private final Configuration configuration = new Configuration();
    @TempDir
    private Path folder;

    private Path checkpoint(String name) throws IOException {
        Path file = folder.resolve(name);
        try (InputStream in = TorchImportTest.class.getResourceAsStream("/torch/" + name)) {
            Files.copy(in, file);
        }
        return file;
    }

    private ImportResult importFrom(Path weights, Integer size) {
        return new ImportJob(configuration, new ImportOptions(weights.toString(), folder.resolve("run").toString(), size)).run();
    }

    /** The script's formula. */
    private static void assertAsWritten(String name, INDArray values) {
        float[] read = values.dup('c').data().asFloat();
        float[] written = new float[read.length];
        for (int k = 0; k < written.length; k++) {
            written[k] = ((37 * k + 11 * name.length()) % 97 - 48) / 64f;
        }
        assertThat(read).as(name).isEqualTo(written);
    }

    @ParameterizedTest
    @ValueSource(strings = {"light", "full", "parallel", "half", "bfloat16", "double", "strided", "optimizer"})
    void aCheckpointOfPyTorchBecomesARunOfTheSameNumbers(String name) throws Exception {
        ImportResult result = importFrom(checkpoint(name + ".pt"), name.equals("full") ? null : 16);

        assertThat(result.network()).isEqualTo(name.equals("full") ? new NetworkOptions(16, 1, 1, false, true, 3, 3) : LIGHT);
        assertThat(result.leftOut()).isEqualTo(name.equals("optimizer") ? Set.of("G_optim") : Set.of());
        RunDirectory run = new RunDirectory(configuration, new org.apache.hadoop.fs.Path(result.run()));
        UgatitGraph graph = UgatitGraph.create(result.network(), 1);
        new CheckpointStore(run).latestWhole(warning -> assertThat(warning).isNull()).orElseThrow()
                .readInto(graph.namedParameters(), Map.of());
        assertThat(graph.namedParameters()).hasSize(128);
        graph.namedParameters().forEach(TorchImportTest::assertAsWritten);
    }

    @Test
    void aGeneratorWithoutItsNameServesEitherDirection() throws Exception {
        org.apache.hadoop.fs.Path file = new org.apache.hadoop.fs.Path(checkpoint("generator.pt").toString());
        try (WeightsFile weights = WeightsFile.open(configuration, file)) {
            for (Network generator : new Network[] {Network.GEN_A2B, Network.GEN_B2A}) {
                assertThat(weights.generator(generator, 16)).isEqualTo(LIGHT);
                INDArray linear = Nd4j.zeros(DataType.FLOAT, 4, 4);
                weights.read(Map.of(generator.key() + ".FC.2.weight", linear));
                assertAsWritten("genB2A.FC.2.weight", linear);
            }
        }
    }

    @Test
    void aFileIsReadAsWhatItIsWhateverItsName() throws Exception {
        Path renamed = Files.move(checkpoint("light.pt"), folder.resolve("weights.safetensors"));
        assertThat(importFrom(renamed, 16).network()).isEqualTo(LIGHT);
    }

    @Test
    void aSafetensorsFileIsReadAsOneWhateverItsName() throws Exception {
        Path file = Path.of(GoldenWeights.write(folder.resolve("model.pt"), GoldenWeights.tensors("light")));
        assertThat(importFrom(file, 64).network().ch()).isEqualTo(4);
    }

    /** Lengths whose bytes are how a zip archive and pickles begin. */
    @ParameterizedTest
    @ValueSource(ints = {0x4b50, 0x0180, 0x0280, 0x0580})
    void aSafetensorsFileIsReadAsOneWhateverTheLengthOfItsHeader(int length) throws Exception {
        String header = "{\"genA2B.FC.2.weight\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}";
        ByteBuffer bytes = ByteBuffer.allocate(8 + length + 4).order(ByteOrder.LITTLE_ENDIAN).putLong(length)
                .put((header + " ".repeat(length - header.length())).getBytes(StandardCharsets.UTF_8)).putFloat(2.5f);
        Path file = Files.write(folder.resolve("weights.safetensors"), bytes.array());
        try (WeightsFile weights = WeightsFile.open(configuration, new org.apache.hadoop.fs.Path(file.toString()))) {
            INDArray value = Nd4j.zeros(DataType.FLOAT, 1);
            weights.read(Map.of("genA2B.FC.2.weight", value));
            assertThat(value.getFloat(0)).isEqualTo(2.5f);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            generator.pt | holds one generator without its name; translate takes it as --weights, import needs all six networks, with keys such as genA2B.DownBlock.1.weight
            cyclegan.pt  | is of another network than U-GAT-IT's, with keys such as "model.1.weight", "model.1.bias", "model.2.weight", as CycleGAN's generators have; expected NETWORK.KEY, such as genA2B.DownBlock.1.weight, of the networks genA2B, genB2A, disGA, disGB, disLA, disLB
            legacy.pt    | is of PyTorch's format before 1.6, which is not read; save it anew with python3 -c "import torch; torch.save(torch.load('legacy.pt', map_location='cpu'), 'new.pt')"
            module.pt    | the pickle needs Python's "torch.nn.modules.module.Module", and only tensors in dictionaries are read: save state_dict()s alone, of PyTorch's own tensors
            program.pt   | is a program that torch.jit.save wrote; save the networks' state_dict() with torch.save
            """)
    void whatHoldsNoSixNetworksIsNamedAndNothingIsWritten(String name, String message) throws Exception {
        Path file = checkpoint(name);
        assertThatThrownBy(() -> importFrom(file, 16)).isInstanceOf(InvalidRequestException.class).hasMessage("file:" + file + ": " + message);
        assertThat(folder.resolve("run")).doesNotExist();
    }

    @Test
    void aFileThatWasCutShortIsNamed() throws Exception {
        byte[] whole = Files.readAllBytes(checkpoint("light.pt"));
        Path cut = Files.write(folder.resolve("cut.pt"), Arrays.copyOf(whole, whole.length - 100));
        assertThatThrownBy(() -> importFrom(cut, 16)).isInstanceOf(InvalidRequestException.class)
                .hasMessage("file:" + cut + ": is no whole file of PyTorch: its end is missing, as after a download that was cut short");
        assertThat(folder.resolve("run")).doesNotExist();
    }

    @Test
    void aFileOfPyTorchsNameThatIsNoneIsNamed() throws Exception {
        Path page = Files.writeString(folder.resolve("model.pt"), "<html>404</html>");
        assertThatThrownBy(() -> importFrom(page, 16)).isInstanceOf(InvalidRequestException.class)
                .hasMessage("file:" + page + ": is no file of PyTorch: it does not begin as a zip archive does");
    }
}
