package io.ugatit.translate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.golden.GoldenWeights;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.Options;
import io.ugatit.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Files of one generator without its name, as {@code --weights}. */
class BareGeneratorTest {
    @TempDir
    private Path folder;
    private Path file;

    @BeforeEach
    void place() {
        file = folder.resolve("generator");
    }

    private void write(Map<String, String> metadata) throws IOException {
        Map<String, INDArray> bare = new LinkedHashMap<>();
        GoldenWeights.tensors("light").forEach((name, tensor) -> {
            if (name.startsWith("genB2A.")) {
                bare.put(name.substring("genB2A.".length()), tensor);
            }
        });
        try (OutputStream out = Files.newOutputStream(file)) {
            SafetensorsWriter.write(out, bare, metadata);
        }
    }

    private List<Pass> passes(String direction, String... inputs) throws IOException {
        List<String> words = new ArrayList<>(List.of("--weights", file.toString(), "--direction", direction, "--output", "out"));
        words.addAll(List.of(inputs));
        return Passes.of(Options.parse(TranslateOptions.class, words.toArray(String[]::new)), new Configuration(), line -> { });
    }

    private void assertBothRefused(String advice) {
        assertThatThrownBy(() -> passes("both", "--input-a", "a", "--input-b", "b")).isInstanceOf(InvalidRequestException.class)
                .hasMessage("--direction is both: file:" + file + " holds one generator; give " + advice);
    }

    @Test
    void aFileThatSaysWhichItHoldsTranslatesInThatDirectionOnly() throws Exception {
        write(Map.of("network", "genB2A"));
        assertThat(passes("b2a", "--input", "in")).hasSize(1);
        assertThatThrownBy(() -> passes("a2b", "--input", "in")).isInstanceOf(InvalidRequestException.class)
                .hasMessage("--direction is a2b: file:" + file + " holds genB2A alone, which translates b2a");
        assertBothRefused("b2a");
    }

    @Test
    void aFileThatDoesNotSayItTranslatesInEitherDirectionButNotInBoth() throws Exception {
        for (String network : List.of("", "resnet", "disGA")) {
            write(Map.of("network", network));
            assertThat(passes("a2b", "--input", "in")).hasSize(1);
            assertThat(passes("b2a", "--input", "in")).hasSize(1);
            assertBothRefused("a2b or b2a, the way it translates");
        }
    }

    @Test
    void aCheckpointOfPyTorchWithoutAGeneratorsNameDoesNotTranslateInBoth() throws Exception {
        try (InputStream in = BareGeneratorTest.class.getResourceAsStream("/torch/generator.pt")) {
            Files.copy(in, file);
        }
        assertThat(passes("a2b", "--input", "in")).hasSize(1);
        assertBothRefused("a2b or b2a, the way it translates");
    }
}
